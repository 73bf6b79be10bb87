import { sumOf, type Day } from '@peyvand/kernel';
import type { Due, Tx } from '@peyvand/messaging';
import { isNumbered, prepare, type Head, type TaxDocument } from '../domain/tax-document.js';
import type { Invoice } from '../domain/invoice.js';
import { findCreditNotes, findInvoices } from '../store/invoice.store.js';
import { gtinsOf, taxRegistrationsOf } from '../store/reference.store.js';
import { drawSerials, putTaxDocuments, shareTaxDocuments, toldBefore } from '../store/tax.store.js';
import type { TaxInvoice, TaxLine } from '../tax/tax-system.js';
import type { ToBeSent } from './errand.js';

type Paper = Pick<TaxInvoice, 'invoiceNumber' | 'issuedOn' | 'goods' | 'vat' | 'gross'> & { readonly head: Head; readonly issuedOn: Day; readonly withdrawn: boolean; readonly lines: readonly TaxLine[] };

/**
 * Gives the documents of a lot their tax ids and stores them, with a statement each for all; answers what is to be sent. This transaction
 * ends before the call: whatever becomes of it, the next try finds the same ids.
 */
export const prepareDocuments = async (tx: Tx, dues: readonly Due<ToBeSent>[]): Promise<TaxInvoice[]> => {
  // First of all: it holds the sellers, so what is read below stays true.
  const wanted = new Map<string, number>();
  for (const { data: { sellerId } } of dues) wanted.set(sellerId, (wanted.get(sellerId) ?? 0) + 1);
  const serials = await drawSerials(tx, wanted);
  const papers = await papersOf(tx, dues);
  const known = await shareTaxDocuments(tx, papers.flatMap(({ head }) => ('originalId' in head ? [head.id, head.originalId] : [head.id])));
  const registrations = await taxRegistrationsOf(tx, [...wanted.keys()]);
  const fresh: TaxDocument[] = [];
  for (const { head, issuedOn, withdrawn } of papers) {
    const before = known.get(head.id);
    if (before !== undefined && isNumbered(before)) continue;
    const serial = serials.get(head.sellerId) ?? 0;
    serials.set(head.sellerId, serial - 1);
    const original = 'originalId' in head ? known.get(head.originalId) : undefined;
    const document = prepare(head, { issuedOn, withdrawn, registrations: registrations.get(head.sellerId) ?? [], original, serial });
    known.set(head.id, document);
    fresh.push(document);
  }
  await putTaxDocuments(tx, fresh);
  return papers.flatMap((paper) => messageOf(paper, known));
};

const messageOf = ({ head, withdrawn: _, ...paper }: Paper, known: ReadonlyMap<string, TaxDocument>): TaxInvoice[] => {
  const document = known.get(head.id);
  if (document?.state !== 'not-sent') return [];
  const original = 'originalId' in document ? known.get(document.originalId) : undefined;
  return [{ ...paper, taxId: document.taxId, subject: document.subject, ...(original !== undefined && isNumbered(original) ? { refersTo: original.taxId } : {}), sellerId: document.sellerId, buyerId: document.buyerId }];
};

/** The lot's invoices and returns, as they will be told. */
const papersOf = async (tx: Tx, dues: readonly Due<ToBeSent>[]): Promise<Paper[]> => {
  const keysOf = (of: ToBeSent['of']) => dues.filter(({ data }) => data.of === of).map(({ key }) => key);
  const [direct, returned] = [keysOf('invoice'), keysOf('return')];
  const notes = returned.length === 0 ? [] : await findCreditNotes(tx, returned);
  const invoices = new Map((await findInvoices(tx, [...direct, ...notes.map(({ invoiceId }) => invoiceId)])).map((invoice) => [invoice.id, invoice]));
  const replacing = direct.filter((id) => invoices.get(id)?.replaces !== undefined);
  const corrected = replacing.length === 0 ? new Map<string, string>() : await toldBefore(tx, replacing);
  const gtins = await gtinsOf(tx, [...new Set([...invoices.values()].flatMap(({ lines }) => lines.map(({ variantId }) => variantId)))]);
  return [
    ...direct.flatMap((id) => {
      const [invoice, originalId] = [invoices.get(id), corrected.get(id)];
      if (invoice === undefined) return [];
      const head: Head = originalId === undefined ? { ...partiesOf(invoice, id), subject: 'original' } : { ...partiesOf(invoice, id), subject: 'corrective', originalId };
      return [paperOf(invoice, head, invoice.issuedOn, invoice.lines, gtins)];
    }),
    ...notes.flatMap(({ id, invoiceId, issuedOn, lines }) => {
      const invoice = invoices.get(invoiceId);
      if (invoice === undefined) return [];
      const back = lines.flatMap((line) => invoice.lines.filter(({ lineId }) => lineId === line.lineId).map((invoiced) => ({ ...invoiced, ...line })));
      return [paperOf(invoice, { ...partiesOf(invoice, id), subject: 'return', originalId: invoiceId }, issuedOn, back, gtins)];
    }),
  ];
};

const partiesOf = ({ sellerId, buyerId }: Invoice, id: string) => ({ id, sellerId, buyerId });

const paperOf = ({ invoiceNumber, status }: Invoice, head: Head, issuedOn: Day, lines: Invoice['lines'], gtins: ReadonlyMap<string, string>): Paper => {
  const [goods, vat] = [sumOf(lines.map((line) => line.amount)), sumOf(lines.map((line) => line.vat))];
  return {
    head, issuedOn, withdrawn: status === 'replaced', invoiceNumber, goods: String(goods), vat: String(vat), gross: String(sumOf([goods, vat])),
    lines: lines.map(({ variantId, quantity, price, amount, vatRate, vat: tax }) => {
      const gtin = gtins.get(variantId);
      return { variantId, ...(gtin === undefined ? {} : { gtin }), quantity, price, amount: String(amount), vatRate, vat: String(tax) };
    }),
  };
};
