import { Controller } from '@nestjs/common';
import { PurchaseOrderAccepted, type DataOf, type Fact } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { OnFacts, type Tx } from '@peyvand/messaging';
import { DeliveryConfig } from '../delivery.config.js';
import { agreementOf } from '../domain/agreement.js';
import { chooseCarrier } from '../domain/choose-carrier.js';
import { planShipment, type PlannedShipment } from '../domain/shipment.js';
import { waitForDispatch } from '../on-overdue/wait.js';
import { agreeMatches } from '../store/match.store.js';
import { carrierIds } from '../store/reference.store.js';
import { insertShipments } from '../store/shipment.store.js';

/** Buyer and seller agree, so the goods can be planned. Three statements whatever the size of the batch. */
@Controller()
export class OnPurchaseOrderAccepted {
  constructor(private readonly config: DeliveryConfig) {}

  @OnFacts(PurchaseOrderAccepted) async handle(facts: Fact<DataOf<typeof PurchaseOrderAccepted>>[], tx: Tx): Promise<void> {
    // The first acceptance of a match counts; a second one finds it agreed (or released) and changes nothing.
    const accepted = new Map([...facts].reverse().map((fact) => [fact.data.matchId, fact]));
    const news = await agreeMatches(tx, [...accepted.values()].map(({ data }) => agreementOf(data)));
    const carriers = await carrierIds(tx);
    const shipments: PlannedShipment[] = [];
    for (const [matchId, { secured }] of news) {
      const fact = accepted.get(matchId);
      if (fact === undefined) continue;
      const { state, events } = planShipment(agreementOf(fact.data), { id: newId(), carrierId: chooseCarrier(carriers, fact.data), secured });
      shipments.push(state);
      await tx.publish(events, fact);
    }
    await insertShipments(tx, shipments);
    await waitForDispatch(tx, shipments.filter(({ secured }) => secured), this.config.graceDays);
  }
}
