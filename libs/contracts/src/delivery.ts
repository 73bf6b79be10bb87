import { z } from 'zod';

import { factsOf } from './contract.js';
import * as sample from './sample.js';
import { day, goodsLine, id, moment, place, price, quantity, rate, rial, terms, word } from './schema.js';

const fact = factsOf('delivery');
const { ids } = sample;
const trade = { buyer: 'buyerId', seller: 'sellerId' } as const;
const transport = { ...trade, carrier: 'carrierId' } as const;
const of = z.object({ orderId: id, matchId: id, shipmentId: id, buyerId: id, sellerId: id });
const ofSample = { ...sample.parties, shipmentId: ids.shipment };

export const CarrierRegistered = fact('CarrierRegistered', {
  summary: 'A carrier can be given shipments.', key: 'carrierId', audience: { carrier: 'carrierId' }, data: z.object({ carrierId: id }), sample: { carrierId: ids.carrier },
});

export const ShipmentPlanned = fact('ShipmentPlanned', {
  summary: 'A shipment of a match is planned; it may leave once the match is secured.',
  key: 'orderId', audience: transport,
  data: of.extend({ carrierId: id, lines: z.array(goodsLine).min(1), shipTo: place, promisedBy: day }),
  sample: { ...ofSample, carrierId: ids.carrier, lines: [sample.goods], shipTo: sample.shipTo, promisedBy: '2026-09-15' },
});

export const ShipmentDispatched = fact('ShipmentDispatched', {
  summary: 'The goods left the producer under a transport bill.',
  key: 'orderId', audience: transport,
  data: of.extend({ carrierId: id, lines: z.array(goodsLine).min(1), waybill: word, dispatchedAt: moment }),
  sample: { ...ofSample, carrierId: ids.carrier, lines: [sample.goods], waybill: '1405-88213', dispatchedAt: '2026-09-12T06:30:00.000Z' },
});

export const ShipmentArrived = fact('ShipmentArrived', {
  summary: 'The carrier is at the buyer’s door.', key: 'orderId', audience: transport, data: of.extend({ carrierId: id, arrivedAt: moment }), sample: { ...ofSample, carrierId: ids.carrier, arrivedAt: '2026-09-13T05:00:00.000Z' },
});

export const ShipmentCancelled = fact('ShipmentCancelled', {
  summary: 'The shipment will not leave.', key: 'orderId', audience: transport, data: of.extend({ carrierId: id, reason: word }), sample: { ...ofSample, carrierId: ids.carrier, reason: 'match-released' },
});

export const GoodsReceived = fact('GoodsReceived', {
  summary: 'The storekeeper counted: received, short, rejected, accepted (received − rejected). A receipt opens the invoice and undertakes nothing.',
  key: 'orderId', audience: transport,
  data: of.extend({
    carrierId: id, receiptId: id, receivedAt: moment,
    lines: z.array(z.object({ lineId: id, variantId: id, sent: quantity, received: quantity, short: quantity, rejected: quantity, accepted: quantity, reason: word.optional() })).min(1),
    /** Units of the match that are still to be shipped after this receipt. */
    remaining: quantity,
  }),
  sample: {
    ...ofSample, carrierId: ids.carrier, receiptId: ids.receipt, receivedAt: '2026-09-13T05:40:00.000Z', remaining: 0,
    lines: [{ lineId: ids.line, variantId: ids.variant, sent: 1000, received: 976, short: 24, rejected: 16, accepted: 960, reason: 'stitching' }],
  },
});

export const GoodsRejected = fact('GoodsRejected', {
  summary: 'Part of a receipt was refused and goes back to the seller.',
  key: 'orderId', audience: transport, data: of.extend({ carrierId: id, receiptId: id, lines: z.array(z.object({ lineId: id, quantity, reason: word })).min(1) }),
  sample: { ...ofSample, carrierId: ids.carrier, receiptId: ids.receipt, lines: [{ lineId: ids.line, quantity: 16, reason: 'stitching' }] },
});

