import type { Instant } from '@peyvand/kernel';
import type { PoolClient } from 'pg';
import { backoff, type Settings } from '../settings.js';
import type { Cause } from '../cause.js';
import { NotYet, Poison, reasonOf } from '../errors.js';
import { execute } from '../store/statement.js';
import type { Due, DueOfMany, Tx } from '../tx.js';

/** `batch` handlers are given lists. */
export type DeadlineHandler = { readonly name: string; readonly kind: string; readonly batch: boolean; readonly call: (due: Due | readonly DueOfMany[], tx: Tx) => Promise<unknown> };
export type ErrandHandler = {
  readonly name: string; readonly kind: string; readonly batch: boolean;
  readonly call: (due: Due | readonly DueOfMany[]) => Promise<(tx: Tx, taken: readonly DueOfMany[]) => Promise<unknown>>;
};

export type DueRow = { readonly kind: string; readonly key: string; readonly due_at: Date; readonly data: unknown; readonly correlationid: string | null; readonly version: string; readonly attempts: number };

export const dueOf = ({ kind, key, due_at, data }: DueRow): Due => ({ kind, key, dueAt: due_at.getTime() as Instant, data });

/** The same as one of a batch. */
export const dueOfMany = (row: DueRow): DueOfMany => ({ ...dueOf(row), id: `${row.kind}/${row.key}`, ...(row.correlationid === null ? {} : { correlationid: row.correlationid }) });

/** Facts a firing publishes name it as their cause and go on with the story that set it. */
export const causeOf = ({ kind, key, correlationid }: DueRow): Cause => ({ causationid: `${kind}/${key}`, ...(correlationid === null ? {} : { correlationid }) });

/** Takes the row away if it is still the one that was read: not moved, dropped or asked for anew meanwhile. */
export const take = async (client: PoolClient, row: DueRow): Promise<boolean> => {
  const { rowCount } = await execute(client, takeOne, [row.kind, row.key, row.version]);
  return rowCount === 1;
};

/** The same for many rows of one kind, in one statement; answers those that were still as read. */
export const takeAll = async (client: PoolClient, rows: readonly DueRow[]): Promise<DueRow[]> => {
  const { rows: gone } = await execute(client, takeMany, [rows[0]?.kind, rows.map(({ key }) => key), rows.map(({ version }) => version)]);
  const keys = new Set((gone as { key: string }[]).map(({ key }) => key));
  return rows.filter(({ key }) => keys.has(key));
};
export const takeOne = 'delete from deadlines where kind = $1 and key = $2 and version = $3';

export const takeMany = `
  delete from deadlines d using unnest($2::text[], $3::bigint[]) as t(key, version) where d.kind = $1 and d.key = t.key and d.version = t.version returning d.key`;

/**
 * Books a failed try: again after a while (wall time), or parked for people to see after `most` tries. What waits for a predecessor
 * (NotYet) is looked at for as long as a fact would be; Poison parks at once. `gone` when the row is no longer the one that was read: then nothing is booked.
 */
export const bookFailure = async (client: PoolClient, row: DueRow, error: unknown, most: number, settings: Settings): Promise<'parked' | 'later' | 'gone'> => {
  const attempts = row.attempts + 1;
  const waits = error instanceof NotYet;
  const last = waits ? settings.waitMs / settings.waitRetryMs[1] : error instanceof Poison ? 0 : most;
  const { rowCount } = await execute(client, bookTry,
    [row.kind, row.key, row.version, attempts, reasonOf(error), attempts >= last ? 'parked' : 'due', backoff(waits ? settings.waitRetryMs : settings.retryMs, attempts)]);
  return rowCount === 0 ? 'gone' : attempts >= last ? 'parked' : 'later';
};

/** The runners look this often (wall) even when nobody wakes them. */
export const lookMs = 1_000;

/** Wall milliseconds until the next of these kinds is due or may be retried; at most until the next look. */
export const waitFor = (rows: readonly { due_at: Date; retry_ms: string | null }[], wallUntil: (at: Instant) => number): number =>
  Math.max(5, Math.min(lookMs, ...rows.map((row) => Math.max(wallUntil(row.due_at.getTime() as Instant), Number(row.retry_ms ?? 0)))));

/** The earliest few that are not parked: what the runner sleeps for. */
export const upcoming = `
  select due_at, extract(epoch from greatest(next_try, leased_until) - clock_timestamp()) * 1000 as retry_ms
  from deadlines where kind = any($1::text[]) and state = 'due' order by due_at limit 20`;

export const bookTry = `
  update deadlines set attempts = $4, error = $5, state = $6, next_try = clock_timestamp() + $7 * interval '1 ms', leased_until = null
  where kind = $1 and key = $2 and version = $3`;
