import { Controller } from '@nestjs/common';
import { MatchSecured, type DataOf, type Fact } from '@peyvand/contracts';
import { NotYet, OnFacts, type Tx } from '@peyvand/messaging';
import { DeliveryConfig } from '../delivery.config.js';
import { waitForDispatch } from '../on-overdue/wait.js';
import { secureMatches } from '../store/match.store.js';
import { secureShipments } from '../store/shipment.store.js';

/** The goods may leave; from now on they are waited for. */
@Controller()
export class OnMatchSecured {
  constructor(private readonly config: DeliveryConfig) {}

  @OnFacts(MatchSecured) async handle(facts: Fact<DataOf<typeof MatchSecured>>[], tx: Tx): Promise<void> {
    const ids = [...new Set(facts.map(({ data }) => data.matchId))];
    const known = await secureMatches(tx, ids);
    const early = ids.find((id) => !known.has(id));
    if (early !== undefined) throw new NotYet('MatchMade', early);
    await waitForDispatch(tx, await secureShipments(tx, ids), this.config.graceDays);
  }
}
