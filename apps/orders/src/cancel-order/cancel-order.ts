import { MatchReleased, OrderCancelled } from '@peyvand/contracts';
import { refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { cancelLine, endedAs, hasEnded } from '../domain/change-order.js';
import { releaseData } from '../domain/match-data.js';
import { releasable, released } from '../domain/match.js';
import { linesOf, updateProgress } from '../store/line.store.js';
import { lockMatchesOf, updateMatches } from '../store/match.store.js';
import { lockOrder, updateOrder } from '../store/order.store.js';

export type Cancelled = { readonly ok: true; readonly releasedMatches: readonly string[]; readonly standingMatches: readonly string[] };

/** Takes back everything that has not been dispatched. What left the producer stands: it is received, paid or returned. */
export const cancelOrder = async (tx: Tx, orderId: string, reason: string): Promise<Cancelled | Refused<'order-not-found' | 'order-already-ended'>> => {
  const order = await lockOrder(tx, orderId);
  if (order === undefined) return refuse('order-not-found');
  if (hasEnded(order)) return refuse('order-already-ended', { status: endedAs(order) });
  const lines = (await linesOf(tx, [orderId])).filter(({ waiting, unmatched }) => waiting + unmatched > 0);
  const matches = await lockMatchesOf(tx, orderId);
  const over = matches.filter(releasable).map((match) => released(match, 'order-cancelled'));
  await updateOrder(tx, order, { cancelled: true });
  if (!(await updateProgress(tx, lines.map(cancelLine)))) throw new Error('A line changed under its order’s lock');
  await updateMatches(tx, over);
  await tx.unschedule('orders/match-overdue', ...over.map(({ matchId }) => matchId));
  await tx.unschedule('orders/approve-by', orderId);
  await tx.publish([OrderCancelled.of({ orderId, buyerId: order.buyerId, reason }), ...over.map((match) => MatchReleased.of(releaseData(match)))]);
  return { ok: true, releasedMatches: over.map(({ matchId }) => matchId), standingMatches: matches.filter((match) => match.state !== 'released' && !releasable(match)).map(({ matchId }) => matchId) };
};
