// The trade's own systems: they follow the facts, as partners do, and answer through the public API in lots.
import { kafkaBroker } from '@peyvand/messaging';
import { setTimeout as sleep } from 'node:timers/promises';

/** Gathers what is to be done by seat and does it in lots of up to `most`; what is refused for now comes again. */
const lots = (most, act, failures) => {
  const waiting = new Map();
  const busy = new Set();
  let stopped = false;
  const flush = async (seat) => {
    busy.add(seat);
    const items = waiting.get(seat).splice(0, most);
    try {
      const later = await act(seat, items);
      if (later?.length > 0) setTimeout(() => add(seat, ...later), 100);
    } catch (error) {
      failures.set(error.message.slice(0, 200), (failures.get(error.message.slice(0, 200)) ?? 0) + 1);
      setTimeout(() => add(seat, ...items), 300);
    }
    busy.delete(seat);
  };
  const add = (seat, ...items) => {
    if (!waiting.has(seat)) waiting.set(seat, []);
    waiting.get(seat).push(...items);
  };
  const timer = setInterval(() => { for (const [seat, items] of waiting) if (items.length > 0 && !busy.has(seat) && !stopped) void flush(seat); }, 150);
  return { add, stop: () => { stopped = true; clearInterval(timer); }, depth: () => [...waiting.values()].reduce((sum, items) => sum + items.length, 0) };
};

/** Starts the actors; answers counts of facts by name and how many orders were settled. */
export async function startActors(platform, as, { standing }) {
  const broker = await kafkaBroker({ brokers: platform.brokers, clientId: 'bench-actors' });
  const [counts, failures, outcomes] = [new Map(), new Map(), new Map()];
  const shipments = new Map();
  const dispatches = lots(1_000, (seller, items) => dispatch(as(seller, 'producer'), items, standing), failures);
  const receipts = lots(1_000, async (buyer, items) => {
    const { items: answers } = await as(buyer, 'storekeeper')('POST', 'delivery', '/api/delivery/receipts', { receipts: items });
    answers.filter(({ ok }) => !ok).forEach(({ type }) => failures.set(type, (failures.get(type) ?? 0) + 1));
    items.forEach(({ shipmentId }) => shipments.delete(shipmentId));
  }, failures);
  const signatures = lots(1_000, (buyer, items) => sign(as(buyer, 'signatory'), items, standing), failures);
  const hands = standing ? {} : byHand(as, failures);

  // A shipment leaves when it is planned and its match is secured, whichever is heard first.
  const halves = new Map();
  const leave = (data, shipmentId) => {
    const before = halves.get(data.matchId);
    halves.set(data.matchId, shipmentId ?? 'secured');
    if (before === undefined) return;
    halves.delete(data.matchId);
    dispatches.add(data.sellerId, shipmentId ?? before);
  };
  const heed = (name, data) => {
    if (name === 'ShipmentPlanned') {
      shipments.set(data.shipmentId, { buyerId: data.buyerId, lines: data.lines });
      leave(data, data.shipmentId);
    } else if (name === 'MatchSecured') leave(data);
    else if (name === 'InstrumentDrawn') signatures.add(data.buyerId, data.instrumentId);
    else if (name === 'OrderClosed') outcomes.set(data.outcome, (outcomes.get(data.outcome) ?? 0) + 1);
    else hands[name]?.(data);
  };
  const wanted = new Set(['ShipmentPlanned', 'MatchSecured', 'InstrumentDrawn', 'OrderClosed', ...Object.keys(hands)]);
  const subscription = await broker.subscribe({
    group: 'bench-actors', topics: ['orders', 'delivery', 'financing'].map((one) => `peyvand.${one}`), batch: 2_000, atOnce: 4,
    onBatch: async (messages) => {
      for (const { headers, value } of messages) {
        const name = headers.ce_type.split('.')[3];
        counts.set(name, (counts.get(name) ?? 0) + 1);
        if (wanted.has(name)) heed(name, JSON.parse(value));
      }
    },
  });

  // The storekeepers' telephones.
  let [last, running] = [0, true];
  const seen = new Set();
  const phones = (async () => {
    while (running) {
      const { rows } = await platform.databases.delivery.query('select id::int, shipment_id, code from sms_outbox where id > $1 order by id limit 5000', [last - 500]).catch(() => ({ rows: [] }));
      for (const { id, shipment_id: shipmentId, code } of rows) {
        last = Math.max(last, id);
        const shipment = shipments.get(shipmentId);
        if (shipment === undefined || seen.has(shipmentId)) continue;
        seen.add(shipmentId);
        receipts.add(shipment.buyerId, { shipmentId, code, lines: shipment.lines.map(({ lineId, quantity }) => ({ lineId, received: quantity, rejected: 0 })) });
      }
      await sleep(120);
    }
  })();
  return {
    counts, failures, outcomes, count: (name) => counts.get(name) ?? 0,
    depths: () => ({ dispatches: dispatches.depth(), receipts: receipts.depth(), signatures: signatures.depth() }),
    async stop() {
      running = false;
      await phones;
      [dispatches, receipts, signatures].forEach((one) => one.stop());
      await subscription.close();
      await broker.close();
    },
  };
}

