import { describe, expect, it } from '@jest/globals';
import { notCounted, openDispute, settleDispute } from './dispute.js';
import { pendingStep, type Standing } from './pending-step.js';
import type { Shipment } from './shipment.js';
import { agreement, ids, shipmentIn } from '../../test/samples.js';

const { buyerId, sellerId } = agreement;
const [dispatched, arrived, received, failed] = [shipmentIn('dispatched'), shipmentIn('arrived'), shipmentIn('received'), shipmentIn('failed')];
const raised = (by: string, reason = 'count') => openDispute(received, by, { id: ids.dispute, reason }).state;

describe('the step that is waited for', () => {
  it.each<[string, Shipment, Standing, object | undefined]>([
    ['nothing while the goods are on the road', dispatched, { accepted: 0 }, undefined],
    ['a count of what stands at the door', arrived, { accepted: 0 }, { step: 'count', awaited: buyerId }],
    ['an invoice for what was accepted', received, { accepted: 5 }, { step: 'invoice', awaited: sellerId }],
    ['nothing where nothing was accepted', received, { accepted: 0 }, undefined],
    ['a correction of an invoice that disagrees', received, { accepted: 5, invoice: { id: 'i', status: 'discrepant' } }, { step: 'correct-invoice', awaited: sellerId, invoiceId: 'i' }],
    ['approval of an invoice that agrees', received, { accepted: 5, invoice: { id: 'i', status: 'matched' } }, { step: 'approve-invoice', awaited: buyerId, invoiceId: 'i' }],
    ['approval still, when one of two persons has checked', received, { accepted: 5, invoice: { id: 'i', status: 'checked' } }, { step: 'approve-invoice', awaited: buyerId, invoiceId: 'i' }],
    ['nothing once the debt is certain', received, { accepted: 5, invoice: { id: 'i', status: 'approved' } }, undefined],
    ['the end of a dispute before what it holds back', received, { accepted: 5, invoice: { id: 'i', status: 'matched' }, dispute: raised(sellerId) }, { step: 'settle-dispute', awaited: buyerId, disputeId: ids.dispute }],
    ['from the side that did not raise it', received, { accepted: 5, dispute: raised(buyerId) }, { step: 'settle-dispute', awaited: sellerId, disputeId: ids.dispute }],
    ['also over goods that never came', failed, { accepted: 0, dispute: raised(sellerId) }, { step: 'settle-dispute', awaited: buyerId, disputeId: ids.dispute }],
    ['the count itself, where the dispute is about nobody counting', arrived, { accepted: 0, dispute: raised(sellerId, notCounted) }, { step: 'count', awaited: buyerId, disputeId: ids.dispute }],
  ])('%s', (_, shipment, standing, expected) => {
    expect(pendingStep(shipment, standing)).toEqual(expected);
  });

  it('a settled dispute holds nothing back', () => {
    const settled = settleDispute(raised(sellerId), { party: sellerId, operator: false }, 'withdrawn');
    if (!settled.ok) throw new Error(settled.reason);
    expect(pendingStep(received, { accepted: 5, dispute: settled.state })).toEqual({ step: 'invoice', awaited: sellerId });
  });
});
