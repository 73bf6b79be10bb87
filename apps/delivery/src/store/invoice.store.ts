import type { PaymentTerms } from '@peyvand/contracts';
import { assertNever, day, dayOf, foldCode, instant, isoOf, rials, type Day } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { CreditLine, CreditNote } from '../domain/credit-note.js';
import type { Invoice, InvoiceStatus } from '../domain/invoice.js';
import type { Difference, InvoiceLine } from '../domain/three-way-match.js';

export type StoredInvoice = { readonly invoice: Invoice; readonly version: number };
type Stored<T> = { [K in keyof T]: T[K] extends bigint ? string : T[K] };

type Row = {
  invoice_id: string; shipment_id: string; match_id: string; order_id: string; buyer_id: string; seller_id: string; po_number: string; invoice_number: string; status: InvoiceStatus;
  lines: Stored<InvoiceLine>[]; goods: string; vat: string; gross: string; issued_on: string; terms: PaymentTerms; due_on: string; differences: Difference[] | null;
  checked_by: string | null; approved_by: string | null; approved_on: string | null; replaces: string | null; version: number;
};

export const invoiceColumns = `invoice_id, shipment_id, match_id, order_id, buyer_id, seller_id, po_number, invoice_number, status, lines, goods, vat, gross,
  issued_on::text, terms, due_on::text, differences, checked_by, approved_by, approved_on::text, replaces, version`;
export type InvoiceRow = Row;

export const lockInvoice = async (tx: Tx, id: string): Promise<StoredInvoice | undefined> =>
  (await tx.sql<Row>(`select ${invoiceColumns} from invoices where invoice_id = $1 for update`, [id])).map(invoiceOf)[0];

export const findInvoice = async (tx: Tx, id: string): Promise<StoredInvoice | undefined> =>
  (await tx.sql<Row>(`select ${invoiceColumns} from invoices where invoice_id = $1`, [id])).map(invoiceOf)[0];

export const findInvoices = async (tx: Tx, ids: readonly string[]): Promise<Invoice[]> =>
  (await tx.sql<Row>(`select ${invoiceColumns} from invoices where invoice_id = any($1::uuid[])`, [ids])).map((row) => invoiceOf(row).invoice);

/** Invoices of a shipment that were not replaced. */
export const standingInvoices = (tx: Tx, shipmentId: string): Promise<{ invoice_id: string; status: InvoiceStatus }[]> =>
  tx.sql(`select invoice_id, status from invoices where shipment_id = $1 and status <> 'replaced'`, [shipmentId]);

/** False when the seller used the number before (whatever its spelling) or the shipment has an invoice already. */
export const insertInvoice = async (tx: Tx, invoice: Invoice): Promise<boolean> => (await insertInvoices(tx, [invoice])).has(invoice.id);

const insert = `
  insert into invoices (invoice_id, shipment_id, match_id, order_id, buyer_id, seller_id, invoice_number, number_key, status, lines, goods, vat, gross, issued_on, terms, due_on, differences, replaces, po_number,
    checked_by, approved_by, approved_on, parties)
  select *, array[buyer_id, seller_id]
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::jsonb[], $11::numeric[], $12::numeric[], $13::numeric[], $14::date[], $15::jsonb[], $16::date[],
    $17::jsonb[], $18::uuid[], $19::text[], $20::text[], $21::text[], $22::date[])
    as i(invoice_id, shipment_id, match_id, order_id, buyer_id, seller_id, invoice_number, number_key, status, lines, goods, vat, gross, issued_on, terms, due_on, differences, replaces, po_number, checked_by, approved_by, approved_on)
  on conflict do nothing returning invoice_id`;

/** New invoices in one statement; answers the ids of those that could be stored (see `insertInvoice`). */
export const insertInvoices = async (tx: Tx, invoices: readonly Invoice[]): Promise<Set<string>> => {
  if (invoices.length === 0) return new Set();
  const column = <T>(of: (invoice: Invoice) => T): T[] => invoices.map(of);
  const rows = await tx.sql<{ invoice_id: string }>(insert, [
    column((i) => i.id), column((i) => i.shipmentId), column((i) => i.matchId), column((i) => i.orderId), column((i) => i.buyerId), column((i) => i.sellerId), column((i) => i.invoiceNumber),
    column((i) => foldCode(i.invoiceNumber)), column((i) => i.status), column((i) => json(i.lines)), column((i) => String(i.goods)), column((i) => String(i.vat)), column((i) => String(i.gross)),
    column((i) => i.issuedOn), column((i) => json(i.terms)), column((i) => i.dueOn), column((i) => (i.status === 'discrepant' ? json(i.differences) : null)), column((i) => i.replaces ?? null), column((i) => i.poNumber),
    column((i) => ('checkedBy' in i ? i.checkedBy : null)), column((i) => ('approvedBy' in i ? i.approvedBy : null)), column((i) => ('approvedOn' in i ? i.approvedOn : null)),
  ]);
  return new Set(rows.map((row) => row.invoice_id));
};

