import { Controller } from '@nestjs/common';
import { MatchMade, type DataOf, type Fact } from '@peyvand/contracts';
import { OnFacts, type Tx } from '@peyvand/messaging';
import { agreementOf } from '../domain/agreement.js';
import { insertProposed } from '../store/match.store.js';

/** Every match opens a delivery. It is only known here until both sides agree; the seller does not hear of it from us. */
@Controller()
export class OnMatchMade {
  @OnFacts(MatchMade) async handle(facts: Fact<DataOf<typeof MatchMade>>[], tx: Tx): Promise<void> {
    await insertProposed(tx, facts.map(({ data }) => agreementOf(data)));
  }
}
