import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Source, transact, type Tx } from '@peyvand/messaging';
import { Bank, type AccountAnswer, type PaymentAnswer, type PaymentOrder } from './bank.js';

/** How the pretender behaves: `slow` answers late, `twice` executes, loses the answer and answers the repeated question. */
export type Mood = {
  readonly payments: 'ok' | 'refuse' | 'slow' | 'twice';
  readonly delayMs: number;
  /** Debtors whose account is empty, by party id. */
  readonly collections: Readonly<Record<string, 'refuse'>>;
  /** Parties whose Sheba belongs to another. */
  readonly accounts: Readonly<Record<string, 'refuse'>>;
};

export const calm: Mood = { payments: 'ok', delayMs: 0, collections: {}, accounts: {} };

/** A bank for demonstrations and tests: it keeps its own book, so that the same payment id never moves money twice. */
@Injectable()
export class SimulatedBank extends Bank {
  constructor(private readonly source: Source) {
    super();
  }

  async pay(order: PaymentOrder): Promise<PaymentAnswer> {
    return only(await this.payMany([order]));
  }

  async collect(order: PaymentOrder): Promise<PaymentAnswer> {
    return only(await this.collectMany([order]));
  }

  override payMany(orders: readonly PaymentOrder[]): Promise<PaymentAnswer[]> {
    return this.execute(orders, (mood) => (mood.payments === 'refuse' ? 'account-blocked' : undefined));
  }

  override collectMany(orders: readonly PaymentOrder[]): Promise<PaymentAnswer[]> {
    return this.execute(orders, (mood, { debtorId }) => (debtorId in mood.collections ? 'insufficient-funds' : undefined));
  }

  async verifyAccount(_sheba: string, partyId: string): Promise<AccountAnswer> {
    return partyId in (await this.mood()).accounts ? { verified: false, reason: 'name-differs' } : { verified: true };
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

  /** Books first and answers after: what is late or lost is the answer, as with a real bank. */
  private async execute(orders: readonly PaymentOrder[], refusal: (mood: Mood, order: PaymentOrder) => string | undefined): Promise<PaymentAnswer[]> {
    const { mood, rows } = await transact(this.source, async (tx) => {
      const now = await readMood(tx);
      const fresh = orders.map((order): PaymentAnswer => {
        const reason = refusal(now, order);
        return reason === undefined ? { outcome: 'done', bankRef: `SIM-${order.paymentId.slice(-12)}` } : { outcome: 'refused', reason };
      });
      return { mood: now, rows: await tx.sql<{ payment_id: string; answer: PaymentAnswer; times: number }>(
        `insert into simulated_bank_book (payment_id, answer) select * from unnest($1::uuid[], $2::jsonb[])
         on conflict (payment_id) do update set times = simulated_bank_book.times + 1 returning payment_id, answer, times`,
        [orders.map(({ paymentId }) => paymentId), fresh.map((answer) => JSON.stringify(answer))]) };
    });
    const delay = mood.delayMs === 0 && mood.payments === 'slow' ? 2_000 : mood.delayMs;
    if (delay > 0) await sleep(delay);
    if (mood.payments === 'twice' && rows.some(({ times }) => times === 1)) throw new Error('The line broke after the bank had executed the payment');
    const answers = new Map(rows.map((row) => [row.payment_id, row.answer]));
    return orders.map(({ paymentId }) => only([answers.get(paymentId)]));
  }
}

const only = ([answer]: readonly (PaymentAnswer | undefined)[]): PaymentAnswer => {
  if (answer === undefined) throw new Error('The simulated bank lost its book');
  return answer;
};

const readMood = async (tx: Tx): Promise<Mood> => {
  const [row] = await tx.sql<{ mood: Mood }>('select mood from simulated_bank');
  return { ...calm, ...row?.mood };
};
