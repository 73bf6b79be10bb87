import { describe, expect, it } from '@jest/globals';
import { day } from '@peyvand/kernel';
import type { LineMatch } from '@peyvand/matching';
import { awardsItself, formMatches, type Found } from './form-matches.js';
import type { Line } from './order.js';

const place = (placeId: string) => ({ placeId, city: 'c', province: 'p', latitude: 0, longitude: 0 });
const account = { days: 90, base: 'invoice', instrument: 'barat' } as const;
const cash = { days: 0, base: 'invoice', instrument: 'cash' } as const;
let ids = 0;
const found = (orderId: string, sellerId: string, parts: { terms?: typeof account | typeof cash; shipTo?: string; neededBy?: string; arrivesOn?: string; quantity?: number; lineId?: string; variantId?: string } = {}): Found => ({
  order: { orderId, buyerId: 'b', poNumber: `po-${orderId}` },
  line: { lineId: parts.lineId ?? `l${++ids}`, unit: 'PR', shipTo: place(parts.shipTo ?? 'dc'), neededBy: day(parts.neededBy ?? '2026-06-01') } as Line,
  found: {
    sellerId, offerId: 'x', variantId: parts.variantId ?? 'v', quantity: parts.quantity ?? 1, terms: parts.terms ?? account, price: { amount: '100', per: 1 }, amount: String(100 * (parts.quantity ?? 1)), arrivesOn: parts.arrivesOn ?? '2026-05-01', perUnit: { presentValue: '90', freight: '1', landed: '91' }, distanceKm: 5,
  } as LineMatch,
});
const made = (...all: Found[]) => formMatches('shoes', all, () => `m${++ids}`);

describe('a match', () => {
  it.each<[string, Found[], number]>([
    ['is one order with one producer', [found('o', 's'), found('o', 's')], 1],
    ['another producer makes another', [found('o', 's'), found('o', 't')], 2],
    ['another order makes another', [found('o', 's'), found('p', 's')], 2],
    ['other terms make another', [found('o', 's'), found('o', 's', { terms: cash })], 2],
    ['another place makes another', [found('o', 's'), found('o', 's', { shipTo: 'store' })], 2],
    ['another line in another variant makes none', [found('o', 's'), found('o', 's', { variantId: 'w' })], 1],
    ['the same line from two offers of a variant makes none', [found('o', 's', { lineId: 'l' }), found('o', 's', { lineId: 'l' })], 1],
    ['the same line in another variant makes another', [found('o', 's', { lineId: 'l' }), found('o', 's'), found('o', 's', { lineId: 'l', variantId: 'w' })], 2],
    ['other days make none', [found('o', 's', { neededBy: '2026-05-20' }), found('o', 's', { arrivesOn: '2026-05-09' })], 1],
  ])('%s', (_, all, count) => expect(made(...all)).toHaveLength(count));

  it('is needed by its first line’s day, promised for its last one’s, and worth the sum', () =>
    expect(made(found('o', 's', { neededBy: '2026-05-20', quantity: 3 }), found('o', 's', { arrivesOn: '2026-05-09' }))).toMatchObject([{ neededBy: '2026-05-20', promisedBy: '2026-05-09', amount: '400', state: 'proposed' }]));
});

describe('the award', () => {
  const matches = made(found('o', 's', { quantity: 5 }));
  it.each([
    ['automatic', '500', '0', true], ['automatic', '499', '0', false], ['automatic', '500', '1', false], ['automatic', undefined, '0', false], ['approver', '500', '0', false],
  ] as const)('%s with a limit of %s after %s goes by itself: %s', (award, upTo, before, itself) => expect(awardsItself(award, upTo, before, matches)).toBe(itself));
});
