import { Controller } from '@nestjs/common';
import { MatchReleased, type DataOf, type Fact } from '@peyvand/contracts';
import { NotYet, OnFacts, type Tx } from '@peyvand/messaging';
import { cancelShipment } from '../domain/shipment.js';
import { releaseMatches } from '../store/match.store.js';
import { lockPlannedOf, updateShipments, type StoredShipment } from '../store/shipment.store.js';

/** The match is over: what has not left will not leave. */
@Controller()
export class OnMatchReleased {
  @OnFacts(MatchReleased) async handle(facts: Fact<DataOf<typeof MatchReleased>>[], tx: Tx): Promise<void> {
    const releases = new Map(facts.map((fact) => [fact.data.matchId, fact]));
    const ids = [...releases.keys()];
    const known = await releaseMatches(tx, ids);
    const early = ids.find((id) => !known.has(id));
    if (early !== undefined) throw new NotYet('MatchMade', early);
    const cancelled: StoredShipment[] = [];
    for (const { shipment, version } of await lockPlannedOf(tx, ids)) {
      const fact = releases.get(shipment.matchId);
      const decision = cancelShipment(shipment, fact?.data.reason ?? '');
      if (fact === undefined || !decision.ok) continue;
      cancelled.push({ shipment: decision.state, version });
      await tx.publish(decision.events, fact);
    }
    await updateShipments(tx, cancelled);
    await tx.unschedule('delivery/dispatch-by', ...cancelled.map(({ shipment }) => shipment.id));
  }
}
