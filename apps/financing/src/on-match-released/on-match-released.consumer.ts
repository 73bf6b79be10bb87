import { Controller } from '@nestjs/common';
import { MatchReleased, type DataOf, type Fact } from '@peyvand/contracts';
import { OnFacts, type Tx } from '@peyvand/messaging';
import { releaseUnused } from '../domain/limit.js';
import { changeCover } from '../store/cover-book.js';

/** The match is over before delivery: what was reserved for it is free again. */
@Controller()
export class OnMatchReleased {
  @OnFacts(MatchReleased)
  async release(facts: Fact<DataOf<typeof MatchReleased>>[], tx: Tx): Promise<void> {
    const byMatch = new Map(facts.map((fact) => [fact.data.matchId, fact]));
    await changeCover(tx, [...byMatch.keys()], releaseUnused, (matchId) => byMatch.get(matchId));
    await tx.run("update matches set state = 'released' where match_id = any($1::uuid[])", [facts.map((fact) => fact.data.matchId)]);
  }
}
