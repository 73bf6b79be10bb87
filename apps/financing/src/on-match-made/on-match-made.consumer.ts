import { Controller } from '@nestjs/common';
import { FinancingOpened, MatchMade, type DataOf, type Fact } from '@peyvand/contracts';
import { dayOf, rials } from '@peyvand/kernel';
import { OnFacts, type Tx } from '@peyvand/messaging';
import { coverOf } from '../financing.policy.js';

/** A match on account asks for cover; cash needs none. */
@Controller()
export class OnMatchMade {
  @OnFacts(MatchMade)
  async open(facts: Fact<DataOf<typeof MatchMade>>[], tx: Tx): Promise<void> {
    await tx.run(
      `insert into matches (match_id, order_id, buyer_id, seller_id, amount, terms, state, parties)
       select match_id, order_id, buyer_id, seller_id, amount, terms, 'opened', array[buyer_id, seller_id]
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::numeric[], $6::jsonb[]) as m(match_id, order_id, buyer_id, seller_id, amount, terms)
       on conflict (match_id) do nothing`,
      [facts.map((f) => f.data.matchId), facts.map((f) => f.data.orderId), facts.map((f) => f.data.buyerId), facts.map((f) => f.data.sellerId),
        facts.map((f) => f.data.amount), facts.map((f) => JSON.stringify(f.data.terms))]);
    for (const fact of facts) {
      const { orderId, matchId, buyerId, sellerId, amount, terms } = fact.data;
      if (terms.instrument === 'cash') continue;
      await tx.publish(FinancingOpened.of({ orderId, matchId, buyerId, sellerId, amount: String(coverOf(rials(amount), dayOf(tx.now))), terms }), fact);
    }
  }
}
