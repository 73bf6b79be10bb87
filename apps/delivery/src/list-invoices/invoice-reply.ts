import { reply } from '@peyvand/platform';
import { z } from 'zod';
import { taxStates } from '../domain/tax-document.js';

/** Where an invoice or credit note stands in the tax system, as `taxView` shows it. */
export const taxSide = {
  taxId: reply.text.optional().describe('The tax system’s id of the document, 22 characters; absent until it is drawn'),
  tax: z.object({ state: z.enum(taxStates), text: reply.bilingual, registeredOn: reply.day.optional(), reactBy: reply.day.optional().describe('After this day silence confirms, in the tax system alone'), reason: reply.text.optional() }),
};

export const CreditNote = z.object({
  creditNoteId: reply.uuid, gross: reply.rials, reason: reply.text, lines: z.array(z.object({ lineId: reply.uuid, quantity: reply.whole, amount: reply.rials, vat: reply.rials })),
}).meta({ id: 'CreditNote' });

export const Invoice = z.object({
  invoiceId: reply.uuid, orderId: reply.uuid, matchId: reply.uuid, shipmentId: reply.uuid, buyerId: reply.uuid, sellerId: reply.uuid, poNumber: reply.text, invoiceNumber: reply.text,
  lines: z.array(z.object({ lineId: reply.uuid, variantId: reply.uuid, quantity: reply.whole, price: reply.price, amount: reply.rials, vatRate: z.int().describe('In hundredths of a per cent'), vat: reply.rials })),
  goods: reply.rials, vat: reply.rials, gross: reply.rials.describe('goods + vat: what the debt will be'), issuedOn: reply.day, terms: reply.terms, dueOn: reply.day, replaces: reply.uuid.optional().describe('The invoice it stands in for'),
  status: z.enum(['matched', 'discrepant', 'checked', 'approved', 'replaced']), approvedOn: reply.day.optional(),
  differences: z.array(z.object({ lineId: reply.uuid, field: z.enum(['quantity', 'price', 'amount', 'vat', 'line']), expected: reply.text, found: reply.text })).optional().describe('Where it is discrepant with purchase order or receipt'),
  version: reply.whole,
}).meta({ id: 'Invoice' });
