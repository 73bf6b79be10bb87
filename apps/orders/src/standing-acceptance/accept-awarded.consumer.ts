import { Controller } from '@nestjs/common';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { acceptsItself } from '../domain/standing-acceptance.js';
import { answerMatches } from '../answer-match/answer-matches.js';
import { lockMatchesOf } from '../store/match.store.js';
import { standingAcceptances } from '../store/standing-acceptance.store.js';

/** What an approver awarded is accepted here, at once: the buyer's people cannot see the producers' standing words. */
@Controller()
export class AcceptAwarded {
  @OnDeadline('orders/standing-acceptance')
  async accept({ key: orderId }: Due, tx: Tx): Promise<void> {
    const issued = (await lockMatchesOf(tx, orderId)).filter(({ state }) => state === 'issued');
    const words = await standingAcceptances(tx, issued.map(({ sellerId }) => sellerId));
    for (const match of issued.filter((one) => acceptsItself(words.get(one.sellerId), one))) {
      const answered = await answerMatches(tx, match.sellerId, [{ matchId: match.matchId, answer: 'accept' }]);
      if (!answered.ok) throw new Error(`An issued purchase order could not be accepted: ${answered.reason}`);
    }
  }
}
