import { describe, expect, it } from '@jest/globals';
import { day, instant } from '@peyvand/kernel';
import fc from 'fast-check';
import { afterRound } from './after-round.js';
import { cancelLine, changeOrder } from './change-order.js';
import { endOf, type Tally } from './close-order.js';
import type { Line, Order } from './order.js';
import { takeBack } from './take-back.js';

const order: Order = { orderId: 'o', buyerId: 'b', poNumber: '1', award: 'automatic', submittedBy: 'p', submittedAt: instant('2026-03-21T06:00:00Z'), revision: 1, status: 'open', cancelled: false, version: 1 };
const line = (parts: Partial<Line> = {}): Line => ({
  lineId: 'l', orderId: 'o', variantId: 'v', market: 'shoes', unit: 'PR', quantity: 100, shipTo: { placeId: 'p', city: 'c', province: 'p', latitude: 0, longitude: 0 }, neededBy: day('2026-06-01'),
  fillPolicy: 'partial', substitutes: [], approvedSellers: [], blockedSellers: [], excludedSellers: [], matched: 0, waiting: 100, unmatched: 0, cancelled: 0, final: false, version: 1, ...parts,
});
const now = { today: day('2026-03-21'), known: new Map([['v2', { market: 'shoes', unit: 'PR' }], ['boot', { market: 'boots', unit: 'PR' }], ['dozen', { market: 'shoes', unit: 'DZN' }]]) };
const whole = (one: Line) => one.matched + one.waiting + one.unmatched + one.cancelled;
const reason = { lineId: 'l', variantId: 'v', quantity: 0, reason: 'no-capacity' as const, cure: {}, alternatives: [] };

/** A line whose units are anywhere. */
const anyLine = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50), fc.constantFrom('partial' as const, 'all-or-none' as const, 'back-order' as const))
  .filter(([matched, waiting, unmatched, cancelled]) => matched + waiting + unmatched + cancelled > 0)
  .map(([matched, waiting, unmatched, cancelled, fillPolicy]) => line({ quantity: matched + waiting + unmatched + cancelled, matched, waiting, unmatched, cancelled, fillPolicy }));

describe('the units of a line', () => {
  it('are never lost, whatever is done', () => {
    fc.assert(fc.property(anyLine, fc.nat(50), (before, n) => {
      const found = Math.min(n, before.waiting);
      const back = Math.min(n, before.matched);
      for (const after of [afterRound(before, found, reason).line, takeBack(before, back, 's', 'declined'), takeBack(before, back, 's', 'order-cancelled'), cancelLine(before)]) {
        expect(whole(after)).toBe(after.quantity);
        expect(Math.min(after.matched, after.waiting, after.unmatched, after.cancelled)).toBeGreaterThanOrEqual(0);
      }
      const changed = changeOrder(order, [before], [{ lineId: 'l', quantity: before.matched + before.cancelled + n }], now);
      if (changed.ok) expect(changed.state.lines.map((one) => [whole(one), one.unmatched])).toEqual([[before.matched + before.cancelled + n, 0]]);
    }));
  });

  it('wait on back-order and are otherwise unmatched; the same reason is told once', () => {
    expect(afterRound(line(), 60, reason)).toMatchObject({ rest: 40, held: false, told: true, line: { matched: 60, waiting: 0, unmatched: 40, reason: 'no-capacity' } });
    const held = afterRound(line({ fillPolicy: 'back-order' }), 0, reason);
    expect(held).toMatchObject({ rest: 100, held: true, told: true, line: { waiting: 100 } });
    expect(afterRound(held.line, 0, reason).told).toBe(false);
    expect(afterRound(held.line, 10, reason).told).toBe(true);
  });

  it.each([['declined', { waiting: 30, cancelled: 0, excludedSellers: ['s'] }], ['award-refused', { waiting: 0, cancelled: 30, excludedSellers: [] }], ['order-cancelled', { waiting: 0, cancelled: 30, excludedSellers: [] }]] as const)(
    'released as %s', (why, after) => expect(takeBack(line({ matched: 100, waiting: 0 }), 30, 's', why)).toMatchObject({ matched: 70, ...after }));
});

