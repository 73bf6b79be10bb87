import { Controller, Get, Param, Query } from '@nestjs/common';
import { isoOf } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, cursorOf, OneOf, page, pageOf, PageQuery, read, Replies, reply, Text, Uuid, valuesOf, withETag } from '@peyvand/platform';
import { z } from 'zod';
import { Invoice } from '../list-invoices/invoice-reply.js';
import { isStorekeeper } from '../seats.js';
import { disputesOf } from '../store/dispute.store.js';
import { standingInvoices } from '../store/invoice.store.js';
import { findReceipt, findShownCode } from '../store/receipt.store.js';
import { findShipment, shipmentColumns, shipmentOf, type ShipmentRow, type StoredShipment } from '../store/shipment.store.js';
import { ReceiptLine } from '../receive-goods/receipt-line.js';
import { Shipment, shipmentView } from './shipment-view.js';

export class ListShipmentsQuery extends PageQuery {
  @OneOf(['planned', 'dispatched', 'arrived', 'received', 'cancelled', 'failed'], { optional: true }) status?: string;
  @Uuid({ optional: true }) orderId?: string;
  @Uuid({ optional: true }) matchId?: string;
  @Text({ max: 100, optional: true, description: 'The beginning of the buyer’s PO number' }) po?: string;
}

const WholeShipment = Shipment.extend({
  receipt: z.object({ receiptId: reply.uuid, receivedAt: reply.moment, lines: z.array(ReceiptLine) }).optional(),
  invoices: z.array(z.object({ invoiceId: reply.uuid, status: Invoice.shape.status })).describe('Those that stand'),
  disputes: z.array(z.object({ disputeId: reply.uuid, status: z.enum(['open', 'settled']), reason: reply.text, raisedBy: reply.uuid })),
  receiptCode: reply.text.optional().describe('For whoever counts the goods, where no message could be sent'),
});

@Controller('api/delivery/shipments')
@Allow('buyer', 'approver', 'storekeeper', 'signatory', 'producer', 'carrier', 'operator')
export class ListShipmentsHttp {
  constructor(private readonly source: Source) {}

  @Get() @Replies(pageOf(Shipment)) list(@Query() query: ListShipmentsQuery, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const size = query.limit ?? 50;
      const [before] = query.cursor === undefined ? [null] : valuesOf(query.cursor, z.tuple([z.uuid()]));
      const everyone = caller.roles.includes('operator');
      const rows = await tx.sql<ShipmentRow>(everyone ? all : theirs, [query.status ?? null, query.orderId ?? null, query.matchId ?? null, before, size + 1, query.po ?? null, ...(everyone ? [] : [caller.party])]);
      const items = rows.slice(0, size);
      const last = items.at(-1);
      return page(items.map((row) => shipmentView(shipmentOf(row))), rows.length > size && last !== undefined ? cursorOf([last.shipment_id]) : undefined);
    });
  }

  @Get(':id') @Replies(WholeShipment, { etag: true }) async one(@Param('id') id: string, @Caller() caller: Caller) {
    const { version, ...body } = await read(this.source, caller, async (tx) => {
      const stored = await findShipment(tx, id);
      return stored === undefined ? undefined : { ...shipmentView(stored), ...(await around(tx, stored, caller)) };
    });
    return withETag(version, { ...body, version });
  }
}

/** What belongs to a shipment, as far as row security lets the caller see it (a carrier sees no invoice). */
const around = async (tx: Tx, { shipment }: StoredShipment, caller: Caller) => {
  const receipt = await findReceipt(tx, shipment.id);
  const invoices = await standingInvoices(tx, shipment.id);
  const disputes = await disputesOf(tx, shipment.id);
  // Only where no message could be sent, and only to whoever counts the goods.
  const code = caller.party === shipment.buyerId && isStorekeeper(caller) ? await findShownCode(tx, shipment.id) : undefined;
  return {
    ...(receipt === undefined ? {} : { receipt: { receiptId: receipt.id, receivedAt: isoOf(receipt.receivedAt), lines: receipt.lines } }),
    invoices: invoices.map(({ invoice_id, status }) => ({ invoiceId: invoice_id, status })),
    disputes: disputes.map((dispute) => ({ disputeId: dispute.id, status: dispute.status, reason: dispute.reason, raisedBy: dispute.raisedBy })),
    ...(code === undefined ? {} : { receiptCode: code }),
  };
};

const filter = `($1::text is null or status = $1) and ($2::uuid is null or order_id = $2) and ($3::uuid is null or match_id = $3) and ($4::uuid is null or shipment_id < $4) and ($6::text is null or starts_with(po_number, $6))`;
const newest = 'order by shipment_id desc limit $5';
const all = `select ${shipmentColumns} from shipments where ${filter} ${newest}`;
// One short index walk per seat; an OR over the seats would sort everything a large network ever received.
const seat = (column: string): string => `(select shipment_id from shipments where ${column} = $7 and ${filter} ${newest})`;
const theirs = `select ${shipmentColumns} from shipments where shipment_id in (${['buyer_id', 'seller_id', 'carrier_id'].map(seat).join(' union all ')}) ${newest}`;
