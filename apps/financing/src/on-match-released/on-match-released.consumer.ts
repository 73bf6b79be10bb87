import { Controller } from '@nestjs/common';
import { MatchReleased, type DataOf, type Fact } from '@peyvand/contracts';
import { OnFacts, type Tx } from '@peyvand/messaging';
import { releaseUnused } from '../domain/limit.js';
import { openCoverBook } from '../store/limits.store.js';

/** The match is over before delivery: what was reserved for it is free again. */
@Controller()
export class OnMatchReleased {
  @OnFacts(MatchReleased)
  async release(facts: Fact<DataOf<typeof MatchReleased>>[], tx: Tx): Promise<void> {
    const book = await openCoverBook(tx, facts.map((fact) => fact.data.matchId));
    for (const fact of facts) {
      for (const covered of book.coveredBy(fact.data.matchId)) {
        const decision = releaseUnused(covered);
        if (!decision.ok) continue;
        book.put(decision.state);
        await tx.publish(decision.events, fact);
      }
    }
    await book.save(tx);
    await tx.run("update matches set state = 'released' where match_id = any($1::uuid[])", [facts.map((fact) => fact.data.matchId)]);
  }
}
