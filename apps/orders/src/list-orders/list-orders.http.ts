import { Controller, Get, Headers, Query } from '@nestjs/common';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Answer, Caller, cursorOf, fileOf, OneOf, page, pageOf, PageQuery, read, Replies, reply, Text, valuesOf } from '@peyvand/platform';
import { z } from 'zod';
import type { OrderStatus } from '../domain/order.js';
import { orderStatuses, stage, stages, type Stage } from '../read-order/read-order.js';
import { csvOf } from './csv.js';

export class OrdersQuery extends PageQuery {
  @OneOf(orderStatuses, { optional: true }) status?: string;
  @Text({ max: 100, optional: true, description: 'The beginning of your PO number' }) po?: string;
}

const ListedOrder = z.object({
  orderId: reply.uuid, buyerId: reply.uuid, poNumber: reply.text, status: z.enum(orderStatuses), stage: z.enum(stages), reasons: z.array(reply.text),
  submittedAt: reply.moment, lines: reply.whole.describe('How many'), quantity: reply.whole.describe('Units of all lines = matched + waiting + unmatched + cancelled'),
  matched: reply.whole, waiting: reply.whole, unmatched: reply.whole, cancelled: reply.whole, amount: reply.rials.describe('Of the matches that stand'),
}).meta({ id: 'ListedOrder' });

type Listed = {
  order_id: string; buyer_id: string; po_number: string; status: OrderStatus; stage: Stage; reasons: string[]; submitted_at: string; lines: number; quantity: string; matched: string; waiting: string;
  unmatched: string; cancelled: string; amount: string;
};

// Newest first; figures of the page's orders only.
const text = `
  select o.order_id, o.buyer_id, o.po_number, o.status, ${stage} as stage, o.reasons, o.submitted_at::text as submitted_at, l.*, (
    select coalesce(sum(m.amount), 0)::text from matches m where m.order_id = o.order_id and m.state <> 'released') as amount
  from (select * from orders where ($1::uuid is null or buyer_id = $1) and (submitted_at, order_id) < ($2::timestamptz, $3::uuid)
      and ($4::text is null or status = $4) and ($5::text is null or starts_with(po_number, $5)) order by submitted_at desc, order_id desc limit $6) o
    cross join lateral (select count(*)::int as lines, sum(quantity)::text as quantity, sum(matched)::text as matched, sum(waiting)::text as waiting, sum(unmatched)::text as unmatched, sum(cancelled)::text as cancelled
      from lines where order_id = o.order_id) l
  order by o.submitted_at desc, o.order_id desc`;

@Controller('api/orders')
export class ListOrdersHttp {
  constructor(private readonly source: Source) {}

  /** The caller's own orders; as JSON, or as CSV when the client accepts that. */
  @Get()
  @Allow('buyer', 'approver', 'storekeeper', 'signatory', 'producer', 'operator')
  @Replies([pageOf(ListedOrder), fileOf('text/csv')])
  async list(@Query() query: OrdersQuery, @Headers('accept') accept: string | undefined, @Caller() caller: Caller) {
    const limit = query.limit ?? 50;
    const rows = await read(this.source, caller, (tx) => this.find(tx, query, caller, limit + 1));
    const shown = rows.slice(0, limit);
    const end = shown.at(-1);
    const next = rows.length > limit && end !== undefined ? cursorOf([end.submitted_at, end.order_id]) : undefined;
    if (accept?.includes('text/csv') === true) return new Answer(csvOf(columns, shown.map(shownOrder)), { headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="orders.csv"' } });
    return page(shown.map(shownOrder), next);
  }

  private find(tx: Tx, query: OrdersQuery, caller: Caller, most: number): Promise<Listed[]> {
    const [at, id] = query.cursor === undefined ? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] : valuesOf(query.cursor, z.tuple([z.string(), z.uuid()]));
    return tx.sql<Listed>(text, [caller.roles.includes('operator') ? null : caller.party, at, id, query.status ?? null, query.po ?? null, most]);
  }
}

const columns = ['orderId', 'poNumber', 'status', 'stage', 'reasons', 'submittedAt', 'lines', 'quantity', 'matched', 'waiting', 'unmatched', 'cancelled', 'amount'] as const;

const shownOrder = (row: Listed) => ({
  orderId: row.order_id, buyerId: row.buyer_id, poNumber: row.po_number, status: row.status, stage: row.stage, reasons: row.reasons, submittedAt: new Date(row.submitted_at).toISOString(), lines: row.lines,
  quantity: Number(row.quantity), matched: Number(row.matched), waiting: Number(row.waiting), unmatched: Number(row.unmatched), cancelled: Number(row.cancelled), amount: row.amount,
});
