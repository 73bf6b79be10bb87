import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { MarketInstance } from './instance.js';
import { aLine, anOffer, barat90, cash, priced, seededInstance } from './sample-instance.js';
import { solveMarket } from './solve-market.js';
import { verifyAllocation } from './verify.js';

const market = (floorShare: number, tolerance: number): MarketInstance => ({
  asOf: '2026-08-23', policy: { fairness: { floorShare, tolerance } }, lines: [aLine({ id: 'one', quantity: 60 }), aLine({ id: 'two', quantity: 40 })],
  offers: [anOffer({ id: 'mill', sellerId: 'mill', ...priced(1_000) }), anOffer({ id: 'workshop', small: true, capacity: 50, ...priced(1_010) })],
});
const soldBy = ({ matches }: ReturnType<typeof solveMarket>, id: string): number => matches.reduce((sum, { offerId, quantity }) => (offerId === id ? sum + quantity : sum), 0);

describe('a floor share for small units', () => {
  it('is reached where it costs no more than the tolerance', () => {
    const found = solveMarket(market(30, 100));
    expect(soldBy(found, 'workshop')).toBe(50);
    expect(found.fairness).toMatchObject({ small: 50, matched: 100, reached: true, bonus: '10001' });
    expect(verifyAllocation(market(30, 100), found)).toEqual([]);
  });

  it('gives way where it would cost more', () => {
    const found = solveMarket(market(30, 40));
    expect(soldBy(found, 'workshop')).toBe(0);
    expect(found.fairness).toMatchObject({ small: 0, reached: false });
    expect(verifyAllocation(market(30, 40), found)).toEqual([]);
  });

  it('costs nothing where small units win by themselves', () => {
    expect(solveMarket({ ...market(30, 0), offers: [anOffer({ id: 'mill', ...priced(1_020) }), anOffer({ id: 'workshop', small: true, ...priced(1_010) })] }).fairness).toMatchObject({ bonus: '0', small: 100, reached: true });
  });

  it('keeps every result whole, proven and within its tolerance', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 500 }), (seed, floorShare, tolerance) => {
      const made = seededInstance(seed, { lines: 12, offers: 6, variants: 2 });
      const instance = { ...made, policy: { fairness: { floorShare, tolerance } }, offers: made.offers.map((offer, j) => ({ ...offer, small: j % 3 === 0 })) };
      const [fair, plain] = [solveMarket(instance), solveMarket(made)];
      expect(verifyAllocation(instance, fair)).toEqual([]);
      expect(fair.cost.unmatchedUnits).toBe(plain.cost.unmatchedUnits);
      expect(BigInt(fair.certificate.objective)).toBeGreaterThanOrEqual(BigInt(plain.certificate.objective));
    }), { numRuns: 60 });
  });

  it('is rejected by the checker when its report is not what the matches say', () => {
    const instance = market(30, 100);
    const { fairness, ...found } = solveMarket(instance);
    if (fairness === undefined) throw new Error('The policy asks for a share');
    expect(verifyAllocation(instance, { ...found, fairness: { ...fairness, small: 60 } })).not.toEqual([]);
    expect(verifyAllocation(instance, { ...found, fairness: { ...fairness, bonus: '1' } })).not.toEqual([]);
    expect(verifyAllocation(instance, found)).not.toEqual([]);
    expect(verifyAllocation({ ...instance, policy: { fairness: { floorShare: 30, tolerance: 1 } } }, { ...found, fairness })).not.toEqual([]);
  });
});

describe('premia', () => {
  const premia = { grade: { A: 0, B: 200, C: 500 }, day: 0, risk: 1_000 };
  const offers = [anOffer({ id: 'sure', ...priced(1_000) }), anOffer({ id: 'cheap', ...priced(990), grade: 'B' })];

  it('make a dearer offer of better grade win, and are no part of what it costs', () => {
    const instance: MarketInstance = { asOf: '2026-08-23', policy: { premia }, lines: [aLine({ quantity: 10 })], offers };
    const found = solveMarket(instance);
    // 990 and 2 % of it are 1,009.8.
    expect(found.matches[0]).toMatchObject({ offerId: 'sure', landed: '10000', runnerUp: { offerId: 'cheap', landed: '990', difference: '9.8' } });
    expect(verifyAllocation(instance, found)).toEqual([]);
    expect(solveMarket({ ...instance, policy: {} }).matches[0]).toMatchObject({ offerId: 'cheap' });
  });

  it('are told with the match that carries them', () => {
    const [match] = solveMarket({ asOf: '2026-08-23', policy: { premia }, lines: [aLine({ quantity: 10 })], offers: [anOffer({ ...priced(1_000), credibility: 75 })] }).matches;
    expect(match.perUnit).toEqual({ presentValue: '1000', freight: '0', landed: '1000', premium: '25' });
  });

  it.each([[['sure', 'cheap'], 'sure'], [['cheap', 'sure'], 'cheap'], [[], 'cheap']])('let the order %j of preferred sellers decide: %s', (preferredSellers, winner) => {
    const rivals = [anOffer({ id: 'sure', sellerId: 'sure', ...priced(1_000) }), anOffer({ id: 'cheap', sellerId: 'cheap', ...priced(990) })];
    const instance: MarketInstance = { asOf: '2026-08-23', policy: { premia: { grade: { A: 0, B: 0, C: 0 }, day: 0, risk: 0, preference: 200 } }, lines: [aLine({ preferredSellers })], offers: rivals };
    const found = solveMarket(instance);
    expect(found.matches[0]).toMatchObject({ offerId: winner, landed: winner === 'sure' ? '100000' : '99000' });
    expect(verifyAllocation(instance, found)).toEqual([]);
  });

  it('leave the choice of term to the present value', () => {
    const prices = [{ terms: cash, price: { amount: '3950000', per: 1 }, validUntil: '2026-12-20' }, { terms: barat90, price: { amount: '4150000', per: 1 }, validUntil: '2026-12-20' }];
    expect(solveMarket({ asOf: '2026-08-23', policy: { premia }, lines: [aLine()], offers: [anOffer({ ...priced(0), prices, grade: 'C' })] }).matches[0].terms).toEqual(barat90);
  });
});
