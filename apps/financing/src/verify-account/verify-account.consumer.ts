import { Controller } from '@nestjs/common';
import { OnErrand, type Due, type Tx } from '@peyvand/messaging';
import { askLater } from '../pay-seller/ask-bank.js';
import { Bank } from '../ports/bank.js';

@Controller()
export class VerifyAccountErrand {
  constructor(private readonly bank: Bank) {}

  @OnErrand('bank/verify-account')
  async ask(due: Due<{ sheba: string }>): Promise<(tx: Tx) => Promise<void>> {
    const { key: partyId, data } = due;
    const answer = await this.bank.verifyAccount(data.sheba, partyId);
    if (answer.verified === 'pending') return (tx) => askLater(tx, due);
    return async (tx) => {
      // The Sheba in the question counts: one that was changed meanwhile has a question of its own.
      await tx.run('update accounts set state = $3, reason = $4, since = $5 where party_id = $1 and sheba = $2',
        [partyId, data.sheba, answer.verified ? 'verified' : 'refused', answer.verified ? null : answer.reason, new Date(tx.now)]);
    };
  }
}
