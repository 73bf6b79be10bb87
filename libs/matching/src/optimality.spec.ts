import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Allocation } from './allocation.js';
import { solveExactFlow } from './exact-flow.js';
import { solveFlow } from './flow.js';
import type { MarketInstance, MarketLine, MarketOffer, Quote } from './instance.js';
import { networksOf, objectiveOf } from './network.js';
import { pairOf } from './pair.js';
import { prepare } from './prepare.js';
import { aLine, anOffer, cash, priced, seededInstance } from './sample-instance.js';
import { solveMarket } from './solve-market.js';
import { verifyAllocation } from './verify.js';

/** The least cost over every whole allocation there is, by trying them all; units left are charged the result's own penalties. */
const leastByTrial = (instance: MarketInstance, { certificate }: Allocation): bigint => {
  const market = prepare(instance);
  const free = market.offers.map(({ offer }) => offer.capacity);
  const place = (i: number): bigint => {
    if (i === market.lines.length) return market.offers.reduce((sum, { offer, fixed }, j) => (free[j] < offer.capacity ? sum + fixed : sum), 0n);
    const line = market.lines[i];
    const penalty = BigInt(certificate.lines[line.line.id]?.penalty ?? '0');
    const given = new Map<string, number>();
    const give = (j: number, left: number): bigint => {
      if (j === market.offers.length) {
        const { held = {}, maximumSuppliers = Infinity, shareCap = 100, quantity } = line.line;
        const sellers = [...given].filter(([, units]) => units > 0);
        if (sellers.filter(([seller]) => held[seller] === undefined).length > Math.max(0, maximumSuppliers - Object.keys(held).length)) return 10n ** 40n;
        const all = quantity + Object.values(held).reduce((sum, units) => sum + units, 0);
        if (line.line.shareCap !== undefined && sellers.some(([seller, units]) => 100 * (units + (held[seller] ?? 0)) > shareCap * all)) return 10n ** 40n;
        const atLeast = line.line.fillPolicy === 'all-or-none' ? line.line.quantity : (line.line.minimumFill ?? 0);
        if (left < line.line.quantity && line.line.quantity - left < atLeast) return 10n ** 40n;
        return penalty * BigInt(left) + place(i + 1);
      }
      let best = give(j + 1, left);
      const offer = market.offers[j];
      const pair = pairOf(market, line, offer);
      // Whether a ceiling holds depends on the quantity where prices break.
      if (pair.obstacles.some((reason) => reason !== 'above-ceiling') || pair.best === undefined || rankOf(line.line, offer.offer) < 0) return best;
      for (let units = offer.least; units <= Math.min(left, free[j]); units += offer.offer.lot) {
        const seller = offer.offer.sellerId;
        free[j] -= units;
        given.set(seller, (given.get(seller) ?? 0) + units);
        const price = Math.min(...offer.offer.prices.map((quote) => askedFor(quote, units)));
        const dear = line.line.priceCeiling !== undefined && price > Number(line.line.priceCeiling) * units;
        const cost = dear ? 10n ** 40n : (BigInt(price) * 1000n + BigInt(pair.freight) * BigInt(units)) + give(j + 1, left - units);
        given.set(seller, (given.get(seller) ?? 0) - units);
        free[j] += units;
        if (cost < best) best = cost;
      }
      return best;
    };
    return give(0, line.line.quantity);
  };
  return place(0);
};

/** Rials for so many units, step by step; prices are in cash and for one unit, so that it is their present value too. */
const askedFor = ({ price, breaks }: Quote, units: number): number => {
  if (breaks === undefined) return Number(price.amount) * units;
  const at = (unit: number): number => Number(breaks.steps.filter(({ from }) => from <= unit).at(-1)?.amount ?? price.amount);
  return breaks.kind === 'all-units' ? at(units) * units : Array.from({ length: units }, (_, n) => at(n + 1)).reduce((sum, each) => sum + each, 0);
};