/** Only the state of an invoice changes, never its numbers. Throws when the version is no longer the one that was read. */
export const updateInvoice = async (tx: Tx, { invoice, version }: StoredInvoice): Promise<void> => {
  const affected = await tx.run(
    'update invoices set status = $3, checked_by = $4, approved_by = $5, approved_on = $6, version = version + 1 where invoice_id = $1 and version = $2',
    [invoice.id, version, invoice.status, 'checkedBy' in invoice ? invoice.checkedBy : null, 'approvedBy' in invoice ? invoice.approvedBy : null, 'approvedOn' in invoice ? invoice.approvedOn : null]);
  if (affected !== 1) throw new Error(`Invoice ${invoice.id} changed since it was read`);
};

type NoteRow = { credit_note_id: string; invoice_id: string; lines: Stored<CreditLine>[]; gross: string; reason: string; issued_at: Date };

export const creditNotesOf = async (tx: Tx, invoiceId: string): Promise<CreditNote[]> =>
  (await tx.sql<NoteRow>(`select ${noteColumns} from credit_notes where invoice_id = $1 order by credit_note_id`, [invoiceId])).map(noteOf);

export const findCreditNotes = async (tx: Tx, ids: readonly string[]): Promise<(CreditNote & { readonly issuedOn: Day })[]> =>
  (await tx.sql<NoteRow>(`select ${noteColumns} from credit_notes where credit_note_id = any($1::uuid[])`, [ids])).map((row) => ({ ...noteOf(row), issuedOn: dayOf(instant(row.issued_at)) }));

const noteColumns = 'credit_note_id, invoice_id, lines, gross, reason, issued_at';
const noteOf = (row: NoteRow): CreditNote => ({
  id: row.credit_note_id, invoiceId: row.invoice_id, reason: row.reason, gross: rials(row.gross),
  lines: row.lines.map((line) => ({ ...line, amount: rials(line.amount), vat: rials(line.vat) })),
});

export const insertCreditNote = async (tx: Tx, note: CreditNote, { buyerId, sellerId }: Invoice): Promise<void> => {
  await tx.run('insert into credit_notes (credit_note_id, invoice_id, lines, gross, reason, issued_at, parties) values ($1, $2, $3, $4, $5, $6, array[$7::uuid, $8::uuid])',
    [note.id, note.invoiceId, json(note.lines), String(note.gross), note.reason, isoOf(tx.now), buyerId, sellerId]);
};

/** JSON with money as strings: jsonb numbers past 2^53 would lose rials on the way back. */
const json = (value: unknown): string => JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));

export const invoiceOf = (row: Row): StoredInvoice => {
  const paper = {
    id: row.invoice_id, shipmentId: row.shipment_id, matchId: row.match_id, orderId: row.order_id, buyerId: row.buyer_id, sellerId: row.seller_id, poNumber: row.po_number, invoiceNumber: row.invoice_number,
    lines: row.lines.map((line) => ({ ...line, amount: rials(line.amount), vat: rials(line.vat) })),
    goods: rials(row.goods), vat: rials(row.vat), gross: rials(row.gross), issuedOn: day(row.issued_on), terms: row.terms, dueOn: day(row.due_on),
    ...(row.replaces === null ? {} : { replaces: row.replaces }),
  };
  const { version, status } = row;
  const checkedBy = row.checked_by ?? '';
  switch (status) {
    case 'matched':
    case 'replaced': return { version, invoice: { ...paper, status } };
    case 'discrepant': return { version, invoice: { ...paper, status, differences: row.differences ?? [] } };
    case 'checked': return { version, invoice: { ...paper, status, checkedBy } };
    case 'approved': return { version, invoice: { ...paper, status, checkedBy, approvedBy: row.approved_by ?? '', approvedOn: day(row.approved_on ?? '') } };
    default: return assertNever(status);
  }
};