const dispatch = async (seller, ids, standing) => {
  if (!standing) {
    await each(ids, (id) => patiently(() => seller('POST', 'delivery', `/api/delivery/shipments/${id}/dispatch`, { waybill: 'W-1' })));
    return [];
  }
  const { items } = await seller('POST', 'delivery', '/api/delivery/dispatches', { dispatches: ids.map((shipmentId) => ({ shipmentId, waybill: 'W-1' })) });
  // Delivery may not have heard yet that the match is secured.
  return items.filter(({ ok, type }) => !ok && /not-secured|not-found/.test(type)).map(({ shipmentId }) => shipmentId);
};

const sign = async (signatory, ids, standing) => {
  if (!standing) {
    await each(ids, (id) => patiently(() => signatory('POST', 'financing', `/api/financing/instruments/${id}/accept`, {})));
    return [];
  }
  const { items } = await signatory('POST', 'financing', '/api/financing/instruments/acceptances', { instrumentIds: ids });
  return items.filter(({ ok, type }) => !ok && /not-found/.test(type)).map(({ instrumentId }) => instrumentId);
};

/** Every step by a person's click: what a trade without standing instructions costs. */
const byHand = (as, failures) => {
  const answers = lots(500, (seller, ids) => as(seller, 'producer')('POST', 'orders', '/api/orders/matches/answers', { answers: ids.map((matchId) => ({ matchId, answer: 'accept' })) }).then(() => []), failures);
  const one = (act) => lots(200, async (seat, items) => { await each(items, (item) => patiently(() => act(seat, item))); }, failures);
  let numbers = 0;
  const invoices = one((seller, id) => as(seller, 'producer')('POST', 'delivery', `/api/delivery/shipments/${id}/invoice`, { invoiceNumber: `I-${(numbers += 1)}` }));
  const checks = one(async (buyer, id) => { for (const seat of ['buyer', 'approver']) await as(buyer, seat)('POST', 'delivery', `/api/delivery/invoices/${id}/approve`); });
  const draws = one((seller, invoiceId) => as(seller, 'producer')('POST', 'financing', '/api/financing/instruments', { invoiceId }));
  const bids = one((funder, { caseId, until }) => as(funder, 'funder')('POST', 'financing', `/api/financing/cases/${caseId}/bids`, { rate: 2200, fee: '0', maxFace: '900000000000', validUntil: until }));
  const choices = one((seller, { caseId, bidId }) => as(seller, 'producer')('POST', 'financing', `/api/financing/cases/${caseId}/choose`, { bidId }));
  const bidOn = new Set();
  return {
    PurchaseOrderIssued: (data) => answers.add(data.sellerId, data.matchId),
    GoodsReceived: (data) => invoices.add(data.sellerId, data.shipmentId),
    InvoiceMatched: (data) => checks.add(data.buyerId, data.invoiceId),
    InvoiceApproved: (data) => draws.add(data.sellerId, data.invoiceId),
    InstrumentAccepted: (data) => data.funderIds.slice(0, 2).forEach((funder) => bids.add(funder, { caseId: data.caseId, until: data.bidUntil })),
    BidPlaced: (data) => { if (bidOn.delete(data.caseId)) choices.add(data.sellerId, data); else bidOn.add(data.caseId); },
  };
};

const each = (items, act) => Promise.all(items.map(act));
const patiently = async (ask) => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 30 || ![404, 409].includes(error.status)) throw error;
      await sleep(200);
    }
  }
};
