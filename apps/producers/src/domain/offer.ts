import { OfferChanged, OfferPublished, OfferWithdrawn, type NewFact, type PaymentTerms, type Place } from '@peyvand/contracts';
import { accept, isTradable, refuse, type Day, type Decision } from '@peyvand/kernel';
import type { Fault } from './faults.js';

/**
 * Lower amounts from so many units of one matched line on, for as many units as the price's `per`: for all units of the line, or only for those
 * from the step on.
 */
export type Breaks = { readonly kind: 'all-units' | 'incremental'; readonly steps: readonly { readonly from: number; readonly amount: string }[] };

/** A price per payment term; `amount` is whole rials per `per` units. */
export type Quote = { readonly terms: PaymentTerms; readonly price: { readonly amount: string; readonly per: number }; readonly breaks?: Breaks; readonly validUntil: Day };

/** What a producer may change about an offer. */
export type OfferTerms = {
  /** Units on offer in the whole window. */
  readonly capacity: number;
  readonly minimum: number;
  readonly lot: number;
  readonly leadDays: number;
  readonly from: Day;
  readonly until: Day;
  readonly grade: 'A' | 'B' | 'C';
  readonly prices: readonly Quote[];
};

export type Offer = OfferTerms & {
  readonly id: string;
  readonly producerId: string;
  readonly productId: string;
  readonly variantId: string;
  readonly market: string;
  readonly unit: string;
  readonly place: Place;
  readonly state: 'open' | 'withdrawn';
  /** Counts what the producer said; also the version of the row. */
  readonly revision: number;
  /**
   * The revision the world has heard, 0 for none. A producer that is not verified prepares its offers and nobody hears of them:
   * they are told in the transaction that verifies it, so that nothing matchable comes from an unverified or suspended producer.
   */
  readonly told: number;
};

/** `at` is where the offer stands in the body: '' alone, 'products[3].offers[0].' in a catalogue. */
export const offerFaults = (offer: OfferTerms, today: Day, at = ''): Fault[] => {
  const faults: Fault[] = [];
  const fault = (path: string, code: string): void => void faults.push({ path: `${at}${path}`, code });
  if (offer.until < offer.from) fault('until', 'window-ends-before-it-begins');
  else if (offer.until < today) fault('until', 'window-is-over');
  if (offer.minimum % offer.lot !== 0) fault('minimum', 'minimum-not-in-lots');
  if (offer.minimum > offer.capacity) fault('minimum', 'minimum-above-capacity');
  const terms = new Set<string>();
  offer.prices.forEach(({ terms: t, price, breaks, validUntil }, i) => {
    const key = `${t.days}/${t.base}/${t.instrument}`;
    if (terms.has(key)) fault(`prices[${i}].terms`, 'terms-repeated');
    terms.add(key);
    if (t.instrument === 'cash' && t.days !== 0) fault(`prices[${i}].terms.days`, 'cash-has-no-days');
    if (BigInt(price.amount) === 0n) fault(`prices[${i}].price.amount`, 'price-is-zero');
    if (!isTradable(offer.capacity, price)) fault(`prices[${i}].price.amount`, 'worth-too-much');
    if (validUntil < offer.from) fault(`prices[${i}].validUntil`, 'price-ends-before-window');
    let before = { from: 1, amount: price.amount };
    breaks?.steps.forEach((step, n) => {
      if (step.from <= before.from) fault(`prices[${i}].breaks.steps[${n}].from`, 'steps-not-rising');
      if (BigInt(step.amount) >= BigInt(before.amount)) fault(`prices[${i}].breaks.steps[${n}].amount`, 'steps-not-falling');
      if (BigInt(step.amount) === 0n) fault(`prices[${i}].breaks.steps[${n}].amount`, 'price-is-zero');
      before = step;
    });
  });
  return faults;
};

export type OfferRefusal = 'offer-faulty' | 'offer-withdrawn' | 'offer-changed-meanwhile';

type Outcome = Decision<Offer, NewFact<unknown>, OfferRefusal>;

export const publishOffer = (offer: Offer, verified: boolean, today: Day): Outcome => {
  const errors = offerFaults(offer, today);
  return errors.length > 0 ? refuse('offer-faulty', { errors }) : tell(offer, verified);
};

/** `seen` is the revision the producer looked at when it decided, if it says so. */
export const changeOffer = (offer: Offer, change: Partial<OfferTerms>, verified: boolean, today: Day, seen?: number): Outcome => {
  if (offer.state === 'withdrawn') return refuse('offer-withdrawn');
  if (seen !== undefined && seen !== offer.revision) return refuse('offer-changed-meanwhile', { revision: offer.revision });
  const next = { ...offer, ...change, revision: offer.revision + 1 };
  const errors = offerFaults(next, today);
  return errors.length > 0 ? refuse('offer-faulty', { errors }) : tell(next, verified);
};

/** Told even while suspended: it only takes away. An offer nobody heard of goes without a word. */
export const withdrawOffer = (offer: Offer): Outcome => {
  if (offer.state === 'withdrawn') return refuse('offer-withdrawn');
  const next: Offer = { ...offer, state: 'withdrawn', revision: offer.revision + 1, told: offer.told === 0 ? 0 : offer.revision + 1 };
  return offer.told === 0 ? accept(next) : accept(next, OfferWithdrawn.of({ offerId: offer.id, producerId: offer.producerId, revision: next.revision }));
};

/** The offer and what the world hears of it now. */
export const tell = (offer: Offer, verified: boolean): { readonly ok: true; readonly state: Offer; readonly events: readonly NewFact<unknown>[] } => {
  if (!verified || offer.told === offer.revision || offer.state === 'withdrawn') return accept(offer);
  return accept({ ...offer, told: offer.revision }, (offer.told === 0 ? OfferPublished : OfferChanged).of(dataOf(offer)));
};

const dataOf = ({ id, state: _state, told: _told, prices, ...offer }: Offer) => ({
  ...offer, offerId: id, prices: prices.map(({ terms, price, breaks, validUntil }) => ({ terms: { ...terms }, price: { ...price }, ...(breaks !== undefined && { breaks: { kind: breaks.kind, steps: breaks.steps.map((step) => ({ ...step })) } }), validUntil })),
});
