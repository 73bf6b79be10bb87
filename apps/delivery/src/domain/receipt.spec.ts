import { describe, expect, it } from '@jest/globals';
import type { GoodsLine } from '@peyvand/contracts';
import fc from 'fast-check';
import { checkCode, mostAttempts } from './receipt-code.js';
import { acceptedUnits, receiveShipment, type CountedLine } from './receipt.js';
import { agreement, ids, noon, shipmentIn } from '../../test/samples.js';

const shipment = shipmentIn('dispatched');
const [line] = shipment.lines as [GoodsLine];
const given = { receiptId: ids.receipt, now: noon, remaining: 0 };
const receive = (counted: readonly CountedLine[], by = agreement.buyerId) => receiveShipment(shipment, by, counted, given);

describe('counting a shipment', () => {
  it('of the hero story: 1,000 sent, 976 came, 16 refused, 960 accepted', () => {
    const outcome = receive([{ lineId: line.lineId, received: 976, rejected: 16, reason: 'stitching' }]);
    expect(outcome).toMatchObject({ ok: true, state: { receipt: { lines: [{ sent: 1000, received: 976, short: 24, rejected: 16, accepted: 960 }] }, shipment: { status: 'received' } } });
    expect(outcome.ok && outcome.events.map((fact) => fact.contract.name)).toEqual(['GoodsReceived', 'GoodsRejected']);
  });

  it('says nothing of rejection where nothing was rejected', () => {
    const outcome = receive([{ lineId: line.lineId, received: 1000, rejected: 0 }]);
    expect(outcome.ok && outcome.events.map((fact) => fact.contract.name)).toEqual(['GoodsReceived']);
  });

  it.each<[string, CountedLine[], string]>([
    ['a line left out', [], 'line-not-counted'],
    ['a line of another shipment', [{ lineId: ids.stranger, received: 1, rejected: 0 }], 'line-unknown'],
    ['a line twice', [{ lineId: line.lineId, received: 1, rejected: 0 }, { lineId: line.lineId, received: 1, rejected: 0 }], 'line-twice'],
    ['more than was sent', [{ lineId: line.lineId, received: 1001, rejected: 0 }], 'received-more-than-sent'],
    ['more refused than came', [{ lineId: line.lineId, received: 10, rejected: 11, reason: 'wet' }], 'rejected-more-than-received'],
    ['a refusal without a reason', [{ lineId: line.lineId, received: 10, rejected: 1 }], 'rejection-needs-reason'],
  ])('refuses %s', (_what, counted, reason) => {
    expect(receive(counted)).toMatchObject({ ok: false, reason });
  });

  it.each([['the seller', agreement.sellerId], ['the carrier', ids.carrier]])('is not for %s', (_who, by) => {
    expect(receive([{ lineId: line.lineId, received: 1000, rejected: 0 }], by)).toMatchObject({ ok: false, reason: 'not-yours-to-receive' });
  });

  it('keeps sent = received + short and accepted = received − rejected', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 }), (received, rejected) => {
      const outcome = receive([{ lineId: line.lineId, received, rejected, reason: 'any' }]);
      if (!outcome.ok) return expect(rejected).toBeGreaterThan(received);
      const [counted] = outcome.state.receipt.lines;
      expect(counted?.sent).toBe(received + (counted?.short ?? NaN));
      expect(counted?.accepted).toBe(received - rejected);
      expect(acceptedUnits(outcome.state.receipt)).toBeLessThanOrEqual(1000);
    }));
  });
});

describe('the one-time code', () => {
  const code = { hash: 'right', attempts: 0, expiresAt: 1000 };
  it.each([
    ['right', code, 'right', 999, undefined],
    ['wrong', code, 'other', 0, 'receipt-code-wrong'],
    ['not sent yet', undefined, 'right', 0, 'receipt-code-not-sent'],
    ['right at the last try', { ...code, attempts: mostAttempts - 1 }, 'right', 0, undefined],
    ['right after five wrong tries', { ...code, attempts: mostAttempts }, 'right', 0, 'receipt-code-locked'],
    ['right but too late', code, 'right', 1000, 'receipt-code-expired'],
  ])('%s', (_what, known, hash, now, refusal) => {
    const outcome = checkCode(known, hash, now);
    expect(outcome.ok ? undefined : outcome.reason).toBe(refusal);
  });
});
