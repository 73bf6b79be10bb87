import type { Pool } from 'pg';
import { rangesOf } from './leaves.js';
import { hashBytes, rootOf } from './merkle.js';
import { factsIn } from './tables.sql.js';

/** A fact by its number, and what its row says of itself now; nothing where the row is gone. */
export type SealedFact = { readonly seq: number; readonly seal?: number; readonly id?: string; readonly type?: string; readonly recordedtime?: string };

export type Change = ({ readonly kind: 'fact-edited' | 'fact-missing' } & SealedFact) | { readonly kind: 'seal-edited'; readonly seal: number };

/** Which facts of a seal are not what was sealed; where the hashes kept with it were changed as well, only that the seal was. */
export const changesIn = async (pool: Pool, seal: number): Promise<Change[]> => {
  const { rows: [sealed] } = await pool.query<{ seqs: string; root: Buffer; leaves: Buffer }>('select seqs::text as seqs, root, leaves from seals where number = $1', [seal]);
  if (sealed === undefined) throw new Error(`Seal ${seal} went away while it was looked at`);
  const { seqs, root, leaves } = sealed;
  const ranges = rangesOf(seqs);
  const size = ranges.reduce((sum, [from, to]) => sum + to - from, 0);
  if (leaves.length !== size * hashBytes || !rootOf(leaves).equals(root)) return [{ kind: 'seal-edited', seal }];
  const { rows } = await pool.query<{ seq: string; leaf: Buffer; id: string; type: string; recordedtime: Date }>(factsOfSeal, [seqs]);
  const present = new Map(rows.map((row) => [Number(row.seq), row]));
  const numbers = ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, at) => from + at));
  return numbers.flatMap((seq, at): Change[] => {
    const row = present.get(seq);
    if (row === undefined) return [{ kind: 'fact-missing', seq, seal }];
    if (row.leaf.equals(leaves.subarray(at * hashBytes, (at + 1) * hashBytes))) return [];
    return [{ kind: 'fact-edited', seq, seal, id: row.id, type: row.type, recordedtime: row.recordedtime.toISOString() }];
  });
};

const factsOfSeal = `
  select l.seq, l.leaf, f.id, f.type, f.recordedtime from ${factsIn('$1::int8multirange')} l join facts f using (seq) where f.seq <@ $1::int8multirange`;
