import type { PoolClient } from 'pg';
import { withCause } from '../cause.js';
import { reasonOf } from '../errors.js';
import { startLoop, type Loop } from '../loop.js';
import type { Report } from '../metrics.js';
import type { Settings } from '../settings.js';
import type { Source } from '../source.js';
import { execute } from '../store/statement.js';
import { openTransaction } from '../transact.js';
import { bookFailure, causeOf, dueOf, dueOfMany, take, takeAll, upcoming, waitFor, type DueRow, type ErrandHandler } from './row.js';

/** Errands of a hot kind that go out together. */
const errandLot = 500;

/**
 * Runs calls to the outside: claim the row under a lease, call without a transaction, then record the outcome and delete the row in one.
 * A crash between call and record calls again: the outside drops the second by the errand's name, which is its idempotency key.
 */
export const startErrands = (source: Source, handlers: ReadonlyMap<string, ErrandHandler>, settings: Settings, report: Report): Loop => {
  const kinds = [...handlers.keys()];
  const [hot, singles] = [kinds.filter((kind) => handlers.get(kind)?.batch === true), kinds.filter((kind) => handlers.get(kind)?.batch !== true)];
  const client = source.pool as unknown as PoolClient;
  const under = new Set<Promise<void>>();
  // One lot of a hot kind at a time: what comes meanwhile makes the next lot larger, instead of many small ones that wait for each other's locks.
  const inHand = new Set<string>();

  const turn = async (): Promise<number> => {
    const room = settings.errandsAtOnce - under.size;
    const now = new Date(source.clock.now()).toISOString();
    const begin = (running: Promise<void>): void => {
      const run: Promise<void> = running.finally(() => {
        under.delete(run);
        loop.wake();
      });
      under.add(run);
    };
    const rows: DueRow[] = room > 0 && singles.length > 0 ? (await execute(client, claimErrands, [singles, now, room, settings.errandLeaseMs])).rows : [];
    for (const row of rows) {
      const handler = handlers.get(row.kind);
      if (handler !== undefined) begin(runErrand(source, handler, row, settings, report));
    }
    for (const kind of hot) {
      const handler = handlers.get(kind);
      const lot: DueRow[] = inHand.has(kind) ? [] : (await execute(client, claimErrands, [[kind], now, errandLot, settings.errandLeaseMs])).rows;
      if (handler !== undefined && lot.length > 0) {
        inHand.add(kind);
        begin(runErrands(source, handler, lot, settings, report).finally(() => inHand.delete(kind)));
      }
      rows.push(...lot);
    }
    if (rows.length > 0) return 0;
    const next = await execute(client, upcoming, [kinds]);
    return waitFor(next.rows as { due_at: Date; retry_ms: string | null }[], source.clock.wallUntil);
  };

  const loop = startLoop(turn, (error) => report.log({ level: 'warn', message: 'Errands wait', service: source.service, reason: reasonOf(error) }));
  const deaf = [source.scheduled.add(loop.wake), source.clock.onJump(loop.wake)];
  return {
    wake: loop.wake,
    stop: async () => {
      deaf.forEach((end) => end());
      await loop.stop();
      await Promise.all(under);
    },
  };
};

export const claimErrands = `
  update deadlines d set leased_until = clock_timestamp() + $4 * interval '1 ms'
  from (select kind, key from deadlines
    where kind = any($1::text[]) and due_at <= $2 and state = 'due'
      and (next_try is null or next_try <= clock_timestamp()) and (leased_until is null or leased_until <= clock_timestamp())
    order by due_at, kind, key limit $3 for update skip locked) due
  where d.kind = due.kind and d.key = due.key
  returning d.kind, d.key, d.due_at, d.data, d.correlationid, d.version, d.attempts`;

/** Errands of a hot kind: one call to the outside and one transaction for all; one by one when that fails. */
const runErrands = async (source: Source, handler: ErrandHandler, rows: readonly DueRow[], settings: Settings, report: Report): Promise<void> => {
  const started = performance.now();
  const keep = startKeeping(source, rows, settings.errandLeaseMs);
  try {
    const record = await handler.call(rows.map(dueOfMany));
    await openTransaction(source, async (open, tx) => {
      const taken = await takeAll(tx, rows);
      if (taken.length > 0) await record(open.view(source.clock.now(), undefined), taken.map(dueOfMany));
      if (taken.length < rows.length) await execute(tx, freeErrands, [handler.kind, rows.map(({ key }) => key)]);
    });
    report.onMetric({ kind: 'errand', service: source.service, errand: handler.kind, ok: true, ms: performance.now() - started });
  } catch (error) {
    const [only] = rows;
    if (rows.length > 1) for (const row of rows) await runErrands(source, handler, [row], settings, report);
    else if (only !== undefined) await bookErrand(source, only, error, settings, report);
  } finally {
    clearInterval(keep);
  }
};

const runErrand = async (source: Source, handler: ErrandHandler, row: DueRow, settings: Settings, report: Report): Promise<void> => {
  const started = performance.now();
  const cause = causeOf(row);
  const keep = startKeeping(source, [row], settings.errandLeaseMs);
  let ok = false;
  try {
    const record = await withCause(cause, () => handler.call(dueOf(row)));
    await openTransaction(source, async (open, tx) => {
      if (await take(tx, row)) return withCause(cause, () => record(open.view(source.clock.now(), cause), []));
      // Asked for anew while it was under way: this outcome is not recorded, the errand runs again with the new data, and at once.
      return execute(tx, freeErrand, [row.kind, row.key]);
    });
    ok = true;
  } catch (error) {
    await bookErrand(source, row, error, settings, report);
  } finally {
    clearInterval(keep);
    report.onMetric({ kind: 'errand', service: source.service, errand: row.kind, ok, ms: performance.now() - started });
  }
};

/** Renews the leases while the outside is slow; one that was given back meanwhile stays so. */
const startKeeping = (source: Source, rows: readonly DueRow[], leaseMs: number): NodeJS.Timeout => setInterval(() => {
  const values = [rows[0]?.kind, rows.map(({ key }) => key), rows.map(({ version }) => version), leaseMs];
  execute(source.pool as unknown as PoolClient, keepErrands, values).catch(() => {}); // the lease runs out and the errand is called again
}, leaseMs / 3);

const bookErrand = (source: Source, row: DueRow, error: unknown, settings: Settings, report: Report): Promise<void> =>
  openTransaction(source, async (_open, tx) => {
    const booked = await bookFailure(tx, row, error, settings.errandAttempts, settings);
    // Asked for anew while it was under way: the new one has not failed, and need not wait for the lease of the old one.
    if (booked === 'gone') await execute(tx, freeErrand, [row.kind, row.key]);
    const parked = booked === 'parked';
    report.log({ level: parked ? 'error' : 'warn', message: parked ? 'An errand was parked' : 'An errand failed', service: source.service, kind: row.kind, key: row.key, reason: reasonOf(error) });
  }).catch((failure: unknown) => report.log({ level: 'warn', message: 'An errand waits for its lease to end', kind: row.kind, key: row.key, reason: reasonOf(failure) }));

export const keepErrands = `
  update deadlines d set leased_until = clock_timestamp() + $4 * interval '1 ms' from unnest($2::text[], $3::bigint[]) as t(key, version)
  where d.kind = $1 and d.key = t.key and d.version = t.version and d.leased_until is not null`;

export const freeErrands = 'update deadlines set leased_until = null where kind = $1 and key = any($2::text[])';

export const freeErrand = 'update deadlines set leased_until = null where kind = $1 and key = $2';
