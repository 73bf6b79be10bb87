import { describe, expect, it } from '@jest/globals';

import type { MarketInstance, MarketLine, MarketOffer } from './instance.js';
import { presentValue } from './present-value.js';
import { InstanceFaults, readInstance } from './read-instance.js';
import { aLine, anOffer, barat90, cash, priced, seededInstance } from './sample-instance.js';
import { solveMarket } from './solve-market.js';
import { verifyAllocation } from './verify.js';

const market = (lines: MarketLine[], offers: MarketOffer[], given: Partial<MarketInstance> = {}): MarketInstance => ({ asOf: '2026-08-23', lines, offers, ...given });
const solve = (lines: MarketLine[], offers: MarketOffer[], given: Partial<MarketInstance> = {}) => solveMarket(market(lines, offers, given));

describe('present value', () => {
  it.each([
    [4_150_000n, 2300, 90, 365, 3_927_275n],
    [1_000_000_000n, 2300, 180, 365, 898_129_921n],
    [1_000_000_000n, 2300, 180, 366, 898_379_971n],
    [1_000_000_000n, 2300, 180, 360, 896_860_987n],
    [1_000_000_000n, 1800, 180, 365, 918_470_055n],
    [3_950_000n, 2300, 0, 365, 3_950_000n],
  ])('%s rials at %s bp after %s days of a year of %s are worth %s', (amount, rate, days, year, worth) => {
    expect(presentValue(amount, rate, days, year)).toBe(worth);
  });
});

describe('a matched line', () => {
  const quotes = anOffer({
    ...priced(0),
    prices: [{ terms: cash, price: { amount: '3950000', per: 1 }, validUntil: '2026-12-20' }, { terms: barat90, price: { amount: '4150000', per: 1 }, validUntil: '2026-12-20' }],
  });

  it('takes 4,150,000 at 90 days before 3,950,000 in cash when money costs 23 %', () => {
    const [match] = solve([aLine()], [quotes]).matches;
    expect(match).toMatchObject({ terms: barat90, amount: '415000000', presentValue: '392727508', perUnit: { presentValue: '3927275.084', freight: '0', landed: '3927275.084' } });
  });

  it('takes cash when money costs 19 %', () => {
    expect(solve([aLine({ costOfFunds: 1900 })], [quotes]).matches[0]).toMatchObject({ terms: cash, presentValue: '395000000' });
  });

  it('keeps to the term the line asks for', () => {
    expect(solve([aLine({ terms: cash })], [quotes]).matches[0].terms).toEqual(cash);
  });

  it('counts a month’s end from the Jalali month in which the goods arrive', () => {
    const terms = { days: 30, base: 'month-end', instrument: 'open' } as const;
    const offer = anOffer({ ...priced(0), leadDays: 7, prices: [{ terms, price: { amount: '1000000000', per: 1000 }, validUntil: '2026-12-20' }] });
    const [match] = solve([aLine({ quantity: 1000 })], [offer]).matches;
    // Ready on 1405/06/08; Shahrivar ends 23 days later, and 30 days more.
    expect(match).toMatchObject({ arrivesOn: '2026-08-30', presentValue: String(presentValue(1_000_000_000n, 2300, 53)) });
  });

  it('adds freight by road and weight, and arrives after lead time and transit', () => {
    const [match] = solve([aLine({ quantity: 10 })], [anOffer()]).matches;
    // 195 km as the crow flies → 254 by road × 450 g × 40,000 rials per tonne-kilometre = 4,572 a unit.
    expect(match).toMatchObject({ distanceKm: 254, readyOn: '2026-08-30', arrivesOn: '2026-08-31', freight: '45720', landed: '40045720', perUnit: { freight: '4572' } });
  });

  it('is split where the cheapest has not enough, and names the next best that had room', () => {
    const { matches, quality } = solve([aLine({ quantity: 8 })], [anOffer({ id: 'dear', ...priced(9) }), anOffer({ id: 'cheap', capacity: 5, ...priced(4) }), anOffer({ id: 'dearest', sellerId: 'mill', ...priced(11) })]);
    expect(matches.map(({ offerId, quantity }) => [offerId, quantity])).toEqual([['cheap', 5], ['dear', 3]]);
    expect(matches[1].runnerUp).toEqual({ offerId: 'dearest', sellerId: 'mill', variantId: 'shoe', landed: '11', difference: '2' });
    expect(quality).toEqual({ optimal: true });
  });

  it('gives way to another line that would lose more', () => {
    const far = { latitude: 27.2, longitude: 56.3 };
    const { matches } = solve(
      [aLine({ id: 'near', quantity: 5 }), aLine({ id: 'far', quantity: 5, shipTo: far })],
      [anOffer({ id: 'only-near', capacity: 5, ...priced(100), place: aLine().shipTo, weightGrams: 1000 }), anOffer({ id: 'by-the-far', capacity: 5, ...priced(100), place: far, weightGrams: 1000 })],
    );
    expect(matches.map(({ lineId, offerId }) => [lineId, offerId])).toEqual([['far', 'by-the-far'], ['near', 'only-near']]);
  });

  it('may be of a substitute', () => {
    expect(solve([aLine({ substitutes: ['boot'] })], [anOffer({ variantId: 'boot' })]).matches[0]).toMatchObject({ variantId: 'boot', quantity: 100 });
  });

  it.each([
    ['the cheaper, preferred or not', 5, 4, 'boot'],
    ['the preferred where both cost the same', 4, 4, 'shoe'],
    ['the preferred where it is cheaper', 4, 5, 'shoe'],
  ])('is of %s', (_, shoe, boot, expected) => {
    for (const tieBreak of ['x', 'y', 'z']) {
      const offers = [anOffer({ id: 'boot', variantId: 'boot', ...priced(boot) }), anOffer({ id: 'shoe', ...priced(shoe) })];
      const [match] = solve([aLine({ substitutes: ['boot', 'clog'] })], offers, { tieBreak }).matches;
      expect(match).toMatchObject({ variantId: expected, runnerUp: { variantId: expected === 'shoe' ? 'boot' : 'shoe' } });
    }
  });

  it('asks every variant before it says why not', () => {
    const [unmatched] = solve([aLine({ priceCeiling: '3', substitutes: ['boot'] })], [anOffer({ id: 'shoe', ...priced(9) }), anOffer({ id: 'boot', variantId: 'boot', ...priced(4) })]).unmatched;
    expect(unmatched).toMatchObject({ reason: 'above-ceiling', cure: { priceCeiling: '4' } });
  });
});