const invoice = of.extend({
  invoiceId: id,
  invoiceNumber: word,
  lines: z.array(z.object({ lineId: id, variantId: id, quantity, price, amount: rial, vatRate: rate, vat: rial })).min(1),
  goods: rial,
  vat: rial,
  gross: rial,
  issuedOn: day,
  terms,
  dueOn: day,
});
const invoiceSample: z.infer<typeof invoice> = {
  ...ofSample, invoiceId: ids.invoice, invoiceNumber: 'GMK-1405-118', goods: '3984000000', vat: '398400000', gross: '4382400000', issuedOn: '2026-09-13', terms: sample.terms, dueOn: '2026-12-12',
  lines: [{ lineId: ids.line, variantId: ids.variant, quantity: 960, price: sample.price, amount: '3984000000', vatRate: 1000, vat: '398400000' }],
};

export const InvoiceIssued = fact('InvoiceIssued', { summary: 'The seller’s invoice for one shipment’s accepted quantities, with the tax of its day.', key: 'orderId', audience: trade, data: invoice, sample: invoiceSample });

export const InvoiceMatched = fact('InvoiceMatched', {
  summary: 'Purchase order, receipt and invoice agree (three-way match).', key: 'orderId', audience: trade, data: of.extend({ invoiceId: id, gross: rial }), sample: { ...ofSample, invoiceId: ids.invoice, gross: '4382400000' },
});

export const DiscrepancyFound = fact('DiscrepancyFound', {
  summary: 'Purchase order, receipt and invoice do not agree; the invoice cannot be approved as it is.',
  key: 'orderId', audience: trade,
  data: of.extend({ invoiceId: id, differences: z.array(z.object({ lineId: id, field: z.enum(['quantity', 'price', 'amount', 'vat', 'line']), expected: word, found: word })).min(1) }),
  sample: { ...ofSample, invoiceId: ids.invoice, differences: [{ lineId: ids.line, field: 'quantity', expected: '960', found: '1000' }] },
});

export const InvoiceApproved = fact('InvoiceApproved', {
  summary: 'The buyer’s office approved (maker and checker): the debt is certain. One invoice, one receivable.',
  key: 'orderId', audience: trade, data: invoice.omit({ lines: true }).extend({ approvedOn: day }), sample: (({ lines: _lines, ...rest }) => ({ ...rest, approvedOn: '2026-09-13' }))(invoiceSample),
});

export const CreditNoteIssued = fact('CreditNoteIssued', {
  summary: 'Goods came back after the invoice was approved. On accepted paper the face is untouched: the note is a debt of the seller to the buyer.',
  key: 'orderId', audience: trade,
  data: of.extend({ creditNoteId: id, invoiceId: id, lines: z.array(z.object({ lineId: id, quantity, amount: rial, vat: rial })).min(1), gross: rial, reason: word }),
  sample: { ...ofSample, creditNoteId: ids.creditNote, invoiceId: ids.invoice, lines: [{ lineId: ids.line, quantity: 10, amount: '41500000', vat: '4150000' }], gross: '45650000', reason: 'return' },
});

export const DisputeRaised = fact('DisputeRaised', {
  summary: 'Buyer or seller contests a receipt or an invoice.', key: 'orderId', audience: trade, data: of.extend({ disputeId: id, raisedBy: id, invoiceId: id.optional(), reason: word }), sample: { ...ofSample, disputeId: ids.dispute, raisedBy: ids.seller, reason: 'count' },
});

export const StepOverdue = fact('StepOverdue', {
  summary: 'Goods were delivered and what must follow has not come for as long as is usual; it says whose turn it is, and is told again until the step is taken.',
  key: 'orderId', audience: trade,
  data: of.extend({ step: z.enum(['count', 'invoice', 'correct-invoice', 'approve-invoice', 'settle-dispute']), awaited: id, since: day, invoiceId: id.optional(), disputeId: id.optional() }),
  sample: { ...ofSample, step: 'approve-invoice', awaited: ids.buyer, since: '2026-09-14', invoiceId: ids.invoice },
});

export const DisputeSettled = fact('DisputeSettled', {
  summary: 'The dispute ended.', key: 'orderId', audience: trade, data: of.extend({ disputeId: id, outcome: z.enum(['upheld', 'dismissed', 'withdrawn']) }), sample: { ...ofSample, disputeId: ids.dispute, outcome: 'withdrawn' },
});

export const DeliveryFailed = fact('DeliveryFailed', {
  summary: 'A dispatched shipment did not arrive in time or was lost; what it carried counts as short.', key: 'orderId', audience: transport, data: of.extend({ carrierId: id, reason: word, remaining: quantity }), sample: { ...ofSample, carrierId: ids.carrier, reason: 'not-arrived', remaining: 0 },
});
