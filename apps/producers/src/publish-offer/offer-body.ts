import { day } from '@peyvand/kernel';
import { CivilDay, ListOf, Nested, OneOf, reply, Rials, Whole } from '@peyvand/platform';
import { z } from 'zod';
import type { Offer as Stored, OfferTerms, Quote } from '../domain/offer.js';

export class TermsBody {
  @Whole({ min: 0, max: 365 }) days: number;
  @OneOf(['invoice', 'receipt', 'month-end']) base: Quote['terms']['base'];
  @OneOf(['cash', 'open', 'barat', 'e-barat', 'safte', 'cheque']) instrument: Quote['terms']['instrument'];
}

export class PriceBody {
  @Rials() amount: string;
  @Whole({ min: 1, max: 1_000_000, description: 'How many units the amount is for' }) per: number;
}

export class StepBody {
  @Whole({ min: 2, max: 1_000_000_000, description: 'From so many units of one matched line on' }) from: number;
  @Rials({ description: 'For as many units as the price’s `per`; below the amount before it' }) amount: string;
}

export class BreaksBody {
  @OneOf(['all-units', 'incremental'], { description: 'all-units: the whole quantity at the price of the step it reaches; incremental: only the units from the step on' }) kind: 'all-units' | 'incremental';
  @ListOf(() => StepBody, { min: 1, max: 20 }) steps: StepBody[];
}

export class QuoteBody {
  @Nested(() => TermsBody) terms: TermsBody;
  @Nested(() => PriceBody) price: PriceBody;
  @Nested(() => BreaksBody, { optional: true, description: 'Lower prices for larger quantities' }) breaks?: BreaksBody;
  @CivilDay() validUntil: string;
}

export class OfferTermsBody {
  @Whole({ min: 1, max: 1_000_000_000 }) capacity: number;
  @Whole({ min: 0, max: 1_000_000_000 }) minimum: number;
  @Whole({ min: 1, max: 1_000_000 }) lot: number;
  @Whole({ min: 0, max: 365 }) leadDays: number;
  @CivilDay() from: string;
  @CivilDay() until: string;
  @OneOf(['A', 'B', 'C']) grade: 'A' | 'B' | 'C';
  @ListOf(() => QuoteBody, { min: 1, max: 30 }) prices: QuoteBody[];
}

export const quotesOf = (prices: readonly QuoteBody[]): Quote[] =>
  prices.map(({ terms: { days, base, instrument }, price: { amount, per }, breaks, validUntil }) => ({
    terms: { days, base, instrument }, price: { amount, per }, validUntil: day(validUntil),
    ...(breaks !== undefined && { breaks: { kind: breaks.kind, steps: breaks.steps.map(({ from, amount: lower }) => ({ from, amount: lower })) } }),
  }));

export const termsOf = ({ capacity, minimum, lot, leadDays, from, until, grade, prices }: OfferTermsBody): OfferTerms =>
  ({ capacity, minimum, lot, leadDays, from: day(from), until: day(until), grade, prices: quotesOf(prices) });

/** An offer as its producer reads it. */
export const Offer = z.object({
  offerId: reply.uuid, producerId: reply.uuid, productId: reply.uuid, variantId: reply.uuid, market: reply.text, unit: reply.text.describe('UN/ECE Recommendation 20'), place: reply.place,
  capacity: reply.whole.describe('Units on offer in the whole window'), minimum: reply.whole, lot: reply.whole, leadDays: reply.whole, from: reply.day, until: reply.day, grade: z.enum(['A', 'B', 'C']),
  prices: z.array(z.object({
    terms: reply.terms, price: reply.price, validUntil: reply.day,
    breaks: z.object({ kind: z.enum(['all-units', 'incremental']), steps: z.array(z.object({ from: reply.whole, amount: reply.rials })) }).optional(),
  })),
  state: z.enum(['open', 'waiting', 'withdrawn']).describe('waiting: some of it is not told yet, because the producer is not verified'), revision: reply.whole,
}).meta({ id: 'Offer' });

export const shown = ({ id: offerId, state, told, ...offer }: Stored) => ({ offerId, ...offer, state: state === 'open' && told < offer.revision ? ('waiting' as const) : state });