describe('an unmatched line is told why, and the smallest change that would have helped', () => {
  const reasonOf = (line: Partial<MarketLine>, ...offers: Partial<MarketOffer>[]) => {
    const [{ reason, cure, quantity }] = solve([aLine(line)], offers.map((offer, j) => anOffer({ id: `o${j}`, ...priced(4_150_000), ...offer }))).unmatched;
    return { reason, cure, quantity };
  };
  it.each<[string, Partial<MarketLine>, Partial<MarketOffer>[], object]>([
    ['no one offers it', {}, [{ variantId: 'boot' }], { reason: 'no-offer', cure: {} }],
    ['the offer is over', {}, [{ until: '2026-08-22' }], { reason: 'no-offer', cure: {} }],
    ['the price is over', {}, [{ prices: [{ ...priced(1).prices[0], validUntil: '2026-08-22' }] }], { reason: 'no-offer', cure: {} }],
    ['the ceiling is low', { priceCeiling: '4000000' }, [{ ...priced(4_180_000) }, {}], { reason: 'above-ceiling', cure: { priceCeiling: '4150000' } }],
    ['it is needed too soon', { neededBy: '2026-08-25' }, [{}], { reason: 'too-late', cure: { neededBy: '2026-08-30' } }],
    ['it is not open yet', { neededBy: '2026-09-10' }, [{ from: '2026-09-10' }], { reason: 'too-late', cure: { neededBy: '2026-09-17' } }],
    ['it must be better', { minimumGrade: 'A' }, [{ grade: 'B' }], { reason: 'below-grade', cure: {} }],
    ['the seller is blocked', { blockedSellers: ['workshop'] }, [{}], { reason: 'seller-not-allowed', cure: {} }],
    ['the seller is not approved', { approvedSellers: ['mill'] }, [{}], { reason: 'seller-not-allowed', cure: {} }],
    ['the term is not offered', { terms: barat90 }, [{}], { reason: 'terms-not-offered', cure: {} }],
    ['it is less than the minimum', { quantity: 30 }, [{ minimum: 50 }], { reason: 'below-minimum', cure: { quantity: 50 } }],
    ['it fills no carton', { quantity: 5 }, [{ lot: 12 }], { reason: 'not-whole', cure: { quantity: 12 } }],
    ['two things stand against it', { priceCeiling: '4000000', neededBy: '2026-08-25' }, [{}], { reason: 'above-ceiling', cure: { priceCeiling: '4150000', neededBy: '2026-08-30' } }],
    ['all is sold', {}, [{ capacity: 0 }], { reason: 'no-capacity', cure: {} }],
    ['all is sold below the ceiling', { priceCeiling: '4000000' }, [{ capacity: 0, ...priced(3_900_000) }, {}], { reason: 'no-capacity', cure: { priceCeiling: '4150000' } }],
    ['less than its minimum fill is there', { minimumFill: 80 }, [{ capacity: 60 }], { reason: 'no-capacity', cure: { minimumFill: 60 }, quantity: 100 }],
    ['one seller may have too little of it', { shareCap: 40 }, [{ minimum: 50, capacity: 70 }], { reason: 'share-cap', cure: { shareCap: 70 } }],
    ['not all of it is there', { fillPolicy: 'all-or-none' }, [{ capacity: 60 }], { reason: 'no-capacity', cure: { quantity: 60 } }],
  ])('%s', (_, line, offers, expected) => {
    expect(reasonOf(line, ...offers)).toMatchObject(expected);
  });

  it('for the rest that its own limits on sellers leave', () => {
    expect(reasonOf({ quantity: 100, shareCap: 40 }, { id: 'a', sellerId: 'a', capacity: 90 }, { id: 'b', sellerId: 'b', capacity: 55 })).toEqual({ reason: 'share-cap', cure: { shareCap: 50 }, quantity: 20 });
    expect(reasonOf({ quantity: 100, shareCap: 40 }, { id: 'a', sellerId: 'a', capacity: 90 }, { id: 'b', sellerId: 'b', capacity: 5 })).toEqual({ reason: 'no-capacity', cure: { shareCap: 90 }, quantity: 55 });
    expect(reasonOf({ quantity: 100, maximumSuppliers: 1 }, { id: 'a', sellerId: 'a', capacity: 70 }, { id: 'b', sellerId: 'b', capacity: 60 })).toEqual({ reason: 'no-capacity', cure: { maximumSuppliers: 2 }, quantity: 30 });
  });

  it('for a rest of which sellers hold some from before', () => {
    const two = [{ id: 'a', sellerId: 'a', capacity: 90 }, { id: 'b', sellerId: 'b', capacity: 55 }];
    expect(reasonOf({ quantity: 60, shareCap: 40, held: { a: 40 } }, ...two)).toEqual({ reason: 'share-cap', cure: { shareCap: 50 }, quantity: 20 });
    expect(reasonOf({ quantity: 60, maximumSuppliers: 1, held: { b: 40 } }, ...two)).toEqual({ reason: 'no-capacity', cure: { maximumSuppliers: 2 }, quantity: 5 });
    // Who holds some is no further seller, even where the limit was lowered since.
    expect(solve([aLine({ quantity: 60, maximumSuppliers: 1, held: { a: 10, b: 30 } })], two.map((offer) => anOffer({ ...priced(9), ...offer }))).unmatched).toEqual([]);
  });

  it('for the rest of a line that was filled in part', () => {
    expect(reasonOf({ quantity: 100 }, { lot: 12, capacity: 500 })).toEqual({ reason: 'not-whole', cure: { quantity: 108 }, quantity: 4 });
    expect(reasonOf({ quantity: 100 }, { capacity: 70 })).toEqual({ reason: 'no-capacity', cure: {}, quantity: 30 });
  });

  it('a line with a penalty is left when every offer costs more', () => {
    const { unmatched, cost } = solve([aLine({ unmatchedPenalty: '5', quantity: 10 })], [anOffer(priced(6))]);
    expect(unmatched[0]).toMatchObject({ reason: 'above-ceiling', quantity: 10 });
    expect(cost.unmatchedUnits).toBe(10);
  });
});