describe('an order ends', () => {
  const tally: Tally = { ordered: 100, unmatched: 0, cancelled: 0, accepted: 0, short: 0, rejected: 0, failed: false, cancelledByBuyer: false };
  it.each<[string, Partial<Tally>, string, string[]]>([
    ['all accepted', { accepted: 100 }, 'closed', []],
    ['short and rejected', { accepted: 60, short: 24, rejected: 16 }, 'part-closed', ['short', 'rejected']],
    ['partly unmatched', { accepted: 60, unmatched: 40 }, 'part-closed', ['unmatched']],
    ['nothing matched', { unmatched: 100 }, 'unmatched', ['unmatched']],
    ['cancelled in time', { cancelled: 100, cancelledByBuyer: true }, 'cancelled', ['cancelled']],
    ['cancelled after a part was delivered', { cancelled: 40, accepted: 60, cancelledByBuyer: true }, 'part-closed', ['cancelled']],
    ['cancelled after everything was delivered', { accepted: 100, cancelledByBuyer: true }, 'closed', []],
    ['award refused', { cancelled: 100 }, 'cancelled', ['cancelled']],
    ['lost on the way', { failed: true }, 'part-closed', ['delivery-failed']],
  ])('%s', (_, parts, status, reasons) => expect(endOf({ ...tally, ...parts })).toEqual({ status, reasons }));
});

describe('changing lines', () => {
  it.each<[string, Partial<Line>, object, string]>([
    ['below what is matched', { matched: 60, waiting: 0, unmatched: 40 }, { quantity: 59 }, 'quantity quantity-below-matched'],
    ['of a line matched in full', { matched: 100, waiting: 0 }, { priceCeiling: '1' }, 'lineId line-already-matched'],
    ['to a day gone by', {}, { neededBy: day('2026-03-20') }, 'neededBy needed-by-past'],
    ['to a substitute nobody lists', {}, { substitutes: ['v2', 'v9'] }, 'substitutes[1] substitute-unknown'],
    ['to a substitute of another market', {}, { substitutes: ['boot'] }, 'substitutes[0] market-differs'],
    ['to a substitute in another unit', {}, { substitutes: ['dozen'] }, 'substitutes[0] substitute-unit-differs'],
  ])('%s is refused', (_, parts, wish, fault) => {
    const decision = changeOrder(order, [line(parts)], [{ lineId: 'l', ...wish }], now);
    expect(decision).toMatchObject({ ok: false, reason: 'lines-invalid', details: { errors: [{ path: `lines[0].${fault.split(' ')[0]}`, code: fault.split(' ')[1] }] } });
  });

  it('more of a matched line may be wanted', () =>
    expect(changeOrder(order, [line({ matched: 100, waiting: 0 })], [{ lineId: 'l', quantity: 150 }], now)).toMatchObject({ ok: true, state: { touched: [{ waiting: 50, matched: 100 }] } }));

  it('names what does as well once, and never itself', () =>
    expect(changeOrder(order, [line({ waiting: 0, unmatched: 100 })], [{ lineId: 'l', substitutes: ['v', 'v2', 'v2'] }], now)).toMatchObject({ ok: true, state: { touched: [{ substitutes: ['v2'], waiting: 100 }] } }));

  it('an order that has ended, or changed meanwhile, is left alone', () => {
    expect(changeOrder({ ...order, status: 'closed' }, [line()], [], now)).toMatchObject({ reason: 'order-already-ended' });
    expect(changeOrder({ ...order, cancelled: true }, [line()], [], now)).toMatchObject({ reason: 'order-already-ended', details: { status: 'cancelled' } });
    expect(changeOrder(order, [line()], [], now, 2)).toMatchObject({ reason: 'order-changed-meanwhile' });
  });
});
