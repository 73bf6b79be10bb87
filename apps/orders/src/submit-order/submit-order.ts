import { OrderSubmitted } from '@peyvand/contracts';
import type { Tx } from '@peyvand/messaging';
import { orderData } from '../domain/order-data.js';
import type { Order } from '../domain/order.js';
import { insertLines } from '../store/line.store.js';
import { insertOrders, ordersTaken } from '../store/order.store.js';
import { checkOrders, type ReadyOrder } from './check-orders.js';
import type { Buyer, NewOrder, OrderFault } from './new-order.js';

export type Submitted = { readonly index: number; readonly orderId: string; readonly poNumber: string; readonly lineIds: readonly string[] };
export type Submission = { readonly submitted: readonly Submitted[]; readonly faults: readonly OrderFault[] };

/**
 * Submits every order of the batch that has no fault and reports the faults of the others; the caller decides whether one fault
 * undoes all (return a refusal from its transaction). The number of statements does not depend on the number of orders.
 */
export const submitOrders = async (tx: Tx, buyer: Buyer, orders: readonly NewOrder[]): Promise<Submission> => {
  const { ready, faults } = await checkOrders(tx, buyer, orders);
  const rows = ready.map((one) => ({ ...one, row: orderOf(one, buyer, tx) }));
  const stored = new Set(await insertOrders(tx, rows.map(({ row }) => row)));
  const kept = rows.filter(({ orderId }) => stored.has(orderId));
  const refused = rows.filter(({ orderId }) => !stored.has(orderId));
  await insertLines(tx, buyer.party, kept.flatMap(({ lines }) => lines));
  await tx.publish(kept.map(({ row, lines }) => OrderSubmitted.of(orderData(row, lines))));
  return {
    submitted: kept.map(({ index, orderId, row, lines }) => ({ index, orderId, poNumber: row.poNumber, lineIds: lines.map(({ lineId }) => lineId) })),
    faults: [...faults, ...(await takenFaults(tx, buyer, refused))],
  };
};

const orderOf = ({ orderId, order }: ReadyOrder, buyer: Buyer, tx: Tx): Order => ({
  orderId, buyerId: buyer.party, poNumber: order.poNumber, award: order.award ?? 'automatic', submittedBy: buyer.subject, submittedAt: tx.now, revision: 1, status: 'open', cancelled: false, version: 1,
  ...(order.parentMatchId === undefined ? {} : { parentMatchId: order.parentMatchId }),
  ...(order.importId === undefined ? {} : { importId: order.importId }),
});

/** The unique keys refused them: because of the PO number, or of an id that is somebody's (whose, is not told). */
const takenFaults = async (tx: Tx, buyer: Buyer, refused: readonly ReadyOrder[]): Promise<OrderFault[]> => {
  if (refused.length === 0) return [];
  const taken = await ordersTaken(tx, buyer.party, refused.map(({ order }) => order.poNumber));
  return refused.map(({ index, order }) => {
    const value = taken.get(order.poNumber);
    return value === undefined ? { order: index, path: 'id', code: 'order-id-taken' } : { order: index, path: 'poNumber', code: 'po-number-taken', value };
  });
};
