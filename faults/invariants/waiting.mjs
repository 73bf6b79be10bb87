// Nothing stands still without a reason and somebody who knows.
import { services } from '../platform.mjs';

export const ownPoisonOnly = {
  name: 'only the rig’s own poison is parked, and all of it that could not be read as a fact', unit: 'parked facts',
  check: async ({ platform, poison }) => {
    const broken = [];
    let looked = 0;
    for (const service of services) {
      const rows = await platform.query(service, `
        select consumer_group as "group", id, key, type, state, error, fact #>> '{headers,rig}' as rig from parked
        union all select 'deadlines', null, key, kind, state, error, null from deadlines where state = 'parked'`);
      looked += rows.length;
      broken.push(...rows.filter(({ key, rig }) => !poison.has(key) && rig !== 'poison').map((row) => ({ service, ...row })));
    }
    return { looked, broken };
  },
};

export const clocksKept = {
  name: 'no deadline is overdue, and every open order has a next step', unit: 'deadlines and orders',
  check: async ({ platform, now }) => {
    const broken = [];
    let looked = 0;
    for (const service of services) {
      const rows = await platform.query(service, 'select kind, key, due_at, state from deadlines');
      looked += rows.length;
      broken.push(...rows.filter(({ due_at: due, state }) => state === 'due' && due.getTime() < now - 60_000).map((row) => ({ service, overdue: row })));
    }
    // An open order has an open match, or a line that is not yet given up; and such a line has the day it will be.
    const still = await platform.query('orders', `
      select o.order_id, o.po_number from orders o where o.status = 'open' and not exists (select from matches m where m.order_id = o.order_id and m.open)
        and not exists (select from lines l where l.order_id = o.order_id and (l.waiting > 0 or (l.unmatched > 0 and not l.final))) limit 20`);
    still.push(...(await platform.query('orders', `
      select o.order_id, l.line_id, l.waiting, l.unmatched from orders o join lines l using (order_id) where o.status = 'open' and (l.waiting > 0 or (l.unmatched > 0 and not l.final))
        and not exists (select from deadlines d where d.kind = 'orders/lapse' and d.key = l.line_id::text) and not exists (select from queue q where q.line_id = l.line_id) limit 20`)));
    // Goods that were accepted wait for an invoice, its correction or its approval; whoever's turn it is, the clock knows.
    still.push(...(await platform.query('delivery', `
      select s.order_id, s.shipment_id, s.status from shipments s where not exists (select from deadlines d where d.kind = 'delivery/step-by' and d.key = s.shipment_id::text)
        and (exists (select from disputes x where x.shipment_id = s.shipment_id and x.status = 'open')
          or exists (select from receipts r where r.shipment_id = s.shipment_id and r.accepted > 0) and not exists (select from invoices i where i.shipment_id = s.shipment_id and i.status = 'approved')) limit 20`)));
    const [{ open }] = await platform.query('orders', `select count(*)::int as open from orders where status = 'open'`);
    return { looked: looked + open, broken: [...broken, ...still.map((row) => ({ 'stands still': row }))] };
  },
};
