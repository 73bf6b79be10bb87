import { Controller } from '@nestjs/common';
import { MatchReleased, PurchaseOrderDeclined } from '@peyvand/contracts';
import { endOfDay } from '@peyvand/kernel';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { closeOrders } from '../close-order/close-orders.js';
import { namesOf, releaseData } from '../domain/match-data.js';
import { overdue, released } from '../domain/match.js';
import { unmatchedFact } from '../domain/unmatched-fact.js';
import { linesById, updateProgress } from '../store/line.store.js';
import { lockMatches, lockMatchesOf, updateMatches } from '../store/match.store.js';
import { lockOrder } from '../store/order.store.js';

/** Nobody answered in time. Every wait of an order ends here if it ends nowhere else. */
@Controller()
export class FallDue {
  /** The producer's answer, the buyer's answer to a change, a limit or the seller's word, the dispatch: whichever the match waits for. */
  @OnDeadline('orders/match-overdue')
  async match({ key: matchId }: Due, tx: Tx): Promise<void> {
    const [match] = await lockMatches(tx, [matchId]);
    const over = match === undefined ? undefined : overdue(match);
    if (match === undefined || over === undefined) return;
    await updateMatches(tx, [over]);
    if (match.state === 'issued') await tx.publish(PurchaseOrderDeclined.of({ ...namesOf(match), reason: 'not-answered' }));
    await tx.publish(MatchReleased.of(releaseData(over)));
  }

  /** No approver spoke: nothing is bought that nobody stands behind. */
  @OnDeadline('orders/approve-by')
  async award({ key: orderId }: Due, tx: Tx): Promise<void> {
    const over = (await lockMatchesOf(tx, orderId)).filter(({ state }) => state === 'proposed').map((match) => released(match, 'award-refused'));
    await updateMatches(tx, over);
    await tx.publish(over.map((match) => MatchReleased.of(releaseData(match))));
  }

  /** The day a line was needed by has passed: what is not matched will not be. */
  @OnDeadline('orders/lapse')
  async line({ kind, key: lineId, data }: Due, tx: Tx): Promise<void> {
    const [found] = await linesById(tx, [lineId]);
    const order = found === undefined ? undefined : await lockOrder(tx, found.orderId);
    const [line] = order === undefined ? [] : await linesById(tx, [lineId]);
    if (order === undefined || line === undefined || order.status !== 'open' || line.waiting + line.unmatched === 0) return;
    // The buyer has meanwhile moved the day.
    if (endOfDay(line.neededBy) > tx.now) return tx.schedule({ kind, key: lineId, dueAt: endOfDay(line.neededBy), data });
    const last = { ...line, waiting: 0, unmatched: line.unmatched + line.waiting, final: true, reason: line.reason ?? ('too-late' as const), cure: line.cure ?? {} };
    if (!(await updateProgress(tx, [last]))) throw new Error('A line changed under its order’s lock');
    if (line.waiting > 0) {
      await tx.run('delete from queue where line_id = $1', [lineId]);
      await tx.publish(unmatchedFact(line, order.buyerId, last.unmatched, last.reason, {}));
    }
    await closeOrders(tx, new Map([[line.orderId, undefined]]));
  }
}
