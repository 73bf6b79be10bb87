import type { PoolClient } from 'pg';
import { withCause } from '../cause.js';
import { reasonOf } from '../errors.js';
import { startLoop, type Loop } from '../loop.js';
import type { Report } from '../metrics.js';
import type { Settings } from '../settings.js';
import type { Source } from '../source.js';
import { execute } from '../store/statement.js';
import { openTransaction } from '../transact.js';
import { bookFailure, causeOf, dueOf, take, upcoming, waitFor, type DueRow, type ErrandHandler } from './row.js';

/** A crashed process's errands are taken up again after this long; a living one renews three times as often. */
const leaseMs = 15_000;

/**
 * Runs calls to the outside: claim the row under a lease, call without a transaction, then record the outcome and delete the row in one.
 * A crash between call and record calls again: the outside drops the second by the errand's name, which is its idempotency key.
 */
export const startErrands = (source: Source, handlers: ReadonlyMap<string, ErrandHandler>, settings: Settings, report: Report): Loop => {
  const kinds = [...handlers.keys()];
  const client = source.pool as unknown as PoolClient;
  const under = new Set<Promise<void>>();

  const turn = async (): Promise<number> => {
    const room = settings.errandsAtOnce - under.size;
    const now = new Date(source.clock.now()).toISOString();
    const { rows } = room > 0 ? await execute(client, claim, [kinds, now, room, leaseMs]) : { rows: [] };
    for (const row of rows as DueRow[]) {
      const handler = handlers.get(row.kind);
      if (handler === undefined) continue;
      const run: Promise<void> = runErrand(source, handler, row, settings, report).finally(() => {
        under.delete(run);
        loop.wake();
      });
      under.add(run);
    }
    if (rows.length > 0) return 0;
    const next = await execute(client, upcoming, [kinds]);
    return waitFor(next.rows as { due_at: Date; retry_ms: string | null }[], source.clock.wallUntil, 1_000);
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

const claim = `
  update deadlines d set leased_until = clock_timestamp() + $4 * interval '1 ms'
  from (select kind, key from deadlines
    where kind = any($1::text[]) and due_at <= $2 and state = 'due'
      and (next_try is null or next_try <= clock_timestamp()) and (leased_until is null or leased_until <= clock_timestamp())
    order by due_at, kind, key limit $3 for update skip locked) due
  where d.kind = due.kind and d.key = due.key
  returning d.kind, d.key, d.due_at, d.data, d.correlationid, d.version, d.attempts`;

const runErrand = async (source: Source, handler: ErrandHandler, row: DueRow, settings: Settings, report: Report): Promise<void> => {
  const started = performance.now();
  const client = source.pool as unknown as PoolClient;
  const cause = causeOf(row);
  const keep = setInterval(() => {
    const text = `update deadlines set leased_until = clock_timestamp() + $4 * interval '1 ms' where kind = $1 and key = $2 and version = $3`;
    execute(client, text, [row.kind, row.key, row.version, leaseMs]).catch(() => {}); // the lease runs out and the errand is called again
  }, leaseMs / 3);
  let ok = false;
  try {
    const record = await withCause(cause, () => handler.call(dueOf(row)));
    await openTransaction(source, async (open, tx) => {
      if (await take(tx, row)) return withCause(cause, () => record(open.view(source.clock.now(), cause)));
      // Asked for anew while it was under way: this outcome is not recorded, the errand runs again with the new data, and at once.
      return execute(tx, 'update deadlines set leased_until = null where kind = $1 and key = $2', [row.kind, row.key]);
    });
    ok = true;
  } catch (error) {
    await openTransaction(source, async (_open, tx) => {
      const parked = await bookFailure(tx, row, error, settings.errandAttempts, settings);
      report.log({ level: parked ? 'error' : 'warn', message: parked ? 'An errand was parked' : 'An errand failed', service: source.service, kind: row.kind, key: row.key, reason: reasonOf(error) });
    }).catch((failure: unknown) => report.log({ level: 'warn', message: 'An errand waits for its lease to end', kind: row.kind, key: row.key, reason: reasonOf(failure) }));
  } finally {
    clearInterval(keep);
    report.onMetric({ kind: 'errand', service: source.service, errand: row.kind, ok, ms: performance.now() - started });
  }
};
