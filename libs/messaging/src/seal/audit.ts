import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import { changesIn, type SealedFact } from './changes.js';
import { leafReader, rangesOf, type Range } from './leaves.js';
import { hashBytes, rootOf } from './merkle.js';
import { sealOf, type SealRow } from './read.js';
import { hashOf, isSignedBy, noSeal, type Seal } from './seal.js';

/** A seal as somebody outside the database kept it. */
export type Anchor = { readonly service: string; readonly number: number; readonly hash: string };

export type AuditOptions = {
  readonly service: string;
  /** Keys that may have signed, by fingerprint; none: signatures are not looked at, and the finding says so. */
  readonly keys?: ReadonlyMap<string, KeyObject>;
  readonly anchors?: readonly Anchor[];
  /** The last seal of an earlier audit, kept outside: only what was sealed after it is looked at. */
  readonly from?: { readonly number: number; readonly hash: string };
  readonly onProgress?: (facts: number, of: number) => void;
};

export type Finding =
  | ({ readonly kind: 'fact-edited' | 'fact-missing' | 'fact-unsealed' } & SealedFact)
  /** The chain itself: a seal changed, taken out, signed by a stranger, or another one than somebody outside kept. */
  | { readonly kind: 'seal-edited' | 'seal-missing' | 'seal-unsigned' | 'seal-forged' | 'seal-not-anchored'; readonly seal: number };

export type Audit = {
  readonly service: string;
  readonly seals: number;
  /** Facts that stand as they were sealed, of the seals that were looked at. */
  readonly facts: number;
  /** Told or being told, and not sealed yet. */
  readonly waiting: number;
  readonly anchors: number;
  /** The fingerprint of the key whose signature over the last seal was checked, and so over all before it. */
  readonly signedBy?: string;
  readonly last?: { readonly number: number; readonly time: string; readonly hash: string };
  /** At most 1,000; empty means that nothing was changed. */
  readonly findings: readonly Finding[];
};

/** Seals read at once, without the facts they hold. */
const atOnce = 200;
const mostFindings = 1_000;

/**
 * Recomputes every fact's hash, every root and the chain, and finds what was edited, deleted, put in another order or slipped in since it was
 * sealed. The last signature vouches for the whole chain; anchors tell when the chain itself was made anew. Reads only, at any time.
 */
export const audit = async (pool: Pool, { service, keys = new Map(), anchors = [], from = { number: 0, hash: noSeal }, onProgress = () => {} }: AuditOptions): Promise<Audit> => {
  const findings: Finding[] = [];
  const kept = new Map(anchors.filter((anchor) => anchor.service === service && anchor.number > from.number).map(({ number, hash }) => [number, hash]));
  // What is sealed after this moment is left to the next audit.
  const { rows: [sum] } = await pool.query<{ last: string | null; count: string | null; fact: string | null }>('select max(number) as last, sum(count) as count, max(upper(seqs)) - 1 as fact from seals where number > $1', [from.number]);
  const [last, total] = [Number(sum?.last ?? from.number), Number(sum?.count ?? 0)];
  let [previous, expected, facts, head]: [string, number, number, Seal | undefined] = [from.hash, from.number + 1, 0, undefined];
  const leavesOf = leafReader(pool, Number(sum?.fact ?? 0));
  for (let after = from.number; after < last; after += atOnce) {
    const { rows } = await pool.query<SealedRow>(sealed, [after, Math.min(last, after + atOnce)]);
    for (const row of rows) {
      const number = Number(row.number);
      for (; expected < number; expected++) findings.push({ kind: 'seal-missing', seal: expected });
      expected = number + 1;
      head = sealOf(service, row);
      const hash = hashOf(head);
      if (head.previous !== previous || hash !== row.hash.toString('hex')) findings.push({ kind: 'seal-edited', seal: number });
      const anchored = kept.get(number);
      if (anchored !== undefined && anchored !== hash) findings.push({ kind: 'seal-not-anchored', seal: number });
      kept.delete(number);
      previous = row.hash.toString('hex');
      const changes = (await stands(row, leavesOf)) ? [] : await changesIn(pool, number);
      facts += row.count - changes.length;
      findings.push(...changes);
    }
    onProgress(facts, total);
    if (findings.length > mostFindings) break;
  }
  // Somebody outside holds a seal that the chain does not reach: the end was cut off.
  for (const number of kept.keys()) if (number > last) findings.push({ kind: 'seal-missing', seal: number });
  const signedBy = head === undefined ? undefined : signatureOf(head, keys, findings);
  const { waiting, unsealed } = await outside(pool);
  findings.push(...unsealed);
  return {
    service, seals: last - from.number, facts, waiting, anchors: anchors.filter((anchor) => anchor.service === service).length,
    ...(signedBy === undefined ? {} : { signedBy }),
    ...(head === undefined ? {} : { last: { number: head.number, time: head.time, hash: hashOf(head) } }),
    findings: findings.slice(0, mostFindings),
  };
};

const signatureOf = (head: Seal, keys: ReadonlyMap<string, KeyObject>, findings: Finding[]): string | undefined => {
  if (keys.size === 0) return undefined;
  if (head.key === undefined || head.signature === undefined) return void findings.push({ kind: 'seal-unsigned', seal: head.number });
  const key = keys.get(head.key);
  if (key !== undefined && isSignedBy(head, key)) return head.key;
  return void findings.push({ kind: 'seal-forged', seal: head.number });
};

type SealedRow = SealRow & { readonly hash: Buffer; readonly seqs: string };

/** Whether the facts of a seal hash to its root. Ranges that hold more or fewer numbers than were sealed, perhaps without end, are not read. */
const stands = async ({ seqs, count, root }: SealedRow, leavesOf: (ranges: readonly Range[]) => Promise<Buffer>): Promise<boolean> => {
  const ranges = rangesOf(seqs);
  if (ranges.reduce((sum, [from, to]) => sum + to - from, 0) !== count) return false;
  const leaves = await leavesOf(ranges);
  return leaves.length === count * hashBytes && rootOf(leaves).equals(root);
};

const sealed = `
  select number, time, seqs::text as seqs, count, root, previous, hash, key, signature from seals where number > $1 and number <= $2 order by number`;

/** Facts that no seal holds: how many are on their way, and those that nobody ever told. */
const outside = async (pool: Pool): Promise<{ waiting: number; unsealed: Finding[] }> => {
  const { rows: [count] } = await pool.query<{ waiting: string }>('select (select count(*) from unsent) + (select coalesce(sum(size), 0) from sent) as waiting');
  const { rows } = await pool.query<{ seq: string; id: string; type: string; recordedtime: Date }>(slippedIn, [mostFindings]);
  return { waiting: Number(count?.waiting ?? 0), unsealed: rows.map(({ seq, id, type, recordedtime }) => ({ kind: 'fact-unsealed', seq: Number(seq), id, type, recordedtime: recordedtime.toISOString() })) };
};

const slippedIn = `
  with known as (select range_agg(seqs) as seqs from (select seqs from seals union all select seqs from sent) k),
  gaps as (select unnest(int8multirange(int8range(null, null)) - coalesce((select seqs from known), int8multirange())) as gap)
  select f.seq, f.id, f.type, f.recordedtime
  from gaps cross join lateral (
    select seq, id, type, recordedtime from facts where seq >= coalesce(lower(gap), 0) and (upper(gap) is null or seq < upper(gap))
      and not exists (select from unsent u where u.seq = facts.seq) order by seq limit $1) f limit $1`;
