import { CreditNoteIssued, type NewFact } from '@peyvand/contracts';
import { accept, priceOf, refuse, sumOf, vatOn, type Decision, type Money } from '@peyvand/kernel';
import { tradeOf, type Invoice } from './invoice.js';

export type CreditLine = { readonly lineId: string; readonly quantity: number; readonly amount: Money; readonly vat: Money };
export type CreditNote = { readonly id: string; readonly invoiceId: string; readonly lines: readonly CreditLine[]; readonly gross: Money; readonly reason: string };

export type ReturnRefusal = 'not-yours-to-return' | 'invoice-not-approved' | 'line-unknown' | 'line-twice' | 'returned-more-than-invoiced';
export type Return = { readonly by: string; readonly id: string; readonly lines: readonly { readonly lineId: string; readonly quantity: number }[]; readonly reason: string };

/**
 * Goods come back after approval. The debt stands as approved; the note is counted against it. Amounts are the difference between
 * cumulated totals, so that rounding never credits more than was invoiced and returning all of a line credits exactly its amount.
 */
export const returnGoods = (invoice: Invoice, earlier: readonly CreditNote[], command: Return): Decision<CreditNote, NewFact, ReturnRefusal> => {
  if (command.by !== invoice.buyerId) return refuse('not-yours-to-return');
  if (invoice.status !== 'approved') return refuse('invoice-not-approved', { state: invoice.status });
  if (new Set(command.lines.map((line) => line.lineId)).size < command.lines.length) return refuse('line-twice');
  const lines: CreditLine[] = [];
  for (const { lineId, quantity } of command.lines) {
    const invoiced = invoice.lines.find((line) => line.lineId === lineId);
    if (invoiced === undefined) return refuse('line-unknown', { lineId });
    const before = earlier.flatMap((note) => note.lines).filter((line) => line.lineId === lineId);
    const credited = { quantity: before.reduce((sum, line) => sum + line.quantity, 0), amount: sumOf(before.map((line) => line.amount)), vat: sumOf(before.map((line) => line.vat)) };
    const total = credited.quantity + quantity;
    if (total > invoiced.quantity) return refuse('returned-more-than-invoiced', { lineId, returnable: invoiced.quantity - credited.quantity });
    const amount = priceOf(total, { amount: invoiced.amount, per: invoiced.quantity });
    lines.push({ lineId, quantity, amount: (amount - credited.amount) as Money, vat: (vatOn(amount, invoiced.vatRate) - credited.vat) as Money });
  }
  const gross = sumOf(lines.flatMap((line) => [line.amount, line.vat]));
  const note: CreditNote = { id: command.id, invoiceId: invoice.id, lines, gross, reason: command.reason };
  const told = lines.map((line) => ({ ...line, amount: String(line.amount), vat: String(line.vat) }));
  return accept(note, CreditNoteIssued.of({ ...tradeOf(invoice), creditNoteId: note.id, invoiceId: invoice.id, lines: told, gross: String(gross), reason: command.reason }));
};
