import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { dayOf } from '@peyvand/kernel';
import { Source, transact, type Tx } from '@peyvand/messaging';
import type { Reaction, TaxAnswer } from '../domain/tax-document.js';
import { TaxSystem, type BuyersReaction, type TaxInvoice } from './tax-system.js';

/** How the pretender behaves: `late` answers only when asked for news, `twice` registers, loses the answer and repeats it, `down` is not reached. */
export const manners = ['ok', 'refuse', 'late', 'twice', 'down'] as const;
export type TaxMood = { readonly documents: (typeof manners)[number]; readonly delayMs: number };

export const calm: TaxMood = { documents: 'ok', delayMs: 0 };

/** A tax system for demonstrations and tests. It keeps its own book, so the same tax id is registered once. */
@Injectable()
export class SimulatedTax extends TaxSystem {
  constructor(private readonly source: Source) {
    super();
  }

  async sendMany(invoices: readonly TaxInvoice[]): Promise<readonly TaxAnswer[]> {
    const { mood, rows } = await transact(this.source, async (tx) => {
      const now = await readMood(tx);
      if (now.documents === 'down') throw new Error('The simulated tax system was told not to be reached');
      const fresh = (taxId: string): TaxAnswer => (now.documents === 'refuse' ? { taxId, outcome: 'refused', reason: 'buyer-unknown' } : { taxId, outcome: 'registered', on: dayOf(tx.now) });
      return { mood: now, rows: await tx.sql<Entry>(
        `insert into simulated_tax_book (tax_id, answer, told) select tax_id, answer, $3 from unnest($1::text[], $2::jsonb[]) as b(tax_id, answer)
         on conflict (tax_id) do update set times = simulated_tax_book.times + 1 returning answer, told, times`,
        [invoices.map(({ taxId }) => taxId), invoices.map(({ taxId }) => JSON.stringify(fresh(taxId))), now.documents !== 'late']) };
    });
    if (mood.delayMs > 0) await sleep(mood.delayMs);
    if (mood.documents === 'twice' && rows.some(({ times }) => times === 1)) throw new Error('The line broke after the tax system had registered the documents');
    const answers = rows.filter(({ told }) => told).map(({ answer }) => answer);
    return mood.documents === 'twice' ? [...answers, ...answers] : answers;
  }

  async news(): Promise<readonly TaxAnswer[]> {
    return transact(this.source, async (tx) => {
      if ((await readMood(tx)).documents === 'down') throw new Error('The simulated tax system was told not to be reached');
      return (await tx.sql<Entry>('select answer from simulated_tax_book where not told order by tax_id')).map(({ answer }) => answer);
    }, { readOnly: true });
  }

  react({ taxId, reaction, reason }: BuyersReaction): Promise<void> {
    return this.report({ [taxId]: { reaction, ...(reason === undefined ? {} : { reason }) } });
  }

  /** What happened in the system's own pages: it is told as news, also of ids that nobody sent. */
  report(words: Readonly<Record<string, { readonly reaction: Reaction; readonly reason?: string }>>): Promise<void> {
    return transact(this.source, async (tx) => {
      const answers = Object.entries(words).map(([taxId, word]) => ({ taxId, outcome: 'registered', on: dayOf(tx.now), ...word }));
      await tx.run(
        `insert into simulated_tax_book (tax_id, answer, told) select tax_id, answer, false from unnest($1::text[], $2::jsonb[]) as b(tax_id, answer)
         on conflict (tax_id) do update set answer = simulated_tax_book.answer || (excluded.answer - 'on'), told = false`,
        [answers.map(({ taxId }) => taxId), answers.map((answer) => JSON.stringify(answer))]);
    });
  }

  mood(): Promise<TaxMood> {
    return transact(this.source, readMood, { readOnly: true });
  }

  setMood(change: Partial<TaxMood>): Promise<TaxMood> {
    return transact(this.source, async (tx) => {
      const mood = { ...(await readMood(tx)), ...change };
      await tx.run('insert into simulated_tax (mood) values ($1) on conflict (one) do update set mood = excluded.mood', [JSON.stringify(mood)]);
      return mood;
    });
  }
}

type Entry = { readonly answer: TaxAnswer; readonly told: boolean; readonly times: number };

const readMood = async (tx: Tx): Promise<TaxMood> => {
  const [row] = await tx.sql<{ mood: TaxMood }>('select mood from simulated_tax');
  return { ...calm, ...row?.mood };
};
