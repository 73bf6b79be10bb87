import type { Pool } from 'pg';
import { hashBytes } from './merkle.js';
import { factsIn } from './tables.sql.js';

/** A fact by its number, and what its row says of itself now; nothing where the row is gone. */
export type Change = { readonly seq: number; readonly seal?: number; readonly id?: string; readonly type?: string; readonly recordedtime?: string };

type Sealed = { readonly number: string; readonly seqs: string; readonly leaves: Buffer };

/** Which facts of one seal are not what was sealed. */
export const changesIn = async (pool: Pool, { number, seqs, leaves }: Sealed): Promise<({ kind: 'fact-edited' | 'fact-missing' } & Change)[]> => {
  const { rows } = await pool.query<{ seq: string; leaf: Buffer; id: string; type: string; recordedtime: Date }>(factsOfSeal, [seqs]);
  const present = new Map(rows.map((row) => [Number(row.seq), row]));
  const seal = Number(number);
  return numbersOf(seqs).flatMap((seq, at): ({ kind: 'fact-edited' | 'fact-missing' } & Change)[] => {
    const row = present.get(seq);
    if (row === undefined) return [{ kind: 'fact-missing', seq, seal }];
    if (row.leaf.equals(leaves.subarray(at * hashBytes, (at + 1) * hashBytes))) return [];
    return [{ kind: 'fact-edited', seq, seal, id: row.id, type: row.type, recordedtime: row.recordedtime.toISOString() }];
  });
};

const factsOfSeal = `
  select l.seq, l.leaf, f.id, f.type, f.recordedtime from ${factsIn('$1::int8multirange')} l join facts f using (seq) where f.seq <@ $1::int8multirange`;

/** {[3,5),[9,10)} is 3, 4 and 9. */
const numbersOf = (seqs: string): number[] =>
  [...seqs.matchAll(/\[(\d+),(\d+)\)/g)].flatMap(([, from, to]) => Array.from({ length: Number(to) - Number(from) }, (_, at) => Number(from) + at));
