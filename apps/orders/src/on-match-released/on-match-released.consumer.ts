import { Controller } from '@nestjs/common';
import { MatchReleased, OrderCancelled, type DataOf, type Fact } from '@peyvand/contracts';
import { OnDeadline, OnFacts, type Due, type Tx } from '@peyvand/messaging';
import { closeOrders } from '../close-order/close-orders.js';
import type { ReleaseReason } from '../domain/match.js';
import { lockOrders } from '../store/order.store.js';
import { giveBack } from './give-back.js';

/** What the producer's change left over; scheduled for at once, because the HTTP caller may not touch offers and queues. */
export type Leftover = { readonly orderId: string; readonly sellerId: string; readonly lines: readonly { lineId: string; offerId: string; quantity: number }[]; readonly correlationid: string };

/**
 * Callers over HTTP change only what is theirs (a producer its match, a buyer its order); what follows for offers, lines and queues
 * happens here, when the service hears its own fact.
 */
@Controller()
export class OnMatchReleased {
  @OnFacts(MatchReleased)
  async release(facts: Fact<DataOf<typeof MatchReleased>>[], tx: Tx): Promise<void> {
    await giveBack(tx, facts.map((fact) => ({ ...fact.data, whole: true, cause: fact })));
  }

  /** Its lines leave the queue; an order cancelled before anything was matched has no release to wait for. */
  @OnFacts(OrderCancelled)
  async cancel(facts: Fact<DataOf<typeof OrderCancelled>>[], tx: Tx): Promise<void> {
    const orderIds = facts.map(({ data }) => data.orderId);
    await lockOrders(tx, orderIds);
    await tx.run('delete from queue q using lines l where q.order_id = any($1::uuid[]) and l.line_id = q.line_id and l.waiting = 0', [orderIds]);
    await closeOrders(tx, new Map(facts.map((fact) => [fact.data.orderId, fact])));
  }

  @OnDeadline('orders/leftover')
  async leftover({ kind, key: matchId, data }: Due<Leftover>, tx: Tx): Promise<void> {
    const reason: ReleaseReason = 'declined';
    await giveBack(tx, [{ ...data, matchId, reason, whole: false, cause: { id: `${kind}/${matchId}`, correlationid: data.correlationid } }]);
  }
}
