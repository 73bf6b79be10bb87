import { describe, expect, it } from '@jest/globals';
import { raiseDispute, settleDispute, type Dispute, type DisputeOutcome } from './dispute.js';
import { agreement, everyShipment, ids, shipmentIn } from '../../test/samples.js';

const given = { id: ids.dispute, reason: 'count' };
const open = raiseDispute(shipmentIn('received'), 0, agreement.sellerId, given);

describe('a dispute', () => {
  const may = { planned: false, dispatched: false, arrived: true, received: true, cancelled: false, failed: true };
  it.each(everyShipment.map((shipment) => ({ shipment, status: shipment.status })))('over a $status shipment', ({ shipment, status }) => {
    expect(raiseDispute(shipment, 0, agreement.buyerId, given).ok).toBe(may[status]);
  });

  it('is between buyer and seller, one at a time', () => {
    expect(raiseDispute(shipmentIn('received'), 0, ids.carrier, given)).toMatchObject({ reason: 'not-yours-to-dispute' });
    expect(raiseDispute(shipmentIn('received'), 1, agreement.buyerId, given)).toMatchObject({ reason: 'already-disputed' });
  });

  it.each<[string, string, boolean, DisputeOutcome[]]>([
    ['who raised it', agreement.sellerId, false, ['withdrawn']],
    ['the other side', agreement.buyerId, false, ['upheld']],
    ['the operator', ids.stranger, true, ['upheld', 'dismissed', 'withdrawn']],
  ])('is settled by %s', (_who, party, operator, allowed) => {
    if (!open.ok) throw new Error(open.reason);
    for (const outcome of ['upheld', 'dismissed', 'withdrawn'] as const) expect(settleDispute(open.state, { party, operator }, outcome).ok).toBe(allowed.includes(outcome));
  });

  it('is settled once', () => {
    if (!open.ok) throw new Error(open.reason);
    const settled: Dispute = { ...open.state, status: 'settled', outcome: 'withdrawn' };
    expect(settleDispute(settled, { party: agreement.sellerId, operator: false }, 'withdrawn')).toMatchObject({ reason: 'dispute-settled' });
  });
});
