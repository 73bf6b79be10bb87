import type { PaymentTerms } from '@peyvand/contracts';
import { addDays, dayOf, type Day, type Instant } from '@peyvand/kernel';
import { idOf } from '@peyvand/testing/simulation';
import type { Line, Order } from '../../src/domain/order.js';
import { buyers, placeAt, sellers, variants, type MarketStep } from './schedule.js';
import type { Offer } from './rows.js';

/** What the schedule's numbers offer: one of six offers, a new revision of it where there was one. */
export const offerOf = ({ pick, size }: Pick<MarketStep, 'pick' | 'size'>, before: (id: string) => Offer | undefined, from: Day, until: Day, termsOf: (n: number) => PaymentTerms): Offer => {
  const n = pick % 6;
  const id = idOf('offer', n);
  const [capacity, { committed, revision }] = [size % 61, before(id) ?? { committed: 0, revision: 0 }];
  return {
    id, sellerId: idOf('seller', n % sellers), variantId: idOf('variant', n % variants), capacity, minimum: size % 3 === 0 ? 5 : 1, lot: size % 4 === 0 ? 5 : 1, leadDays: 1 + (size % 5),
    from, until, grade: 'A', place: placeAt(n), weightGrams: 500, revision: revision + 1,
    prices: [{ terms: termsOf(n), price: { amount: String(1_000 + size), per: 1 }, validUntil: until }],
    committed, ceiling: Math.max(capacity, committed),
  };
};

/** What the nth offer asks. */
export const cashOrBarat = (n: number): PaymentTerms => ({ days: 0, base: 'invoice', instrument: n % 2 === 0 ? 'cash' : 'barat' });

/** What they order: the order and its one or two lines. `counts` are how many there are already. */
export const orderOf = ({ pick, size }: Pick<MarketStep, 'pick' | 'size'>, counts: { readonly orders: number; readonly lines: number }, now: Instant): { order: Order; lines: Line[] } => {
  const orderId = idOf('order', counts.orders);
  return {
    order: {
      orderId, buyerId: idOf('buyer', pick % buyers), poNumber: String(counts.orders), award: size % 3 === 0 ? 'approver' : 'automatic', submittedBy: 'a', submittedAt: now, revision: 1, status: 'open', cancelled: false, version: 1,
    },
    lines: Array.from({ length: 1 + (pick % 2) }, (_, l): Line => {
      const quantity = 1 + ((size + l * 7) % 40);
      return {
        lineId: idOf('line', counts.lines + l), orderId, variantId: idOf('variant', (size + l) % variants), market: 'shoes', unit: 'NPR', shipTo: placeAt(l), quantity, neededBy: addDays(dayOf(now), 3 + (size % 30)),
        fillPolicy: (['back-order', 'partial', 'all-or-none'] as const)[size % 3] ?? 'partial', substitutes: size % 5 === 0 ? [idOf('variant', (size + l + 1) % variants)] : [], approvedSellers: [], blockedSellers: [],
        excludedSellers: [], matched: 0, waiting: quantity, unmatched: 0, cancelled: 0, final: false, version: 1,
      };
    }),
  };
};
