import { Controller, Get, Headers, Param, Query } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Answer, Caller, cursorOf, fileOf, OneOf, page, pageOf, PageQuery, read, Replies, Text, Uuid, valuesOf, withETag } from '@peyvand/platform';
import { z } from 'zod';
import { creditNotesOf, findInvoice, invoiceColumns, invoiceOf, type InvoiceRow } from '../store/invoice.store.js';
import { findTaxDocuments } from '../store/tax.store.js';
import { needsAttention } from '../store/tax-tables.js';
import { CreditNote, Invoice, taxSide } from './invoice-reply.js';
import { invoicesCsv } from './invoices-csv.js';
import { invoiceView } from './invoice-view.js';
import { taxView } from './tax-view.js';

export class ListInvoicesQuery extends PageQuery {
  @OneOf(['matched', 'discrepant', 'checked', 'approved', 'replaced'], { optional: true }) status?: string;
  @Uuid({ optional: true }) orderId?: string;
  @Uuid({ optional: true }) shipmentId?: string;
  @Text({ max: 100, optional: true, description: 'The beginning of the buyer’s PO number' }) po?: string;
  @OneOf(['attention'], { optional: true, description: 'Those that the seller has to see to in the tax system: no memory id, refused, or rejected by the buyer' }) tax?: string;
}

@Controller('api/delivery/invoices')
@Allow('buyer', 'approver', 'storekeeper', 'signatory', 'producer', 'operator')
export class ListInvoicesHttp {
  constructor(private readonly source: Source) {}

  /** As JSON, or as a sheet for the bookkeeper where the client accepts CSV. */
  @Get() @Replies([pageOf(Invoice.extend(taxSide)), fileOf('text/csv')]) list(@Query() query: ListInvoicesQuery, @Headers('accept') accept: string | undefined, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const size = query.limit ?? 50;
      const [before] = query.cursor === undefined ? [null] : valuesOf(query.cursor, z.tuple([z.uuid()]));
      const everyone = caller.roles.includes('operator');
      const rows = await tx.sql<InvoiceRow>(everyone ? all : theirs, [query.status ?? null, query.orderId ?? null, query.shipmentId ?? null, before, size + 1, query.po ?? null, query.tax ?? null, ...(everyone ? [] : [caller.party])]);
      const items = rows.slice(0, size);
      const last = items.at(-1);
      const next = rows.length > size && last !== undefined ? cursorOf([last.invoice_id]) : undefined;
      const stored = items.map(invoiceOf);
      const documents = await findTaxDocuments(tx, items.map((row) => row.invoice_id));
      if (accept?.includes('text/csv') !== true) return page(stored.map((one) => ({ ...invoiceView(one), ...taxView(documents.get(one.invoice.id)) })), next);
      return new Answer(invoicesCsv(stored.map(({ invoice }) => ({ ...invoice, document: documents.get(invoice.id) })), caller.locale), { headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="invoices.csv"' } });
    });
  }

  @Get(':id') @Replies(Invoice.extend({ ...taxSide, creditNotes: z.array(CreditNote.extend(taxSide)) }), { etag: true }) async one(@Param('id') id: string, @Caller() caller: Caller) {
    const { version, ...body } = await read(this.source, caller, async (tx) => {
      const stored = await findInvoice(tx, id);
      if (stored === undefined) return undefined;
      const notes = await creditNotesOf(tx, id);
      const documents = await findTaxDocuments(tx, [id, ...notes.map((note) => note.id)]);
      const creditNotes = notes.map(({ id: creditNoteId, gross, reason, lines }) => ({ creditNoteId, gross, reason, lines, ...taxView(documents.get(creditNoteId)) }));
      return { ...invoiceView(stored), ...taxView(documents.get(id)), creditNotes };
    });
    return withETag(version, { ...body, version });
  }
}

const filter = `($1::text is null or status = $1) and ($2::uuid is null or order_id = $2) and ($3::uuid is null or shipment_id = $3) and ($4::uuid is null or invoice_id < $4) and ($6::text is null or starts_with(po_number, $6))
  and ($7::text is null or invoice_id in (select case subject when 'return' then original_id else document_id end from tax_documents where ${needsAttention}))`;
const newest = 'order by invoice_id desc limit $5';
const all = `select ${invoiceColumns} from invoices where ${filter} ${newest}`;
const seat = (column: string): string => `(select invoice_id from invoices where ${column} = $8 and ${filter} ${newest})`;
const theirs = `select ${invoiceColumns} from invoices where invoice_id in (${['buyer_id', 'seller_id'].map(seat).join(' union all ')}) ${newest}`;
