import { Controller } from '@nestjs/common';
import { DeliveryFailed, GoodsReceived, MatchReleased, ShipmentCancelled, ShipmentDispatched, type DataOf, type Fact } from '@peyvand/contracts';
import { OnFacts, type Tx } from '@peyvand/messaging';
import { heardOfMatches } from '../close-order/finish-matches.js';
import { releaseData } from '../domain/match-data.js';
import { released } from '../domain/match.js';
import { lockMatches, updateMatches } from '../store/match.store.js';
import { noteShipments } from '../store/shipment.store.js';

// Goods that leave while their match is being released make it open again, and its order too where that has ended meanwhile: it waits for
// them as for any others, and tells its end a second time, as it then is.
const leave = `
  with gone as (update matches m set dispatched = true, open = true, version = m.version + 1 where m.match_id = any($1::uuid[]) and not m.dispatched and m.state <> 'done' returning m.order_id)
  update orders o set status = 'open', reasons = '{}', closed_at = null, version = o.version + 1 where o.order_id in (select order_id from gone) and o.status <> 'open'`;

@Controller()
export class OnDelivery {
  @OnFacts(ShipmentDispatched)
  async dispatch(facts: Fact<DataOf<typeof ShipmentDispatched>>[], tx: Tx): Promise<void> {
    await heardOfMatches(tx, facts, async () => {
      await tx.run(leave, [[...new Set(facts.map(({ data }) => data.matchId))]]);
      await noteShipments(tx, facts.map(({ data }) => ({ ...namesOf(data), dispatched: true })));
    });
  }

  @OnFacts(GoodsReceived)
  async receive(facts: Fact<DataOf<typeof GoodsReceived>>[], tx: Tx): Promise<void> {
    await heardOfMatches(tx, facts, () => noteShipments(tx, facts.map(({ data }) => ({
      ...namesOf(data), received: true, remaining: data.remaining, lines: data.lines.map(({ lineId, received, short, rejected, accepted }) => ({ lineId, received, short, rejected, accepted })),
      accepted: total(data.lines, 'accepted'), short: total(data.lines, 'short'), rejected: total(data.lines, 'rejected'),
    }))));
  }

  @OnFacts(DeliveryFailed)
  async fail(facts: Fact<DataOf<typeof DeliveryFailed>>[], tx: Tx): Promise<void> {
    await heardOfMatches(tx, facts, async () => {
      await noteShipments(tx, facts.map(({ data }) => ({ ...namesOf(data), failed: true, remaining: data.remaining })));
      await releaseUnsent(tx, facts.filter(({ data }) => data.remaining === 0));
    });
  }

  @OnFacts(ShipmentCancelled)
  async cancel(facts: Fact<DataOf<typeof ShipmentCancelled>>[], tx: Tx): Promise<void> {
    await heardOfMatches(tx, facts, () => noteShipments(tx, facts.map(({ data }) => ({ ...namesOf(data), cancelled: true }))));
  }
}

/** Nothing of these matches ever left and nothing will, be it that the time passed or that the seller said so: they are released, so that another producer is asked and the buyer's limit is free. */
const releaseUnsent = async (tx: Tx, facts: readonly Fact<DataOf<typeof DeliveryFailed>>[]): Promise<void> => {
  const causes = new Map(facts.map((fact) => [fact.data.matchId, fact]));
  const over = (await lockMatches(tx, [...causes.keys()])).filter(({ state, dispatched }) => (state === 'accepted' || state === 'secured') && !dispatched).map((match) => released(match, 'not-dispatched'));
  await updateMatches(tx, over);
  await tx.unschedule('orders/match-overdue', ...over.map(({ matchId }) => matchId));
  for (const match of over) await tx.publish(MatchReleased.of(releaseData(match)), causes.get(match.matchId));
};

type Names = { readonly shipmentId: string; readonly matchId: string; readonly orderId: string; readonly buyerId: string; readonly sellerId: string };
const namesOf = ({ shipmentId, matchId, orderId, buyerId, sellerId }: Names): Names => ({ shipmentId, matchId, orderId, buyerId, sellerId });

const total = <K extends string>(lines: readonly Record<K, number>[], field: K): number => lines.reduce((sum, line) => sum + line[field], 0);
