import { AwardApproved, MatchReleased, PurchaseOrderIssued } from '@peyvand/contracts';
import { addHours, isoOf, refuse, rials, sumOf, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { matchData, releaseData } from '../domain/match-data.js';
import { released, type Match } from '../domain/match.js';
import { settings } from '../orders.config.js';
import { lockMatchesOf, updateMatches } from '../store/match.store.js';
import { lockOrder } from '../store/order.store.js';

export type AwardRefusal = 'order-not-found' | 'nothing-to-award' | 'award-by-submitter';

/** An approver decides on what is proposed: maker ≠ checker, so never the person who submitted the order. */
export const awardOrder = async (
  tx: Tx, orderId: string, subject: string, decision: 'approve' | 'refuse',
): Promise<{ ok: true; matchIds: readonly string[] } | Refused<AwardRefusal>> => {
  const order = await lockOrder(tx, orderId);
  if (order === undefined) return refuse('order-not-found');
  if (order.submittedBy === subject) return refuse('award-by-submitter');
  const proposed = (await lockMatchesOf(tx, orderId)).filter(({ state }) => state === 'proposed');
  if (proposed.length === 0) return refuse('nothing-to-award');
  await tx.unschedule('orders/approve-by', orderId);
  await (decision === 'approve' ? issue(tx, proposed) : release(tx, proposed));
  return { ok: true, matchIds: proposed.map(({ matchId }) => matchId) };
};

const issue = async (tx: Tx, proposed: readonly Match[]): Promise<void> => {
  const [first] = proposed;
  if (first === undefined) return;
  const answerBy = addHours(tx.now, settings.acceptHours);
  const issued = proposed.map((match): Match => ({ ...match, state: 'issued', answerBy }));
  await updateMatches(tx, issued);
  await tx.schedule(issued.map(({ matchId }) => ({ kind: 'orders/match-overdue', key: matchId, dueAt: answerBy })));
  await tx.schedule({ kind: 'orders/standing-acceptance', key: first.orderId, dueAt: tx.now });
  const award = { orderId: first.orderId, buyerId: first.buyerId, matchIds: issued.map(({ matchId }) => matchId), amount: String(sumOf(issued.map(({ amount }) => rials(amount)))), how: 'approver' as const };
  await tx.publish([AwardApproved.of(award), ...issued.map((match) => PurchaseOrderIssued.of({ ...matchData(match), acceptBy: isoOf(answerBy) }))]);
};

const release = async (tx: Tx, proposed: readonly Match[]): Promise<void> => {
  const over = proposed.map((match) => released(match, 'award-refused'));
  await updateMatches(tx, over);
  await tx.publish(over.map((match) => MatchReleased.of(releaseData(match))));
};