describe('price breaks', () => {
  const breaking = (kind: 'all-units' | 'incremental', given: Partial<MarketOffer> = {}) => {
    const [quote] = priced(1_000).prices;
    return anOffer({ ...priced(1_000), id: 'breaks', sellerId: 'breaks', prices: [{ ...quote, breaks: { kind, steps: [{ from: 50, amount: '900' }, { from: 100, amount: '700' }] } }], ...given });
  };
  const flat = anOffer({ ...priced(850), id: 'flat', sellerId: 'flat' });

  it.each([
    ['all-units', 49, 'flat', '850', 1, '41650'], ['all-units', 100, 'breaks', '700', 1, '70000'],
    ['incremental', 100, 'flat', '850', 1, '85000'], ['incremental', 300, 'breaks', '234700', 300, '234700'],
  ] as const)('%s: %d units go to the offer %s', (kind, quantity, offerId, amount, per, total) => {
    expect(solve([aLine({ quantity })], [breaking(kind), flat]).matches).toMatchObject([{ offerId, quantity, price: { amount, per }, amount: total }]);
  });

  it('draw units of two lines apart or together as is cheapest, and say what the next best would have cost', () => {
    const { matches, cost } = solve([aLine({ id: 'a', quantity: 60 }), aLine({ id: 'b', quantity: 60 })], [breaking('all-units', { capacity: 100 }), flat]);
    // 900 for 60 units is dearer than 850; no line reaches 100 by itself.
    expect(matches.map(({ offerId }) => offerId)).toEqual(['flat', 'flat']);
    expect(matches[0].runnerUp).toMatchObject({ offerId: 'breaks', landed: '900', difference: '50' });
    expect(cost.landed).toBe('102000');
  });

  it('within the ceiling from the quantity on whose average is low enough', () => {
    expect(solve([aLine({ quantity: 120, priceCeiling: '750' })], [breaking('all-units')]).matches).toMatchObject([{ quantity: 120, amount: '84000' }]);
    expect(solve([aLine({ quantity: 400, priceCeiling: '770' })], [breaking('incremental')]).matches).toMatchObject([{ quantity: 400, amount: '304700' }]);
    expect(solve([aLine({ quantity: 400, priceCeiling: '770' })], [breaking('incremental', { capacity: 350 })]).unmatched).toMatchObject([{ quantity: 400, reason: 'above-ceiling', cure: { priceCeiling: '771' } }]);
    expect(solve([aLine({ quantity: 120, priceCeiling: '690' })], [breaking('all-units')]).unmatched).toMatchObject([{ reason: 'above-ceiling', cure: { priceCeiling: '700' } }]);
  });

  it('are decided at the cost of funds: cash that breaks against a term that does not', () => {
    const [quote] = priced(4_000_000).prices;
    const offer = anOffer({ ...priced(4_000_000), prices: [{ ...quote, breaks: { kind: 'all-units', steps: [{ from: 100, amount: '3900000' }] } }, { ...quote, terms: barat90, price: { amount: '4150000', per: 1 } }] });
    expect(solve([aLine({ quantity: 99 })], [offer]).matches).toMatchObject([{ terms: barat90, perUnit: { presentValue: '3927275.084' } }]);
    expect(solve([aLine({ quantity: 100 })], [offer]).matches).toMatchObject([{ terms: cash, price: { amount: '3900000' } }]);
  });

  it('a price of a step that was not reached is found out', () => {
    const instance = { asOf: '2026-08-23', lines: [aLine({ quantity: 99 })], offers: [breaking('all-units')] };
    const found = solveMarket(instance);
    expect(verifyAllocation(instance, found)).toEqual([]);
    expect(verifyAllocation(instance, { ...found, matches: [{ ...found.matches[0], price: { amount: '700', per: 1 }, amount: '69300' }] })).toEqual([expect.stringContaining('no quote asks this price')]);
  });
});

