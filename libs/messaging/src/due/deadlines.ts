import type { Instant } from '@peyvand/kernel';
import type { PoolClient } from 'pg';
import { withCause } from '../cause.js';
import { isContention, isOutage, reasonOf } from '../errors.js';
import { startLoop, type Loop } from '../loop.js';
import type { Report } from '../metrics.js';
import type { Settings } from '../settings.js';
import type { Source } from '../source.js';
import type { OpenTx } from '../store/open-tx.js';
import { execute } from '../store/statement.js';
import { openTransaction } from '../transact.js';
import { bookFailure, causeOf, dueOf, dueOfMany, take, takeAll, upcoming, waitFor, type DeadlineHandler, type DueRow } from './row.js';

// Each deadline of a lot that is handled alone costs its own statements while the others' rows are locked; those handled together do not.
const [singlesOfLot, mostOfLot] = [50, 1_000];

/** Fires a service's deadlines in due order: lots of 50, more while they are handled in batches, each lot one transaction in which every row is deleted and handled at its own due time. */
export const startDeadlines = (source: Source, handlers: ReadonlyMap<string, DeadlineHandler>, settings: Settings, report: Report): Loop => {
  const kinds = [...handlers.keys()];
  const scene = { source, handlers, kinds };
  // Claiming locks rows: a lot is no larger than what the last one came to makes likely.
  let lot = singlesOfLot;

  const turn = async (): Promise<number> => {
    const fired = await openTransaction(source, (open, client) => fireLot(scene, open, client, lot)).catch((error: unknown) => {
      if (isOutage(error)) throw error;
      return fireOne(scene, settings, report);
    });
    lot = fired.length === lot ? Math.min(mostOfLot, lot * 2) : singlesOfLot;
    const counts = new Map<string, number>();
    for (const deadline of fired) counts.set(deadline, (counts.get(deadline) ?? 0) + 1);
    for (const [deadline, count] of counts) report.onMetric({ kind: 'fired', service: source.service, deadline, count });
    if (fired.length > 0) return 0;
    const { rows } = await execute(source.pool as unknown as PoolClient, upcoming, [kinds]);
    return waitFor(rows as { due_at: Date; retry_ms: string | null }[], source.clock.wallUntil);
  };

  const loop = startLoop(turn, (error) => report.log({ level: 'warn', message: 'Deadlines wait', service: source.service, reason: reasonOf(error) }));
  const deaf = [source.scheduled.add(loop.wake), source.clock.onJump(loop.wake)];
  return { wake: loop.wake, stop: () => (deaf.forEach((end) => end()), loop.stop()) };
};

type Scene = { readonly source: Source; readonly handlers: ReadonlyMap<string, DeadlineHandler>; readonly kinds: readonly string[] };

export const claimDeadlines = `
  select kind, key, due_at, data, correlationid, version, attempts from deadlines
  where kind = any($1::text[]) and due_at <= $2 and state = 'due' and (next_try is null or next_try <= clock_timestamp())
  order by due_at, kind, key limit $3 for update skip locked`;

/** Answers the kind of each deadline it came to. */
const fireLot = async ({ source, handlers, kinds }: Scene, open: OpenTx, client: PoolClient, most: number): Promise<string[]> => {
  const { rows } = await execute(client, claimDeadlines, [kinds, new Date(source.clock.now()).toISOString(), most]);
  const fired: string[] = [];
  let singles = 0;
  for (const step of stepsOf(rows as DueRow[], handlers)) {
    const [row] = step;
    // A handler has set something due before the rest of this lot: end the lot, so that it fires in its turn.
    if (row === undefined || open.earliest < row.due_at.getTime() || singles === singlesOfLot) break;
    fired.push(...step.map(({ kind }) => kind));
    const handler = handlers.get(row.kind);
    const now = row.due_at.getTime() as Instant;
    if (handler?.batch === true) {
      const taken = await takeAll(client, step);
      if (taken.length > 0) await handler.call(taken.map(dueOfMany), open.view(now, undefined));
      continue;
    }
    singles += 1;
    if (handler === undefined || !(await take(client, row))) continue;
    const cause = causeOf(row);
    await withCause(cause, () => handler.call(dueOf(row), open.view(now, cause)));
  }
  return fired;
};

/** Cuts a lot into steps: neighbours of one batch kind that are due at the same moment go together, everything else alone. */
const stepsOf = (rows: readonly DueRow[], handlers: Scene['handlers']): DueRow[][] => {
  const steps: DueRow[][] = [];
  for (const row of rows) {
    const before = steps.at(-1)?.[0];
    const together = before?.kind === row.kind && before.due_at.getTime() === row.due_at.getTime() && handlers.get(row.kind)?.batch === true;
    if (together) steps.at(-1)?.push(row);
    else steps.push([row]);
  }
  return steps;
};

/** A lot failed: the first due row alone, its failure booked, so that the others go on at the next turn. */
const fireOne = async (scene: Scene, settings: Settings, report: Report): Promise<string[]> => {
  let tried: DueRow | undefined;
  try {
    return await openTransaction(scene.source, async (open, client) => {
      const { rows } = await execute(client, claimDeadlines, [scene.kinds, new Date(scene.source.clock.now()).toISOString(), 1]);
      tried = rows[0] as DueRow | undefined;
      return fireLot(scene, open, client, 1);
    });
  } catch (error) {
    // Neither says anything about the deadline: the loop waits a little and comes again.
    if (isOutage(error) || isContention(error) || tried === undefined) throw error;
    const row = tried;
    const parked = (await openTransaction(scene.source, (_open, client) => bookFailure(client, row, error, settings.deadlineAttempts, settings))) === 'parked';
    report.log({ level: parked ? 'error' : 'warn', message: parked ? 'A deadline was parked' : 'A deadline failed', service: scene.source.service, kind: row.kind, key: row.key, reason: reasonOf(error) });
    return [row.kind];
  }
};