/** The place of an offer's variant in a line's preference; below 0 where it will not do. */
const rankOf = ({ variantId, substitutes = [] }: Pick<MarketLine, 'variantId' | 'substitutes'>, offer: { readonly variantId: string }): number =>
  [...new Set([variantId, ...substitutes])].indexOf(offer.variantId);

/** The least sum of ranks over units of all allocations that match as much and cost as little as the result, by trying them all. */
const leastRanks = ({ lines, offers }: MarketInstance, found: Allocation): number => {
  const free = offers.map(({ capacity }) => capacity);
  const place = (i: number, units: number, cost: number, ranks: number): number => {
    if (i === lines.length) return lines.reduce((sum, { quantity }) => sum + quantity, 0) - units === found.cost.unmatchedUnits && String(cost) === found.cost.landed ? ranks : Infinity;
    const give = (j: number, left: number, given: number, spent: number, ranked: number): number => {
      if (j === offers.length) return place(i + 1, given, spent, ranked);
      const rank = rankOf(lines[i], offers[j]);
      let best = give(j + 1, left, given, spent, ranked);
      for (let take = 1; rank >= 0 && take <= Math.min(left, free[j]); take += 1) {
        free[j] -= take;
        best = Math.min(best, give(j + 1, left - take, given + take, spent + take * Number(offers[j].prices[0].price.amount), ranked + take * rank));
        free[j] += take;
      }
      return best;
    };
    return give(0, lines[i].quantity, units, cost, ranks);
  };
  return place(0, 0, 0, 0);
};

const someBreaks = fc.option(fc.record({ kind: fc.constantFrom('all-units' as const, 'incremental' as const), at: fc.uniqueArray(fc.integer({ min: 2, max: 5 }), { minLength: 1, maxLength: 2 }), drop: fc.integer({ min: 1, max: 5 }), beside: fc.option(fc.integer({ min: 0, max: 9 })) }));
type SomeBreaks = { kind: 'all-units' | 'incremental'; at: number[]; drop: number; beside: number | null };

/** A price with breaks where it can fall, at times beside a second price without. */
const broken = (offer: MarketOffer, price: number, scale: number, given: SomeBreaks | null): MarketOffer => {
  if (given === null) return offer;
  const { kind, at, drop, beside } = given;
  const steps = at.sort((a, b) => a - b).map((from, n) => ({ from, amount: (price - drop * (n + 1)) * scale })).filter(({ amount }) => amount >= 0).map(({ from, amount }) => ({ from, amount: String(amount) }));
  const [quote] = offer.prices;
  return {
    ...offer,
    prices: [{ ...quote, ...(steps.length === 0 ? {} : { breaks: { kind, steps } }) }, ...(beside === null ? [] : [{ ...quote, terms: { ...cash, instrument: 'open' as const }, price: { amount: String(beside * scale), per: 1 } }])],
  };
};