describe('a malformed instance', () => {
  it('is refused with every fault and its path', () => {
    const faulty = { asOf: '2026-02-30', lines: [{ ...aLine(), quantity: -1, colour: 'red' }, aLine({ minimumFill: 101 })], offers: [
      { ...anOffer(), prices: [{ terms: cash, price: { amount: '1.5', per: 0 }, validUntil: '2026-12-20' }], lot: undefined },
      anOffer({ id: 'breaks', prices: [{ ...priced(10).prices[0], breaks: { kind: 'all-units', steps: [{ from: 5, amount: '8' }, { from: 5, amount: '9' }] } }] }),
    ] };
    let faults: readonly { path: string; code: string }[] = [];
    try {
      readInstance(faulty);
    } catch (error) {
      if (error instanceof InstanceFaults) faults = error.faults;
    }
    expect(faults.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'asOf not-a-day', 'lines[0].quantity not-a-whole-number', 'lines[0].colour unknown-field', 'offers[0].lot missing',
      'offers[0].prices[0].price.amount not-rials', 'offers[0].prices[0].price.per not-a-whole-number', 'offers[1].prices[0].breaks.steps[1].from not-rising', 'offers[1].prices[0].breaks.steps[1].amount not-falling', 'lines[1].minimumFill above-quantity', 'lines[1].id repeated',
    ]);
  });
});

describe('speed', () => {
  it.each([
    ['2,000 lines and 2,000 offers of 200 variants', { lines: 2000, offers: 2000, variants: 200 }],
    ['400 lines and 400 offers of one variant', { lines: 400, offers: 400, variants: 1 }],
    ['10,000 lines and 20 offers of one variant', { lines: 10_000, offers: 20, variants: 1 }],
  ])('%s without a thought for the machine it runs on', (_, size) => {
    const instance = seededInstance(7, size);
    solveMarket(seededInstance(8, { lines: 50, offers: 50, variants: 5 }));
    // Processor time, because others may be using the machine.
    const before = process.cpuUsage();
    const { quality } = solveMarket(instance);
    const { user, system } = process.cpuUsage(before);
    expect(quality.optimal).toBe(true);
    expect((user + system) / 1000).toBeLessThan(20_000);
  });
});
