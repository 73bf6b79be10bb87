import type { Instant } from '@peyvand/kernel';
import { transact, type Source, type Tx } from '@peyvand/messaging';
import { settings, type OrdersSettings } from '../orders.config.js';
import { lockOrders } from '../store/order.store.js';
import { updateProgress } from '../store/line.store.js';
import { insertMatches } from '../store/match.store.js';
import { commitCapacity } from '../store/offer.store.js';
import { factOf } from '../store/queue.store.js';
import { decideRound, lapse, type Outcome } from './decide-round.js';
import { loadRound, type Round } from './load-round.js';

/** Something the round was reckoned on has moved: nothing of it may be kept. Reckon anew. */
class StaleRound extends Error {}

/** The round cannot be reckoned or stored as it is, and will not be by trying again. */
class SpoiltRound extends Error {}

const triesPerRound = 10;

/**
 * Runs one round of a market, of at most `roundLines` of its queue: read, allocate outside any transaction, commit if nothing moved.
 * Answers whether more may wait. Safe to run twice at once: the higher epoch wins, the other writes nothing. A line that spoils its round
 * is found by halving and set aside, so that it does not stop a market. Throws when the market keeps moving or the database is away (tried
 * again later).
 */
export const matchMarket = async (source: Source, market: string, config: OrdersSettings = settings): Promise<boolean> => {
  let [stale, most] = [0, config.roundLines];
  for (;;) {
    const [round, now] = await transact(source, async (tx) => [await loadRound(tx, market, { ...config, roundLines: most }), tx.now] as const);
    const lines = round.queued.length + round.idle.length;
    if (lines === 0) return false;
    try {
      await commitRound(source, round, decided(round, now, config));
      if (most === config.roundLines) return lines === most;
      [stale, most] = [0, Math.min(config.roundLines, most * 2)];
    } catch (error) {
      if (error instanceof SpoiltRound && round.queued.length <= 1) await setAside(source, round, error);
      else if (error instanceof SpoiltRound) most = Math.ceil(round.queued.length / 2);
      else if (!(error instanceof StaleRound) || ++stale === triesPerRound) throw error;
    }
  }
};

const decided = (round: Round, now: Instant, config: OrdersSettings): Outcome => {
  try {
    return decideRound(round, now, config);
  } catch (error) {
    throw new SpoiltRound(error instanceof Error ? error.message : String(error), { cause: error });
  }
};

/** Writes what a round decided, or throws `StaleRound` and writes nothing. */
export const commitRound = async (source: Source, round: Round, outcome: Outcome): Promise<void> => {
  try {
    await transact(source, (tx) => store(tx, round, outcome));
  } catch (error) {
    // SQLSTATE classes 22 and 23: a value that does not fit or breaks a constraint, now and at every further try.
    if (/^2[23]/.test(String((error as { code?: unknown }).code))) throw new SpoiltRound((error as Error).message, { cause: error });
    throw error;
  }
};

const store = async (tx: Tx, round: Round, outcome: Outcome): Promise<void> => {
  await keepEpoch(tx, round);
  await lockOrders(tx, outcome.orderIds);
  if (!(await updateProgress(tx, outcome.lines))) throw new StaleRound('A line changed');
  if (!(await commitCapacity(tx, outcome.takings))) throw new StaleRound('An offer changed');
  await insertMatches(tx, outcome.matches);
  await leaveQueue(tx, outcome);
  await tx.schedule(outcome.deadlines);
  for (const { facts, cause } of outcome.told) await tx.publish(facts, factOf(cause));
  // A story of its own: whose order it was is not theirs to know.
  if (outcome.lost.length > 0) await tx.publish(outcome.lost, { id: `orders/round/${round.market}` });
};

/** The line waits until its variant is woken or its day passes; people find the reason in the queue. */
const setAside = (source: Source, round: Round, error: Error): Promise<void> => transact(source, async (tx) => {
  await tx.run('update queue set ready = false, error = $2 where line_id = any($1::uuid[])', [[...round.idle, ...round.queued.map(({ line }) => line.lineId)], error.message]);
  await tx.schedule(round.queued.map(({ line, cause }) => lapse(line, cause.correlationid)));
});

/** The fence: a round that was overtaken (its process slept, its lease ran out) finds a newer epoch and stops here. */
const keepEpoch = async (tx: Tx, { market, epoch }: Round): Promise<void> => {
  const held = await tx.sql('select from markets where market = $1 and epoch = $2 for update', [market, epoch]);
  if (held.length !== 1) throw new StaleRound('A newer round began');
};

const leaveQueue = async (tx: Tx, { done, held }: Outcome): Promise<void> => {
  if (done.length > 0) await tx.run('delete from queue where line_id = any($1::uuid[])', [done]);
  if (held.length > 0) await tx.run('update queue set ready = false where line_id = any($1::uuid[])', [held]);
};

