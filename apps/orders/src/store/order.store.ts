import { instant, isoOf } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Order, OrderStatus } from '../domain/order.js';
import { batchInsert, uuids } from './batch.js';

const insert = batchInsert<Order>('orders', [
  ['order_id', 'uuid', (o) => o.orderId], ['buyer_id', 'uuid', (o) => o.buyerId], ['po_number', 'text', (o) => o.poNumber], ['award', 'text', (o) => o.award],
  ['parent_match_id', 'uuid', (o) => o.parentMatchId ?? null], ['import_id', 'uuid', (o) => o.importId ?? null], ['submitted_by', 'text', (o) => o.submittedBy],
  ['submitted_at', 'timestamptz', (o) => isoOf(o.submittedAt)], ['parties', 'uuid[]', (o) => uuids([o.buyerId])],
], 'on conflict do nothing returning order_id');

/** Answers the ids that were stored; the others met a taken PO number or id. */
export const insertOrders = async (tx: Tx, orders: readonly Order[]): Promise<string[]> =>
  orders.length === 0 ? [] : (await tx.sql<{ order_id: string }>(insert.text, insert.values(orders))).map((row) => row.order_id);

/** Which of these PO numbers the buyer has used already → that order's id. */
export const ordersTaken = async (tx: Tx, buyerId: string, poNumbers: readonly string[]): Promise<Map<string, string>> => {
  const rows = await tx.sql<{ po_number: string; order_id: string }>('select po_number, order_id from orders where buyer_id = $1 and po_number = any($2::text[])', [buyerId, poNumbers]);
  return new Map(rows.map((row) => [row.po_number, row.order_id]));
};

const columns = 'order_id, buyer_id, po_number, award, parent_match_id, import_id, submitted_by, submitted_at, revision, status, cancelled_at is not null as cancelled, version';

type Row = {
  order_id: string; buyer_id: string; po_number: string; award: Order['award']; parent_match_id: string | null; import_id: string | null; submitted_by: string;
  submitted_at: Date; revision: number; status: OrderStatus; cancelled: boolean; version: number;
};

const orderOf = (row: Row): Order => ({
  orderId: row.order_id, buyerId: row.buyer_id, poNumber: row.po_number, award: row.award, submittedBy: row.submitted_by, submittedAt: instant(row.submitted_at),
  revision: row.revision, status: row.status, cancelled: row.cancelled, version: row.version,
  ...(row.parent_match_id === null ? {} : { parentMatchId: row.parent_match_id }),
  ...(row.import_id === null ? {} : { importId: row.import_id }),
});

/** The order with its row locked: whoever moves units of an order or ends it holds this lock, so nobody counts while another moves. */
export const lockOrder = async (tx: Tx, orderId: string): Promise<Order | undefined> => {
  const [row] = await tx.sql<Row>(`select ${columns} from orders where order_id = $1 for update`, [orderId]);
  return row === undefined ? undefined : orderOf(row);
};

/** The same lock for many, taken in the order of their ids so that two batches never wait for each other in a circle. Says which the buyer has cancelled. */
export const lockOrders = async (tx: Tx, orderIds: readonly string[]): Promise<{ cancelled: ReadonlySet<string> }> => {
  if (orderIds.length === 0) return { cancelled: new Set() };
  const rows = await tx.sql<{ cancelled: string | null }>(
    'select case when cancelled_at is not null then order_id end as cancelled from orders where order_id = any($1::uuid[]) order by order_id for update', [uuids([...new Set(orderIds)])]);
  return { cancelled: new Set(rows.flatMap(({ cancelled }) => (cancelled === null ? [] : [cancelled]))) };
};

/** Stores a new revision or the mark of cancellation; throws when the row changed since it was read (it is locked, so that is a bug). */
export const updateOrder = async (tx: Tx, order: Order, change: { revision?: number; cancelled?: true }): Promise<void> => {
  const affected = await tx.run(
    'update orders set revision = $3, cancelled_at = coalesce(cancelled_at, $4), version = version + 1 where order_id = $1 and version = $2',
    [order.orderId, order.version, change.revision ?? order.revision, change.cancelled === true ? isoOf(tx.now) : null]);
  if (affected !== 1) throw new Error(`Order ${order.orderId} changed under its lock`);
};
