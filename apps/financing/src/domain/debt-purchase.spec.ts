import { describe, expect, it } from '@jest/globals';
import { basisPoints, day, daysBetween, daysOfYear, rials, type Instant } from '@peyvand/kernel';
import fc from 'fast-check';
import { averageDays, explain, faceForPrice, purchaseOf, rankBids, rationalPrice } from './debt-purchase.js';

const billion = rials(1_000_000_000);

describe('the price of a debt purchase', () => {
  it.each([
    [1800, 365, 918_470_055n],
    [2100, 365, 906_156_902n],
    [2300, 365, 898_129_921n],
    [2300, 366, 898_379_971n],
    [2300, 360, 896_860_987n],
    [2500, 365, 890_243_902n],
  ])('of a billion over 180 days at %i basis points and %i days a year is %s', (rate, yearDays, price) => {
    expect(rationalPrice({ face: billion, days: 180, yearDays }, basisPoints(rate))).toBe(price);
  });

  it.each([
    [4_382_400_000n, 90, 4_147_202_489n, 235_197_511n],
    [4_382_400_000n, 83, 4_164_586_425n, 217_813_575n],
    [1_000_000_000n, 90, 946_331_346n, 53_668_654n],
    [1_000_000_000n, 135, 921_600_808n, 78_399_192n],
    [1_000_000_000n, 0, 1_000_000_000n, 0n],
  ])('of %s over %i days at 23 %% is %s with a profit of %s', (face, days, price, profit) => {
    expect(purchaseOf({ face: rials(face), days, yearDays: 365 }, { rate: basisPoints(2300), fee: rials(0) })).toMatchObject({ price, profit, net: price });
  });

  it('is the present value by which payment terms are compared', () => {
    expect(rationalPrice({ face: rials(4_150_000), days: 90, yearDays: 365 }, basisPoints(2300))).toBe(3_927_275n);
  });

  it('the other way round gives the face for a wanted price', () => {
    expect(faceForPrice(rials(900_000_000), 180, basisPoints(2300), 365)).toBe(1_002_082_192n);
  });

  it('the year has 366 days where the policy counts Jalali leap years', () => {
    expect(daysOfYear('jalali-year', day('2024-06-01'))).toBe(366);
  });

  it('an electronic barat of 180 days bought after a quarter of its life has 135 days left', () => {
    expect(daysBetween(day('2026-05-05'), day('2026-09-17'))).toBe(135);
  });

  it.each([-1, 0.5])('has no meaning over %d days', (days) => expect(() => rationalPrice({ face: billion, days, yearDays: 365 }, basisPoints(2300))).toThrow(RangeError));
});

const at = (n: number): Instant => n as Instant;
const bid = (bidId: string, rate: number, fee: number, placedAt = 0) => ({ bidId, rate: basisPoints(rate), fee: rials(fee), placedAt: at(placedAt) });
const over = (days: number) => ({ face: billion, days, yearDays: 365 });

describe('bids', () => {
  const [a, b, c] = [bid('a', 2300, 2_000_000), bid('b', 2350, 0), bid('c', 2250, 5_000_000)];

  it('rank by what the seller receives: the lowest rate comes last here', () => {
    expect(rankBids([a, b, c], over(180)).map(({ bid: { bidId }, purchase: { net, allIn } }) => [bidId, net, allIn])).toEqual([
      ['b', 896_145_347n, 23_500],
      ['a', 896_129_921n, 23_504],
      ['c', 895_123_305n, 23_758],
    ]);
  });

  it.each([
    [181, ['b', 'a'], 895_628_596n, 895_621_917n],
    [182, ['a', 'b'], 895_114_487n, 895_112_441n],
  ])('turn over with the days: at %i the order is %j', (days, order, first, second) => {
    const ranked = rankBids([a, b], over(days));
    expect(ranked.map(({ bid: { bidId } }) => bidId)).toEqual(order);
    expect(ranked.map(({ purchase }) => purchase.net)).toEqual([first, second]);
  });

  it('equal ones rank by rate, then by who came first, then by id', () => {
    const deal = { face: rials(100), days: 1, yearDays: 365 };
    expect(rankBids([bid('z', 10, 0, 1), bid('y', 10, 0, 0), bid('x', 10, 0, 1), bid('w', 9, 0, 5)], deal).map((r) => r.bid.bidId)).toEqual(['w', 'y', 'x', 'z']);
  });

  it('a stamp duty borne by the seller raises the all-in rate of every bid and changes no order', () => {
    const [with_, without] = [rankBids([a, b, c], over(180), rials(500_000)), rankBids([a, b, c], over(180))];
    expect(with_.map((r) => r.bid.bidId)).toEqual(without.map((r) => r.bid.bidId));
    with_.forEach((r, i) => expect(r.purchase.allIn ?? 0).toBeGreaterThan(without[i]?.purchase.allIn ?? 0));
  });
});

