import type { Tx } from '@peyvand/messaging';
import { closeOrders } from '../close-order/close-orders.js';
import type { ReleaseReason } from '../domain/match.js';
import type { Line } from '../domain/order.js';
import { takeBack } from '../domain/take-back.js';
import { linesById, updateProgress } from '../store/line.store.js';
import { releaseCapacity } from '../store/offer.store.js';
import { lockOrders } from '../store/order.store.js';
import { askForRounds, putInQueue, wake, type Cause } from '../store/queue.store.js';

/** Units that fell out of a match: all of it (released) or what the producer's change left over. */
export type Returned = {
  readonly orderId: string;
  readonly matchId: string;
  readonly sellerId: string;
  readonly reason: ReleaseReason;
  readonly lines: readonly { readonly lineId: string; readonly offerId: string; readonly quantity: number }[];
  /** The match is over and has nothing more to give back. */
  readonly whole: boolean;
  readonly cause: Cause;
};

/**
 * Gives units back to their offers and lines, in one statement each for the whole batch: what is still wanted waits again, back-orders
 * that the freed capacity could serve are woken, and orders with nothing left to wait for close.
 */
export const giveBack = async (tx: Tx, returned: readonly Returned[]): Promise<void> => {
  const { cancelled } = await lockOrders(tx, returned.map(({ orderId }) => orderId));
  const before = await linesById(tx, [...new Set(returned.flatMap(({ lines }) => lines.map(({ lineId }) => lineId)))]);
  const lines = new Map(before.map((line) => [line.lineId, line]));
  const causes = new Map<string, Cause>();
  for (const one of returned) {
    causes.set(one.orderId, one.cause);
    for (const { lineId, quantity } of one.lines) lines.set(lineId, takeBack(known(lines, lineId), quantity, one.sellerId, cancelled.has(one.orderId) ? 'order-cancelled' : one.reason));
  }
  const after = [...lines.values()];
  if (!(await updateProgress(tx, after))) throw new Error('A line changed under its order’s lock');
  const over = returned.filter(({ whole }) => whole).map(({ matchId }) => matchId);
  if (over.length > 0) await tx.run('update matches set open = false where match_id = any($1::uuid[]) and not dispatched', [over]);
  await wake(tx, await releaseCapacity(tx, returned.flatMap((one) => one.lines)));
  const again = await putInQueue(tx, causes, after.map(({ lineId }) => lineId));
  await askForRounds(tx, again.map(({ market }) => market));
  await closeOrders(tx, causes);
};

const known = (lines: ReadonlyMap<string, Line>, lineId: string): Line => {
  const line = lines.get(lineId);
  if (line === undefined) throw new Error(`Line ${lineId} of a match does not exist`);
  return line;
};
