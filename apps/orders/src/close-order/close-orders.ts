import { OrderClosed } from '@peyvand/contracts';
import { isoOf } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { endOf, type Tally } from '../domain/close-order.js';
import { factOf, type Cause } from '../store/queue.store.js';

type Row = Omit<{ [K in keyof Tally]: string }, 'failed' | 'cancelledByBuyer'> & { order_id: string; buyer_id: string; failed: boolean; cancelledByBuyer: boolean };

// An order is over when every unit is matched, finally unmatched or cancelled, no match is open, and what counts as matched is what the done
// matches hold: units that a producer's change left over come back by a deadline of their own, which may be late.
const finished = `
  select o.order_id, o.buyer_id, l.ordered, l.unmatched, l.cancelled, s.accepted, s.short, s.rejected, s.failed, o.cancelled_at is not null as "cancelledByBuyer"
  from orders o
    cross join lateral (select sum(quantity) as ordered, sum(unmatched) as unmatched, sum(cancelled) as cancelled, sum(matched) as matched, bool_or(waiting > 0 or (unmatched > 0 and not final)) as pending from lines where order_id = o.order_id) l
    cross join lateral (select coalesce(sum(accepted), 0) as accepted, coalesce(sum(short), 0) as short, coalesce(sum(rejected), 0) as rejected, coalesce(bool_or(failed), false) as failed
      from shipments where order_id = o.order_id) s
  where o.order_id = any($1::uuid[]) and o.status = 'open' and not l.pending and not exists (select from matches m where m.order_id = o.order_id and m.open)
    and l.matched = (select coalesce(sum((line ->> 'quantity')::int), 0) from matches m cross join lateral jsonb_array_elements(m.lines) as line where m.order_id = o.order_id and m.state = 'done')`;

const close = `
  update orders o set status = r.status, reasons = r.reasons::text[], closed_at = $4, version = o.version + 1
  from unnest($1::uuid[], $2::text[], $3::text[]) as r(order_id, status, reasons) where o.order_id = r.order_id and o.status = 'open'`;

/** Closes those of these orders that are over. The caller holds their locks, or two last steps at once would each miss the other. */
export const closeOrders = async (tx: Tx, causes: ReadonlyMap<string, Cause | undefined>): Promise<void> => {
  if (causes.size === 0) return;
  const rows = await tx.sql<Row>(finished, [[...causes.keys()]]);
  if (rows.length === 0) return;
  const ends = rows.map((row) => ({ orderId: row.order_id, buyerId: row.buyer_id, ...endOf(tallyOf(row)) }));
  await tx.run(close, [ends.map((end) => end.orderId), ends.map((end) => end.status), ends.map((end) => `{${end.reasons.join(',')}}`), isoOf(tx.now)]);
  for (const { orderId, buyerId, status, reasons } of ends) {
    const cause = causes.get(orderId);
    await tx.publish(OrderClosed.of({ orderId, buyerId, outcome: status, reasons }), cause === undefined ? undefined : factOf(cause));
  }
};

const tallyOf = (row: Row): Tally => ({
  ordered: Number(row.ordered), unmatched: Number(row.unmatched), cancelled: Number(row.cancelled), accepted: Number(row.accepted), short: Number(row.short), rejected: Number(row.rejected),
  failed: row.failed, cancelledByBuyer: row.cancelledByBuyer,
});
