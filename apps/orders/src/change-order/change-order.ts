import { OrderChanged } from '@peyvand/contracts';
import { dayOf, refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { changeOrder, type LineChange, type OrderRefusal } from '../domain/change-order.js';
import { orderData } from '../domain/order-data.js';
import { linesOf, updateProgress, updateWishes } from '../store/line.store.js';
import { lockOrder, updateOrder } from '../store/order.store.js';
import { findVariants } from '../store/reference.store.js';

/** Changes what was not matched yet; the changed lines are matched anew when the fact is heard. */
export const changeOrderLines = async (
  tx: Tx, orderId: string, changes: readonly LineChange[], revision?: number,
): Promise<{ ok: true; revision: number } | Refused<'order-not-found' | OrderRefusal>> => {
  const order = await lockOrder(tx, orderId);
  if (order === undefined) return refuse('order-not-found');
  const known = await findVariants(tx, [...new Set(changes.flatMap(({ substitutes }) => substitutes ?? []))]);
  const decision = changeOrder(order, await linesOf(tx, [orderId]), changes, { today: dayOf(tx.now), known }, revision);
  if (!decision.ok) return decision;
  const { order: changed, lines, touched } = decision.state;
  await updateOrder(tx, order, { revision: changed.revision });
  if (!(await updateProgress(tx, touched))) return refuse('order-changed-meanwhile', { revision: order.revision });
  await updateWishes(tx, touched);
  await tx.publish(OrderChanged.of(orderData(changed, lines)));
  return { ok: true, revision: changed.revision };
};
