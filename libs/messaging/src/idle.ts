import { instant, type Instant } from '@peyvand/kernel';
import type { Source } from './source.js';

export type Idleness = {
  /** Business time by the service's own clock when it looked: one that is polled hears of a jump a little later, and calls nothing due until then. */
  readonly now: Instant;
  /** Facts not yet acked by the broker. */
  readonly unsent: number;
  /** Deadlines and errands whose business time has come and that are not parked. */
  readonly due: number;
  /** Messages this service's groups have still to handle, in all. */
  readonly lag: number;
  /** Facts set aside that will be tried again by themselves (waiting, retrying, queued behind such a one). */
  readonly waiting: number;
  /** Facts, deadlines and errands that wait for people, with the facts queued behind them. */
  readonly parked: number;
  /** When the next deadline that is not parked falls due (business time). */
  readonly nextDue: Instant | undefined;
  /** The last number drawn for a fact: unchanged between two looks means nothing was published in between. */
  readonly lastSeq: string;
};

/** What a service has still to do. All is quiet when unsent, due, lag and waiting are 0. Rejects when the broker cannot tell the lag. */
export const idle = async (source: Source): Promise<Idleness> => {
  const now = source.clock.now();
  const [stored, lags] = await Promise.all([storedWork(source), source.lag()]);
  return { now, ...stored, lag: Object.values(lags).reduce((sum, one) => sum + one, 0) };
};

/** The part of it that stands in the database. */
export const storedWork = async (source: Source): Promise<Omit<Idleness, 'now' | 'lag'>> => {
  const { rows } = await source.pool.query<{ unsent: string; due: string; waiting: string; parked: string; next_due: Date | null; last_seq: string }>({
    text: countWork,
    values: [new Date(source.clock.now()).toISOString()],
  });
  const row = rows[0];
  if (row === undefined) throw new Error('A select without from answered no row');
  return {
    unsent: Number(row.unsent), due: Number(row.due), waiting: Number(row.waiting), parked: Number(row.parked),
    nextDue: row.next_due === null ? undefined : instant(row.next_due), lastSeq: row.last_seq,
  };
};

/** Age of the oldest unsent fact, wall seconds; 0 when all are sent. */
export const oldestUnsentSeconds = async (source: Source): Promise<number> => {
  const { rows } = await source.pool.query<{ age: string | null }>(
    oldestUnsent);
  return Math.max(0, Number(rows[0]?.age ?? 0));
};

export const countWork = `
  with stuck as (select distinct consumer_group, key from parked where state = 'parked')
  select
    (select count(*) from unsent) as unsent,
    (select count(*) from deadlines where state = 'due' and due_at <= $1) as due,
    (select count(*) from parked p where not exists (select from stuck s where s.consumer_group = p.consumer_group and s.key = p.key)) as waiting,
    (select count(*) from parked p where exists (select from stuck s where s.consumer_group = p.consumer_group and s.key = p.key))
      + (select count(*) from deadlines where state = 'parked') as parked,
    (select min(due_at) from deadlines where state = 'due') as next_due,
    (select last_value from facts_seq) as last_seq`;

export const oldestUnsent = 'select extract(epoch from clock_timestamp() - recordedtime) as age from unsent order by seq limit 1';
