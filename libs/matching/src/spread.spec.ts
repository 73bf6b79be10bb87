import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Fairness, MarketInstance, MarketLine, MarketOffer } from './instance.js';
import { aLine, anOffer, priced, seededInstance } from './sample-instance.js';
import { solveMarket } from './solve-market.js';
import { verifyAllocation } from './verify.js';

const isfahan = { latitude: 32.65, longitude: 51.67 };
const market = (lines: readonly MarketLine[], offers: readonly MarketOffer[], fairness: Partial<Fairness> = {}): MarketInstance =>
  ({ asOf: '2026-08-23', lines, offers, policy: { fairness: { floorShare: 0, tolerance: 100, maxMinFill: true, ...fairness } } });
const fillsOf = (instance: MarketInstance): Record<string, number> => {
  const found = solveMarket(instance);
  expect(verifyAllocation(instance, found)).toEqual([]);
  return Object.fromEntries(instance.lines.map(({ id }) => [id, found.matches.reduce((sum, { lineId, quantity }) => (lineId === id ? sum + quantity : sum), 0)]));
};
const [near, far] = [aLine({ id: 'near', quantity: 100 }), aLine({ id: 'far', quantity: 200, shipTo: isfahan })];
const scarce = anOffer({ ...priced(100_000), capacity: 150, weightGrams: 450 });

describe('a shortage', () => {
  it('falls on the farther line where only cost counts, and on both alike where fill is spread', () => {
    expect(fillsOf(market([near, far], [scarce], { maxMinFill: false }))).toEqual({ near: 100, far: 50 });
    expect(fillsOf(market([near, far], [scarce], { tolerance: 10_000 }))).toEqual({ near: 50, far: 100 });
  });

  it('is spread no further than the tolerance pays for', () => {
    const { near: more, far: less } = fillsOf(market([near, far], [scarce], { tolerance: 150 }));
    expect(less).toBeGreaterThan(50);
    expect(less).toBeLessThan(100);
    expect((more ?? 0) + (less ?? 0)).toBe(150);
  });

  it('leaves lines alone that want their least or nothing', () => {
    expect(fillsOf(market([{ ...near, fillPolicy: 'all-or-none' }, far], [scarce], { tolerance: 10_000 }))).toEqual({ near: 100, far: 50 });
  });

  it('is spread in whole lots too', () => {
    expect(fillsOf(market([near, far], [{ ...scarce, lot: 10 }], { tolerance: 10_000 }))).toEqual({ near: 50, far: 100 });
  });

  it('never leaves the worst filled line worse, matches as much, and is proven', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 60 }), fc.constantFrom(1, 1, 4), (seed, tolerance, floorShare, lot) => {
      const made = seededInstance(seed, { lines: 8, offers: 4, variants: 1, lot });
      const offers = made.offers.map((offer, j) => ({ ...offer, small: j % 2 === 0, capacity: Math.ceil(offer.capacity / 3) }));
      const worst = (maxMinFill: boolean): [number, number] => {
        const instance = market(made.lines, offers, { floorShare, tolerance, maxMinFill });
        const fills = fillsOf(instance);
        return [Math.min(...made.lines.map(({ id, quantity }) => Math.floor((100 * (fills[id] ?? 0)) / quantity))), Object.values(fills).reduce((sum, units) => sum + units, 0)];
      };
      const [[before, units], [after, spreadUnits]] = [worst(false), worst(true)];
      expect(after).toBeGreaterThanOrEqual(before);
      expect(spreadUnits).toBe(units);
    }), { numRuns: 40, examples: [[316, 2, 0, 1]] });
  });

  it('is the most even there is within the tolerance, by trying everything', () => {
    const small = fc.record({
      lines: fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 5 }), refuses: fc.constantFrom('s0', 's1', 'nobody') }), { minLength: 2, maxLength: 3 }),
      offers: fc.array(fc.record({ capacity: fc.integer({ min: 1, max: 4 }), price: fc.integer({ min: 1, max: 9 }) }), { minLength: 1, maxLength: 2 }), tolerance: fc.constantFrom(0, 1_000, 10_000),
    });
    fc.assert(fc.property(small, ({ lines, offers, tolerance }) => {
      const instance = market(
        lines.map(({ quantity, refuses }, i) => aLine({ id: `l${i}`, quantity, blockedSellers: [refuses] })),
        offers.map(({ capacity, price }, j) => anOffer({ id: `o${j}`, sellerId: `s${j}`, capacity, ...priced(price) })), { tolerance });
      const fills = fillsOf(instance);
      // Only lines of one part compete; what no offer may fill is left out.
      const open = instance.lines.filter(({ blockedSellers = [] }) => offers.some((_, j) => !blockedSellers.includes(`s${j}`)));
      if (open.length < instance.lines.length || offers.length > 1) return;
      const capacity = offers[0]?.capacity ?? 0;
      const floorAt = (quantity: number, share: number): number => Math.min(quantity, capacity, Math.ceil((quantity * share) / 100));
      // One offer at one price: any spread costs the same, so whole per cents are the only limit.
      const fits = (share: number): boolean => open.reduce((sum, { quantity }) => sum + floorAt(quantity, share), 0) <= capacity;
      const best = Array.from({ length: 101 }, (_, n) => 100 - n).find(fits) ?? 0;
      for (const { id, quantity } of open) expect(fills[id]).toBeGreaterThanOrEqual(floorAt(quantity, best));
    }), { numRuns: 300 });
  });

  it('is told with floors that the checker holds the matches to', () => {
    const instance = market([near, far], [scarce], { tolerance: 10_000 });
    const found = solveMarket(instance);
    expect(found.fairness?.floors).toEqual({ near: 50, far: 100 });
    if (found.fairness === undefined) throw new Error('The policy asks for a spread');
    expect(verifyAllocation(instance, { ...found, fairness: { ...found.fairness, floors: { near: 90, far: 60 } } })).not.toEqual([]);
    expect(verifyAllocation(market([near, far], [scarce], { tolerance: 1 }), found)).not.toEqual([]);
  });
});
