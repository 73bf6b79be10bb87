import type { PoolClient } from 'pg';
import { reasonOf } from '../errors.js';
import { leaseOn } from '../lease.js';
import { startLoop, type Loop } from '../loop.js';
import type { Report } from '../metrics.js';
import type { Settings } from '../settings.js';
import type { Source } from '../source.js';
import { execute } from '../store/statement.js';
import { rootOf } from './merkle.js';
import { hashOf, noSeal, signed, type Seal, type SealKey } from './seal.js';
import { factsIn } from './tables.sql.js';

export type Sealing = {
  readonly key?: SealKey | undefined;
  /** Told of every seal once it is on disk: keeps it where the database's owner cannot change it. */
  readonly anchor?: ((seal: Seal) => void) | undefined;
};

// A seal is made in memory, 32 bytes and a look-up for each fact.
const mostFacts = 20_000;

/**
 * Seals what the relay has sent, a batch a second: Merkle root over the facts, chained to the seal before, signed, told to the anchor. Behind
 * the write path, so nobody waits for it. One per service at a time by a lease; where two think they hold it, the number of the seal is taken
 * once. A crash anywhere leaves the facts in `sent`, and the next turn seals them.
 */
export const startSealer = (source: Source, { key, anchor }: Sealing, settings: Settings, report: Report): Loop => {
  const lease = leaseOn(source, 'seal', settings.leaseMs);
  let made: { readonly number: number; readonly hash: string } | undefined;

  const turn = async (): Promise<number> => {
    if ((await lease.hold()) === undefined) return settings.leaseMs / 4;
    const client = source.pool as unknown as PoolClient;
    const batch = await read(client);
    if (batch === undefined) return settings.sealMs;
    refuseCut(batch, made);
    const { count, leaves } = batch;
    let { seqs } = batch;
    if (count < batch.size) {
      report.log({ level: 'error', message: 'Facts vanished before they were sealed', service: source.service, facts: seqs, missing: batch.size - count });
      seqs = ((await execute(client, presentIn, [seqs])).rows[0] as { seqs: string }).seqs;
    }
    if (leaves === null) return (await execute(client, forget, [batch.places]), 0);
    const seal = signed({ service: source.service, number: batch.number + 1, time: new Date().toISOString(), count, root: rootOf(leaves).toString('hex'), previous: batch.previous }, key);
    await execute(client, keep, [batch.places, seal.number, seal.time, seqs, count, bytes(seal.root), bytes(seal.previous), bytes(hashOf(seal)), seal.key, seal.signature, leaves]);
    made = { number: seal.number, hash: hashOf(seal) };
    anchor?.(seal);
    report.onMetric({ kind: 'sealed', service: source.service, count });
    return batch.more ? 0 : settings.sealMs;
  };

  const loop = startLoop(turn, (error) => report.log({ level: 'warn', message: 'Sealing waits', service: source.service, reason: reasonOf(error) }));
  return { wake: loop.wake, stop: async () => (await loop.stop(), lease.release().catch(() => {})) };
};

/** A chain that ends before what this process sealed was cut, or made anew: to go on with it would hide that. */
const refuseCut = ({ number, previous }: Batch, made: { readonly number: number; readonly hash: string } | undefined): void => {
  if (made === undefined || number > made.number || (number === made.number && previous === made.hash)) return;
  throw new Error(`The chain of seals ends with number ${number}, ${previous.slice(0, 16)}…, but this process made number ${made.number}, ${made.hash.slice(0, 16)}…: somebody changed it. Facts wait for their seal; look with npm run audit, and restart the service to go on from what is there`);
};

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

type Batch = {
  readonly places: readonly string[]; readonly seqs: string; readonly size: number; readonly more: boolean;
  readonly number: number; readonly previous: string;
  /** As they stand now. */
  readonly count: number; readonly leaves: Buffer | null;
};

const read = async (client: PoolClient): Promise<Batch | undefined> => {
  const [sent] = (await execute(client, next, [mostFacts])).rows as { places: string[] | null; seqs: string; size: number; number: string | null; hash: Buffer | null }[];
  if (sent === undefined || sent.places === null) return undefined;
  const [found] = (await execute(client, leavesOf, [sent.seqs])).rows as { count: number; leaves: Buffer | null }[];
  if (found === undefined) throw new Error('An aggregate answered no row');
  return { places: sent.places, seqs: sent.seqs, size: sent.size, more: sent.size >= mostFacts / 2, number: Number(sent.number ?? 0), previous: sent.hash?.toString('hex') ?? noSeal, ...found };
};

const next = `
  with head as (select number, hash from seals order by number desc limit 1),
  first as (select place, seqs, size, sum(size) over (order by place) - size as before from (select place, seqs, size from sent order by place limit 1000) s),
  taken as (select array_agg(place) as places, range_agg(seqs)::text as seqs, sum(size)::int as size from first where before < $1)
  select taken.places, taken.seqs, taken.size, head.number, head.hash from taken left join head on true`;

const leavesOf = `
  select count(*)::int as count, string_agg(leaf, ''::bytea order by seq) as leaves from ${factsIn('$1::int8multirange')} f`;

const presentIn = `select range_agg(int8range(seq, seq, '[]'))::text as seqs from facts where seq <@ $1::int8multirange`;

const forget = 'delete from sent where place = any($1::bigint[])';

// Whoever sealed some of the batch meanwhile took the number: all of this is undone then.
const keep = `
  with gone as (delete from sent where place = any($1::bigint[]))
  insert into seals (number, time, seqs, count, root, previous, hash, key, signature, leaves)
  values ($2, $3, $4::int8multirange, $5, $6, $7, $8, $9, $10, $11)`;
