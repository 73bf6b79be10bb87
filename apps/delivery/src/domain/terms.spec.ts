import { describe, expect, it } from '@jest/globals';
import type { PaymentTerms } from '@peyvand/contracts';
import { basisPoints, day } from '@peyvand/kernel';
import fc from 'fast-check';
import { chooseCarrier } from './choose-carrier.js';
import { dueDay } from './due-day.js';
import { threeWayMatch, type Tolerance } from './three-way-match.js';
import { vatRateOn } from './vat.js';
import { agreement, ids } from '../../test/samples.js';

it.each<[PaymentTerms['base'], number, string]>([
  ['invoice', 90, '2026-12-12'],
  ['receipt', 90, '2026-12-08'],
  // 2026-09-13 is 22 Shahrivar 1405; the month ends on the 31st, 2026-09-22.
  ['month-end', 30, '2026-10-22'],
  ['invoice', 0, '2026-09-13'],
])('terms by %s and %i days fall due on %s', (base, days, due) => {
  expect(dueDay({ base, days, instrument: 'open' }, day('2026-09-13'), day('2026-09-09'))).toBe(due);
});

describe('the VAT rate', () => {
  const from = day('2026-01-01');
  it.each([
    ['today', 'standard' as const, [], '2026-09-13', 1000],
    ['on the last day of the old rate', 'standard' as const, [], '2024-03-19', 900],
    ['on the first day of the new one', 'standard' as const, [], '2024-03-20', 1000],
    ['of exempt goods', 'exempt' as const, [], '2026-09-13', 0],
    ['of a seller who is not registered', 'standard' as const, [{ from, registered: false }], '2026-09-13', 0],
    ['before that seller left the register', 'standard' as const, [{ from, registered: false }], '2025-12-31', 1000],
    ['after it registered again', 'standard' as const, [{ from, registered: false }, { from: day('2026-06-01'), registered: true }], '2026-09-13', 1000],
  ])('%s', (_what, category, registrations, on, rate) => {
    expect(vatRateOn(category, registrations, day(on))).toBe(rate);
  });

  it('is a fault where the table does not reach, never a guess', () => {
    expect(() => vatRateOn('standard', [], day('2020-01-01'))).toThrow(RangeError);
  });
});

describe('tolerance', () => {
  const [agreed] = agreement.lines;
  const invoiced = (quantity: number) => [{ lineId: agreed?.lineId ?? '', variantId: '', quantity, price: { amount: '4150000', per: 1 }, amount: BigInt(quantity) * 4_150_000n, vatRate: basisPoints(0), vat: 0n }] as never;
  const received = [{ lineId: agreed?.lineId ?? '', variantId: '', sent: 100_000, received: 100_000, short: 0, rejected: 0, accepted: 100_000 }];
  const measure = { agreed: agreement.lines, receipt: received, vatRate: () => basisPoints(0) };
  const tolerance = (quantity: number): Tolerance => ({ quantity, price: 0, amount: 0, vat: 0 });

  it.each([[0, 100_001, 1], [0, 100_000, 0], [1, 100_010, 0], [1, 100_011, 1], [1, 99_990, 0], [1, 99_989, 1]])('of %i basis points finds in %i of 100,000: %i difference(s)', (quantity, found, differences) => {
    expect(threeWayMatch(invoiced(found), measure, tolerance(quantity))).toHaveLength(differences);
  });

  it('never lets more be payable than accepted × price × (1 + tolerance)', () => {
    fc.assert(fc.property(fc.integer({ min: 90_000, max: 110_000 }), fc.integer({ min: 0, max: 1_000 }), (found, basis) => {
      if (threeWayMatch(invoiced(found), measure, tolerance(basis)).length > 0) return;
      expect(BigInt(found) * 4_150_000n * 10_000n).toBeLessThanOrEqual(100_000n * 4_150_000n * BigInt(10_000 + basis));
    }));
  });
});

it('spreads matches over the carriers, always the same way, and lets the seller drive where there is none', () => {
  const carriers = [ids.carrier, ids.stranger];
  const match = (tail: string) => ({ matchId: `01938000-0000-7000-8000-0000${tail}`, sellerId: agreement.sellerId });
  expect(['00000000', '00000001', 'ffffffff'].map((tail) => carriers.indexOf(chooseCarrier(carriers, match(tail))))).toEqual([0, 1, 1]);
  expect(chooseCarrier([], match('00000000'))).toBe(agreement.sellerId);
});