const tiny = (whole: boolean, limits = false, breaks = false): fc.Arbitrary<MarketInstance> => fc.record({
  lines: fc.array(fc.record({
    quantity: fc.integer({ min: 1, max: 5 }), variant: fc.constantFrom('a', 'a', 'b'), ceiling: fc.option(fc.integer({ min: 1, max: 9 })),
    penalty: fc.option(fc.integer({ min: 0, max: 9 })), every: fc.boolean(), atLeast: fc.option(fc.integer({ min: 1, max: 5 })), also: fc.constantFrom([], [], ['b'], ['a', 'c'], ['c', 'b', 'a']), refuses: fc.constantFrom('s0', 's1', 'nobody'), held: fc.option(fc.record({ s0: fc.integer({ min: 1, max: 4 }) })), sellers: fc.option(fc.integer({ min: 1, max: 2 })), cap: fc.option(fc.integer({ min: 20, max: 100 })),
  }), { minLength: 1, maxLength: 3 }),
  offers: fc.array(fc.record({ capacity: fc.integer({ min: 0, max: 6 }), variant: fc.constantFrom('a', 'a', 'b', 'c'), price: fc.integer({ min: 0, max: 9 }), minimum: fc.integer({ min: 0, max: 4 }), lot: fc.integer({ min: 1, max: 3 }), fixed: fc.option(fc.integer({ min: 0, max: 20 })), steps: breaks ? someBreaks : fc.constant(null) }), { minLength: 0, maxLength: 3 }),
  scale: fc.constantFrom(1, 1, 1_000_000_000_000),
}).map(({ lines, offers, scale }) => ({
  asOf: '2026-08-23',
  lines: lines.map(({ quantity, variant, ceiling, penalty, every, atLeast, also, refuses, held, sellers, cap }, i) => aLine({
    id: `l${i}`, variantId: variant, quantity, fillPolicy: whole && every ? 'all-or-none' : 'partial', blockedSellers: [refuses], substitutes: also,
    ...(whole && !every && atLeast !== null ? { minimumFill: Math.min(atLeast, quantity) } : {}),
    ...(ceiling === null ? {} : { priceCeiling: String(ceiling * scale) }), ...(penalty === null ? {} : { unmatchedPenalty: String(penalty * scale) }),
    ...(limits && held !== null ? { held } : {}),
    ...(limits && sellers !== null ? { maximumSuppliers: sellers } : {}), ...(limits && cap !== null ? { shareCap: cap } : {}),
  })),
  offers: offers.map(({ capacity, variant, price, minimum, lot, fixed, steps }, j) => broken(anOffer({ id: `o${j}`, sellerId: `s${limits ? j % 2 : j}`, variantId: variant, capacity, ...priced(price * scale), ...(whole ? { minimum, lot } : {}), ...(limits && fixed !== null ? { fixedCost: String(fixed * scale) } : {}) }), price, scale, steps)),
}));

/** The checker agrees, the bound holds, and the objective is the least there is wherever the effort sufficed. */
const costsTheLeast = (instance: MarketInstance): void => {
  const found = solveMarket(instance);
  expect(verifyAllocation(instance, found)).toEqual([]);
  const least = leastByTrial(instance, found);
  expect(BigInt(found.certificate.bound)).toBeLessThanOrEqual(least);
  if (found.quality.optimal) expect(BigInt(found.certificate.objective)).toBe(least);
  else expect(found.work.nodes).toBeGreaterThan(1_000);
};

