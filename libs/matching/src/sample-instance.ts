import type { MarketInstance, MarketLine, MarketOffer, PaymentTerms } from './instance.js';
import { seeded } from './seeded.js';

export const cash: PaymentTerms = { days: 0, base: 'invoice', instrument: 'cash' };
export const barat90: PaymentTerms = { days: 90, base: 'invoice', instrument: 'barat' };
const robatKarim = { latitude: 35.48, longitude: 51.08 };
const hidaj = { latitude: 36.25, longitude: 49.13 };

/** A line and an offer of the school-shoes story; what matters to a test is given. */
export const aLine = (given: Partial<MarketLine> = {}): MarketLine => ({
  id: 'line', variantId: 'shoe', quantity: 100, shipTo: robatKarim, neededBy: '2026-09-20', costOfFunds: 2300, fillPolicy: 'partial', ...given,
});

export const anOffer = (given: Partial<MarketOffer> = {}): MarketOffer => ({
  id: 'offer', sellerId: 'workshop', variantId: 'shoe', capacity: 1000, minimum: 1, lot: 1, leadDays: 7, from: '2026-08-01', until: '2026-12-20', grade: 'A',
  place: hidaj, weightGrams: 450, prices: [{ terms: cash, price: { amount: '4000000', per: 1 }, validUntil: '2026-12-20' }], ...given,
});

/** Prices in cash, one per offer, from a place next door: the cost of an arc is the price. */
export const priced = (amount: number, per = 1): Pick<MarketOffer, 'prices' | 'place' | 'weightGrams'> => ({
  prices: [{ terms: cash, price: { amount: String(amount), per }, validUntil: '2026-12-20' }], place: robatKarim, weightGrams: 0,
});

/** A repeatable market: `variants` products, lines and offers spread over them and over the country, capacities by Pareto's law. */
export const seededInstance = (seed: number, size: { lines: number; offers: number; variants: number; minimum?: number; lot?: number }): MarketInstance => {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const place = (): { latitude: number; longitude: number } => ({ latitude: 27 + random() * 11, longitude: 45 + random() * 15 });
  const lines = Array.from({ length: size.lines }, (_, i): MarketLine =>
    aLine({ id: `line-${i}`, variantId: `v${below(size.variants)}`, quantity: 1 + below(60), shipTo: place(), neededBy: '2026-10-20' }));
  const demanded = lines.reduce((sum, { quantity }) => sum + quantity, 0) / size.offers;
  const offers = Array.from({ length: size.offers }, (_, j): MarketOffer => anOffer({
    id: `offer-${j}`, sellerId: `seller-${below(size.offers)}`, variantId: `v${j % size.variants}`, place: place(),
    capacity: Math.ceil((demanded * 0.5) / (1 - random()) ** 0.7), minimum: size.minimum ?? 1, lot: size.lot ?? 1,
    prices: [cash, barat90].map((terms) => ({ terms, price: { amount: String(900_000 + below(600_000) + terms.days * 1_000), per: 1 }, validUntil: '2026-12-20' })),
  }));
  return { asOf: '2026-08-23', lines, offers };
};
