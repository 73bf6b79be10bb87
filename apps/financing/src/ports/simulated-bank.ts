import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Source, transact, type Tx } from '@peyvand/messaging';
import { Bank, type PaymentAnswer, type PaymentOrder } from './bank.js';

/** How the pretender behaves. `refuse` by party id; `twice` executes, loses the answer and answers the repeated question. */
export type Mood = {
  readonly payments: 'ok' | 'refuse' | 'slow' | 'twice';
  readonly delayMs: number;
  /** Debtors whose account is empty. */
  readonly refuseCollectionFrom: readonly string[];
  readonly refuseAccountsOf: readonly string[];
};

export const calm: Mood = { payments: 'ok', delayMs: 0, refuseCollectionFrom: [], refuseAccountsOf: [] };

/** A bank for demonstrations and tests: it keeps its own book, so that the same payment id never moves money twice. */
@Injectable()
export class SimulatedBank extends Bank {
  constructor(private readonly source: Source) {
    super();
  }

  pay(order: PaymentOrder): Promise<PaymentAnswer> {
    return this.execute(order, (mood) => (mood.payments === 'refuse' ? 'account-blocked' : undefined));
  }

  collect(order: PaymentOrder): Promise<PaymentAnswer> {
    return this.execute(order, (mood) => (mood.refuseCollectionFrom.includes(order.debtorId) ? 'insufficient-funds' : undefined));
  }

  async verifyAccount(_sheba: string, partyId: string): Promise<{ verified: true } | { verified: false; reason: string }> {
    const mood = await this.mood();
    return mood.refuseAccountsOf.includes(partyId) ? { verified: false, reason: 'name-differs' } : { verified: true };
  }

  mood(): Promise<Mood> {
    return transact(this.source, readMood, { readOnly: true });
  }

  setMood(change: Partial<Mood>): Promise<Mood> {
    return transact(this.source, async (tx) => {
      const mood = { ...(await readMood(tx)), ...change };
      await tx.run('insert into simulated_bank (mood) values ($1) on conflict (one) do update set mood = excluded.mood', [JSON.stringify(mood)]);
      return mood;
    });
  }

  private async execute(order: PaymentOrder, refusal: (mood: Mood) => string | undefined): Promise<PaymentAnswer> {
    const mood = await this.mood();
    if (mood.delayMs > 0 || mood.payments === 'slow') await sleep(mood.delayMs === 0 ? 2_000 : mood.delayMs);
    const reason = refusal(mood);
    const fresh: PaymentAnswer = reason === undefined ? { outcome: 'done', bankRef: `SIM-${order.paymentId.slice(-12)}` } : { outcome: 'refused', reason };
    const { answer, times } = await transact(this.source, async (tx) => {
      const [row] = await tx.sql<{ answer: PaymentAnswer; times: number }>(
        `insert into simulated_bank_book (payment_id, answer) values ($1, $2)
         on conflict (payment_id) do update set times = simulated_bank_book.times + 1 returning answer, times`,
        [order.paymentId, JSON.stringify(fresh)]);
      if (row === undefined) throw new Error('The simulated bank lost its book');
      return row;
    });
    if (mood.payments === 'twice' && times === 1) throw new Error('The line broke after the bank had executed the payment');
    return answer;
  }
}

const readMood = async (tx: Tx): Promise<Mood> => {
  const [row] = await tx.sql<{ mood: Mood }>('select mood from simulated_bank');
  return { ...calm, ...row?.mood };
};