describe('an allocation', () => {
  it('costs the least there is, with the dual prices that prove it', () => {
    fc.assert(fc.property(tiny(false), (instance) => {
      const found = solveMarket(instance);
      expect(found.quality).toEqual({ optimal: true });
      expect(verifyAllocation(instance, found)).toEqual([]);
      expect(BigInt(found.certificate.objective)).toBe(leastByTrial(instance, found));
    }), { numRuns: 3000 });
  });

  it('costs the least there is with lots, minimums, least fills and all-or-none too', () => {
    fc.assert(fc.property(tiny(true), (instance) => {
      const found = solveMarket(instance);
      expect(found.quality).toEqual({ optimal: true });
      expect(verifyAllocation(instance, found)).toEqual([]);
      expect(BigInt(found.certificate.objective)).toBe(leastByTrial(instance, found));
    }), { numRuns: 3000 });
  });

  it('costs the least there is with few sellers, share caps and fixed costs beside all that', () => {
    fc.assert(fc.property(fc.boolean().chain((whole) => tiny(whole, true)), costsTheLeast), { numRuns: 1500 });
  });

  it('costs the least there is where prices break, for all units or by increments, beside all that', () => {
    fc.assert(fc.property(fc.tuple(fc.boolean(), fc.boolean()).chain(([whole, limits]) => tiny(whole, limits, true)), costsTheLeast), { numRuns: 3000 });
  });

  it('is proven to the end where the fee of an increment is more than a number holds exactly', () => {
    const offer = anOffer({ id: 'o0', variantId: 'a', capacity: 3, ...priced(5_000_000_000_000) });
    const breaks = { kind: 'incremental' as const, steps: [{ from: 3, amount: '0' }] };
    const instance: MarketInstance = { asOf: '2026-08-23', lines: [aLine({ id: 'l0', variantId: 'a', quantity: 3 })], offers: [{ ...offer, prices: [{ ...offer.prices[0], breaks }] }] };
    expect(solveMarket(instance).quality).toEqual({ optimal: true });
    costsTheLeast(instance);
  });

  it('gives lines what they prefer wherever that costs the same', () => {
    // Few prices, so that most allocations tie; every allocation of the least cost is tried.
    const ties = fc.record({
      lines: fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 4 }), also: fc.constantFrom([], ['b'], ['b', 'c'], ['c', 'b']) }), { minLength: 1, maxLength: 3 }),
      offers: fc.array(fc.record({ capacity: fc.integer({ min: 1, max: 5 }), variant: fc.constantFrom('a', 'b', 'c'), price: fc.integer({ min: 1, max: 2 }) }), { minLength: 1, maxLength: 4 }),
    }).map(({ lines, offers }): MarketInstance => ({
      asOf: '2026-08-23', lines: lines.map(({ quantity, also }, i) => aLine({ id: `l${i}`, quantity, variantId: 'a', substitutes: also })),
      offers: offers.map(({ capacity, variant, price }, j) => anOffer({ id: `o${j}`, variantId: variant, capacity, ...priced(price) })),
    }));
    fc.assert(fc.property(ties, (instance) => {
      const found = solveMarket(instance);
      expect(verifyAllocation(instance, found)).toEqual([]);
      const ranks = found.matches.reduce((sum, { lineId, variantId, quantity }) => sum + quantity * rankOf(instance.lines.find(({ id }) => id === lineId) as MarketLine, { variantId }), 0);
      expect(ranks).toBe(leastRanks(instance, found));
    }), { numRuns: 1500 });
  });

  it('does not depend on who came first', () => {
    fc.assert(fc.property(tiny(true), (instance) => {
      const found = solveMarket(instance);
      const turned = solveMarket({ ...instance, lines: [...instance.lines].reverse(), offers: [...instance.offers].reverse() });
      expect(turned).toEqual(found);
    }), { numRuns: 300 });
  });

  it('is found alike by the simplex and by the plain solver in bigint', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const market = prepare(seededInstance(seed, { lines: 5 + seed, offers: 3 + (seed % 17), variants: 1 + (seed % 3) }));
      for (const network of networksOf(market).networks) {
        const [plain, fast] = [solveExactFlow, solveFlow].map((solve) => {
          const flow = solve(network);
          return flow === undefined ? undefined : objectiveOf(network, flow);
        });
        expect(fast).toBe(plain);
      }
    }
  });

  it('proves itself on larger markets', () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const instance = seededInstance(seed, { lines: 150, offers: 40, variants: 1 + (seed % 4) });
      expect(verifyAllocation(instance, solveMarket(instance))).toEqual([]);
    }
  });

  it('states a gap that holds where branching is cut short, and stays whole', () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const instance = { ...seededInstance(seed, { lines: 60, offers: 20, variants: 1, minimum: 25, lot: 4 }), policy: { effort: 10 } };
      const found = solveMarket(instance);
      expect(verifyAllocation(instance, found)).toEqual([]);
      if (!found.quality.optimal) expect(found.quality.gap.ratio).toBeLessThan(0.5);
    }
  });

  it('is rejected by the checker when it was tampered with', () => {
    const instance = { asOf: '2026-08-23', lines: [aLine({ quantity: 8 })], offers: [anOffer({ id: 'dear', ...priced(9) }), anOffer({ id: 'cheap', capacity: 5, ...priced(4) })] };
    const found = solveMarket(instance);
    const [first, second] = found.matches;
    expect(verifyAllocation(instance, { ...found, matches: [{ ...first, quantity: first.quantity + 1 }, second] })).not.toEqual([]);
    expect(verifyAllocation(instance, { ...found, matches: [first] })).not.toEqual([]);
    expect(verifyAllocation(instance, { ...found, certificate: { ...found.certificate, offers: { cheap: '7000', dear: '0' } } })).not.toEqual([]);
    expect(verifyAllocation(instance, found)).toEqual([]);
    expect(first.terms).toEqual(cash);
  });
});