describe('the explanation', () => {
  it('adds up line by line', () => {
    const purchase = purchaseOf(over(180), { rate: basisPoints(2300), fee: rials(2_000_000) }, rials(500_000));
    expect(explain(purchase)).toEqual({
      formula: '1000000000 ÷ (1 + 180 × 23.00% ÷ 365)',
      steps: [
        { step: 'face', amount: 1_000_000_000n },
        { step: 'profit', amount: -101_870_079n },
        { step: 'fee', amount: -2_000_000n },
        { step: 'stamp-duty', amount: -500_000n },
        { step: 'received', amount: 895_629_921n },
      ],
    });
  });
});

describe('the average due date of several debts', () => {
  const debts = [[1_200_000_000, 0], [1_800_000_000, 20], [1_382_400_000, 35]].map(([amount = 0, days = 0]) => ({ amount: rials(amount), days }));
  it.each([['down', 19], ['half-up', 19], ['up', 20]] as const)('19.2552… days rounded %s are %i', (rounding, days) => expect(averageDays(debts, rounding)).toBe(days));
  it('a whole average needs no rounding', () => expect(averageDays(debts.slice(0, 1).map((d) => ({ ...d, days: 7 })), 'up')).toBe(7));
});

describe('for any debt', () => {
  const money = fc.bigInt({ min: 10n ** 9n, max: 10n ** 16n }).map((n) => rials(n));
  const rate = fc.integer({ min: 1, max: 10_000 }).map(basisPoints);
  const days = fc.integer({ min: 0, max: 730 });
  const year = fc.constantFrom(360, 365, 366);

  it('price and profit make the face, and the discount is nothing on the last day', () => {
    fc.assert(
      fc.property(money, days, year, rate, fc.bigInt({ min: 0n, max: 10n ** 8n }), (face, n, yearDays, r, fee) => {
        const p = purchaseOf({ face, days: n, yearDays }, { rate: r, fee: rials(fee) });
        expect(p.price + p.profit).toBe(face);
        expect(p.net + p.fee).toBe(p.price);
        expect(p.profit >= 0n).toBe(true);
        if (n === 0) expect(p.price).toBe(face);
        expect(explain(p).steps.slice(0, -1).reduce((sum, { amount }) => sum + amount, 0n)).toBe(explain(p).steps.at(-1)?.amount);
      }),
    );
  });

  it('the price is the nearest whole rial to the truth', () => {
    fc.assert(
      fc.property(money, days, year, rate, (face, n, yearDays, r) => {
        const [whole, part] = [10_000n * BigInt(yearDays), BigInt(n) * BigInt(r)];
        const off = 2n * (rationalPrice({ face, days: n, yearDays }, r) * (whole + part) - face * whole);
        expect(off <= whole + part && off >= -(whole + part)).toBe(true);
      }),
    );
  });

  it('the price falls strictly with every day and every basis point', () => {
    fc.assert(
      fc.property(money, days, year, rate, (face, n, yearDays, r) => {
        const price = rationalPrice({ face, days: n, yearDays }, r);
        expect(rationalPrice({ face, days: n + 1, yearDays }, r) < price).toBe(true);
        if (n > 0) expect(rationalPrice({ face, days: n, yearDays }, basisPoints(r + 1)) < price).toBe(true);
      }),
    );
  });

  it('the all-in rate of a purchase without costs is its rate', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n ** 12n, max: 10n ** 16n }), fc.integer({ min: 1, max: 730 }), year, rate, (face, n, yearDays, r) => {
        expect(purchaseOf({ face: rials(face), days: n, yearDays }, { rate: r, fee: rials(0) }).allIn).toBe(r * 10);
      }),
    );
  });

  it('the order of bids does not depend on the order they are given in', () => {
    const bids = fc.array(fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 0, max: 9_000_000 }), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(bids, days, fc.nat(), (rows, n, turn) => {
        const list = rows.map(([r, fee, placed], i) => bid(`b${i}`, r, fee, placed));
        const turned = [...list.slice(turn % list.length), ...list.slice(0, turn % list.length)];
        const ranked = rankBids(list, over(n));
        expect(rankBids(turned, over(n)).map((x) => x.bid.bidId)).toEqual(ranked.map((x) => x.bid.bidId));
        for (const [i, x] of ranked.entries()) expect(i === 0 || x.purchase.net <= (ranked[i - 1]?.purchase.net ?? 0n)).toBe(true);
      }),
    );
  });
});
