import { describe, expect, it } from '@jest/globals';
import { day, instant, newId, rials } from '@peyvand/kernel';
import { approveByPolicy, endPolicy, putInForce, type ApprovalPolicy } from './approval-policy.js';
import type { Invoice } from './invoice.js';

const buyerId = newId();
const proposed: ApprovalPolicy = { id: newId(), buyerId, upTo: rials(1_000n), proposedBy: 'maker', status: 'proposed' };
const inForce: ApprovalPolicy = { ...proposed, status: 'in-force', approvedBy: 'checker' };
const invoice = {
  id: newId(), orderId: newId(), matchId: newId(), shipmentId: newId(), buyerId, sellerId: newId(), poNumber: 'PO', invoiceNumber: 'N', lines: [], goods: rials(910n), vat: rials(90n), gross: rials(1_000n),
  issuedOn: day('2026-03-21'), terms: { days: 90, base: 'invoice', instrument: 'barat' }, dueOn: day('2026-06-19'), status: 'matched',
} as const satisfies Invoice;
const now = instant('2026-03-21T08:00:00Z');

describe('an approval policy', () => {
  it('is put in force by another person than the one who proposed it, once', () => {
    expect(putInForce(proposed, 'maker')).toMatchObject({ ok: false, reason: 'same-person' });
    expect(putInForce(proposed, 'checker')).toMatchObject({ ok: true, state: inForce });
    for (const policy of [inForce, endPolicy(inForce)]) expect(putInForce(policy, 'checker')).toMatchObject({ ok: false, reason: 'policy-not-proposed' });
  });

  it('approves an exact match at its ceiling, in the names of both persons', () => {
    expect(approveByPolicy(invoice, inForce, false, now)).toMatchObject({ ok: true, state: { status: 'approved', checkedBy: 'maker', approvedBy: 'checker', approvedOn: '2026-03-21' }, events: [{ contract: { name: 'InvoiceApproved' } }] });
  });

  const byHand: [string, Parameters<typeof approveByPolicy>][] = [
    ['there is no policy', [invoice, undefined, false, now]],
    ['it is only proposed', [invoice, proposed, false, now]],
    ['it has ended', [invoice, endPolicy(inForce), false, now]],
    ['it is another buyer’s', [invoice, { ...inForce, buyerId: newId() }, false, now]],
    ['a rial above the ceiling', [{ ...invoice, gross: rials(1_001n) }, inForce, false, now]],
    ['the three do not agree', [{ ...invoice, status: 'discrepant', differences: [] }, inForce, false, now]],
    ['somebody contests the shipment', [invoice, inForce, true, now]],
    ['it is checked by a person already', [{ ...invoice, status: 'checked', checkedBy: 'someone' }, inForce, false, now]],
  ];
  it.each(byHand)('leaves it to people when %s', (_name, given) => expect(approveByPolicy(...given)).toMatchObject({ ok: false, reason: 'by-hand' }));
});
