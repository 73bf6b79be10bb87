import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addQuantity, basisPoints, day, distanceKm, divideHalfUp, isTradable, isUnit, isUuid, newId, priceOf, quantity, rateAt, rials, stampDutyOn, stampDutyRates, subtractQuantity,
  sumOf, vatOn, vatRates,
} from './index.js';

describe('money', () => {
  it.each([[7n, 2n, 4n], [5n, 2n, 3n], [-5n, 2n, -3n], [4n, 3n, 1n], [0n, 9n, 0n], [1n, 3n, 0n]])('%s / %s half up is %s', (a, b, c) => expect(divideHalfUp(a, b)).toBe(c));

  it('a division is never further than half from the truth', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 15n }), (a, b) => {
        const off = 2n * (a - divideHalfUp(a, b) * b);
        expect(off <= b && off >= -b).toBe(true);
      }),
    );
  });

  it('holds what a double cannot', () => expect(rials('10000000000000001') - rials(10_000_000_000_000_000n)).toBe(1n));

  it.each(['', ' ', '1.5', '0x10', '1,000', 1.5, Number.NaN, 2 ** 53])('%j is not a number of rials', (value) => expect(() => rials(value)).toThrow(RangeError));

  it('what is worth more than the country’s money is no trade', () => {
    expect([[1_000_000_000, '100000000', 1], [1_000_000_000, '100000001', 1], [1_000_000_000, '9223372036854775807', 1], [1, '9223372036854775807', 1_000]].map(([units, amount, per]) => isTradable(units as number, { amount: amount as string, per: per as number })))
      .toEqual([true, false, false, true]);
  });

  it('a line is priced per base quantity and rounded once', () => {
    expect(priceOf(960, { amount: rials(4_150_000), per: 1 })).toBe(3_984_000_000n);
    expect(priceOf(5, { amount: rials(1_000), per: 12 })).toBe(417n);
    expect(sumOf([rials(1), rials(2)])).toBe(3n);
  });

  it.each([0.5, Number.NaN, Infinity])('%d is no rate', (value) => expect(() => basisPoints(value)).toThrow(RangeError));
});

describe('dated rates', () => {
  it.each([['2022-01-02', undefined], ['2022-01-03', 900], ['2024-03-19', 900], ['2024-03-20', 1000], ['2030-01-01', 1000]])('VAT on %s is %s', (on, rate) =>
    expect(rateAt(vatRates, day(on))?.rate).toBe(rate));

  it('VAT of the sample invoices', () => {
    expect(vatOn(rials(61_000_000), basisPoints(900))).toBe(5_490_000n);
    expect(vatOn(rials(3_984_000_000), basisPoints(1000))).toBe(398_400_000n);
  });

  it.each([
    [1_000_000_000n, 500_000n],
    [4_382_400_000n, 2_191_200n],
    [1_999_001n, 1_000n],
    [2_000_000n, 1_000n],
    [2_000_001n, 1_001n],
    [0n, 0n],
  ])('stamp duty on %s is %s', (face, duty) => {
    expect(stampDutyOn(rials(face), rateAt(stampDutyRates, day('2026-11-23'))?.rate ?? basisPoints(0))).toBe(duty);
  });
});

describe('quantity', () => {
  it('adds and subtracts within a unit', () => {
    expect(addQuantity(quantity(3, 'PR'), quantity(4, 'PR'))).toEqual({ amount: 7, unit: 'PR' });
    expect(subtractQuantity(quantity(3, 'PR'), quantity(3, 'PR'))).toEqual({ amount: 0, unit: 'PR' });
  });

  it('refuses other units, fractions, negatives and unsafe numbers', () => {
    expect(() => addQuantity(quantity(1, 'PR'), quantity(1, 'H87'))).toThrow(RangeError);
    expect(() => subtractQuantity(quantity(1, 'PR'), quantity(2, 'PR'))).toThrow(RangeError);
    for (const amount of [0.5, -1, 2 ** 53]) expect(() => quantity(amount, 'CT')).toThrow(RangeError);
  });

  it('knows its units', () => expect(['PR', 'H87', 'DZN', 'CT', 'FTK', 'pair', 'toString'].map(isUnit)).toEqual([true, true, true, true, true, false, false]));
});

describe('distance', () => {
  const tehran = { latitude: 35.6892, longitude: 51.389 };
  const tabriz = { latitude: 38.08, longitude: 46.2919 };
  const mashhad = { latitude: 36.2972, longitude: 59.6067 };
  it.each([[tehran, tehran, 0], [tehran, tabriz, 525], [tehran, mashhad, 742]])('between %j and %j is about %i km', (a, b, km) => {
    expect(Math.abs(distanceKm(a, b) - km)).toBeLessThanOrEqual(5);
    expect(distanceKm(b, a)).toBe(distanceKm(a, b));
  });
});

describe('ids', () => {
  it('ascend strictly, within a millisecond and when the clock steps back', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => newId(1_790_000_000_000 - (i % 7)));
    expect(ids.every((id, i) => isUuid(id) && (i === 0 || id > (ids[i - 1] ?? '')))).toBe(true);
  });
});
