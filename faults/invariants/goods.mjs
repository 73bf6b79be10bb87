// Units of goods: asked for, matched, committed, shipped.

export const nothingForgotten = {
  name: 'every order that was promised stands, with all its units', unit: 'orders',
  check: async ({ platform, promised }) => {
    const rows = await platform.query('orders', 'select o.buyer_id, o.po_number, count(distinct o.order_id)::int as times, sum(l.quantity)::int as units from orders o join lines l using (order_id) where o.po_number = any($1) group by 1, 2', [promised.map(({ poNumber }) => poNumber)]);
    const found = new Map(rows.map((row) => [`${row.buyer_id} ${row.po_number}`, row]));
    const imports = new Map((await platform.query('orders', 'select import_id, state from imports')).map(({ import_id: id, state }) => [id, state]));
    const broken = promised.flatMap(({ buyerId, poNumber, importId, units, sure, refused, changed }) => {
      const order = found.get(`${buyerId} ${poNumber}`);
      if (refused) return order === undefined ? [] : [{ 'refused and yet there': poNumber, refused }];
      // An upload without an answer may have been cut; then none of its rows may be there, and the client would send it again.
      if (order === undefined) return sure && imports.get(importId) !== 'cut' ? [{ 'promised and not there': poNumber, buyerId, importId, state: imports.get(importId) }] : [];
      if (order.times !== 1) return [{ 'more than once': poNumber, times: order.times }];
      return changed || order.units === units ? [] : [{ poNumber, 'asked for': units, stands: order.units }];
    });
    return { looked: promised.length, broken };
  },
};

export const accounted = {
  name: 'ordered = matched + waiting + unmatched + cancelled, and matched is what the matches hold', unit: 'lines',
  check: async ({ platform }) => {
    const [{ n }] = await platform.query('orders', 'select count(*)::int as n from lines');
    const broken = await platform.query('orders', `
      with held as (select (l ->> 'lineId')::uuid as line_id, sum((l ->> 'quantity')::int)::int as units from matches m cross join jsonb_array_elements(m.lines) l where m.state <> 'released' group by 1)
      select line_id, quantity, matched, waiting, unmatched, cancelled, coalesce(h.units, 0) as "held by matches" from lines left join held h using (line_id)
      where quantity <> matched + waiting + unmatched + cancelled or matched <> coalesce(h.units, 0) limit 20`);
    return { looked: n, broken };
  },
};

export const notOversold = {
  name: 'no offer is committed beyond what was offered, and commitments are what the matches hold', unit: 'offers',
  check: async ({ platform }) => {
    const offers = await platform.query('orders', `
      with held as (select (l ->> 'offerId')::uuid as offer_id, sum((l ->> 'quantity')::int)::int as units from matches m cross join jsonb_array_elements(m.lines) l where m.state <> 'released' group by 1)
      select o.offer_id, o.committed, o.ceiling, coalesce(h.units, 0) as units from offers o left join held h using (offer_id)`);
    const said = new Map((await platform.query('producers', `select data ->> 'offerId' as id, max((data ->> 'capacity')::int) as most from facts where type in ('ir.peyvand.producers.OfferPublished.v1', 'ir.peyvand.producers.OfferChanged.v1') group by 1`)).map(({ id, most }) => [id, most]));
    return { looked: offers.length, broken: offers.filter(({ offer_id: id, committed, ceiling, units }) => committed !== units || committed > ceiling || committed > (said.get(id) ?? 0)).map((row) => ({ ...row, 'most ever offered': said.get(row.offer_id) })) };
  },
};

export const everybodyKnows = {
  name: 'orders, delivery and financing tell the same of every match', unit: 'matches',
  check: async ({ platform }) => {
    const matches = await platform.query('orders', `select match_id, order_id, state, amount::text as amount, (select sum((l ->> 'quantity')::int)::int from jsonb_array_elements(lines) l) as units from matches where state in ('accepted', 'secured', 'done')`);
    const ids = matches.map(({ match_id: id }) => id);
    const byId = (rows) => new Map(rows.map((row) => [row.match_id, row]));
    const financed = byId(await platform.query('financing', 'select match_id, state, amount::text as amount from matches where match_id = any($1)', [ids]));
    const delivered = byId(await platform.query('delivery', 'select match_id, status, secured from matches where match_id = any($1)', [ids]));
    const shipped = byId(await platform.query('delivery', `select match_id, sum(units)::int as units, count(*)::int as shipments from shipments where match_id = any($1) group by 1`, [ids]));
    const broken = matches.flatMap((match) => {
      const [finance, delivery, load] = [financed, delivered, shipped].map((all) => all.get(match.match_id));
      const faults = [
        finance === undefined ? 'financing does not know it' : finance.amount !== match.amount ? `financing has ${finance.amount}` : undefined,
        delivery === undefined ? 'delivery does not know it' : delivery.status !== 'agreed' ? `delivery has it ${delivery.status}` : undefined,
        match.state === 'secured' && delivery?.secured !== true ? 'delivery does not know it is secured' : undefined,
        load === undefined ? 'no shipment is planned' : load.units < match.units ? `shipments hold ${load.units} units` : undefined,
      ].filter((fault) => fault !== undefined);
      return faults.length === 0 ? [] : [{ ...match, faults }];
    });
    return { looked: matches.length, broken };
  },
};
