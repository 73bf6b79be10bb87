// What was stored, what was told and what was heard: facts, topics and inboxes compared row by row.
import 'reflect-metadata';
import { contractOf } from '@peyvand/contracts';
import { services } from '../platform.mjs';

/** Facts stored since the last check, by service; the earlier ones were checked then. */
export const newFacts = async ({ platform, checked }) => {
  const fresh = {};
  for (const service of services) {
    const rows = await platform.query(service, `
      select f.seq::text, f.id, f.key, f.type, f.causationid, f.xmin::text as tx, extract(epoch from f.recordedtime)::float8 as stored, extract(epoch from pg_xact_commit_timestamp(f.xmin))::float8 as committed
      from facts f where f.seq > $1 order by f.seq`, [checked[service] ?? '0']);
    if (rows.length > 0) checked[service] = rows.at(-1).seq;
    fresh[service] = rows;
  }
  return fresh;
};

const arrivalsOf = (records) => {
  const first = new Map();
  records.forEach((record, place) => {
    if (record.headers.rig === undefined && !first.has(record.headers.ce_id)) first.set(record.headers.ce_id, place);
  });
  return first;
};

export const told = {
  name: 'every stored fact is told, and nothing else is', unit: 'facts',
  check: async ({ platform, fresh, records, known }) => {
    const arrived = arrivalsOf(records);
    const broken = [];
    for (const service of services) {
      const unsent = await platform.query(service, 'select count(*)::int as n from unsent');
      if (unsent[0].n > 0) broken.push({ service, unsent: unsent[0].n });
      for (const fact of fresh[service]) {
        known.add(fact.id);
        if (!arrived.has(fact.id)) broken.push({ service, lost: fact });
      }
    }
    for (const [id, place] of arrived) if (!known.has(id)) broken.push({ 'told but not stored': records[place].headers });
    return { looked: services.reduce((sum, service) => sum + fresh[service].length, 0), broken };
  },
};

/**
 * A fact whose transaction had committed before another of its key was stored must arrive first, and facts of one transaction in their order.
 * Two that were under way at the same time (shipments of one order by two makers, say) may arrive either way.
 */
export const inOrder = {
  name: 'facts of a key arrive in the order of their commits', unit: 'facts',
  check: async ({ fresh, records }) => {
    const arrived = arrivalsOf(records);
    const broken = [];
    let looked = 0;
    for (const service of services) {
      const [earliestCommitLater, lowestLaterOfTx, partitions] = [new Map(), new Map(), new Map()];
      const told = fresh[service].filter(({ id }) => arrived.has(id)).map((fact) => ({ ...fact, seq: BigInt(fact.seq), place: arrived.get(fact.id) })).sort((one, other) => other.place - one.place);
      looked += told.length;
      // From the last arrival to the first: what arrives later may not have been committed before.
      for (const fact of told) {
        const { key, tx, seq, stored, committed, place, type } = fact;
        const later = earliestCommitLater.get(key);
        if (later !== undefined && later.committed < stored) broken.push({ service, key, 'arrived first': `${type} ${seq}`, 'committed before it was stored': `${later.type} ${later.seq}` });
        if (later === undefined || committed < later.committed) earliestCommitLater.set(key, fact);
        const inTx = lowestLaterOfTx.get(`${key} ${tx}`);
        if (inTx !== undefined && inTx < seq) broken.push({ service, key, 'one transaction': [String(seq), String(inTx)] });
        lowestLaterOfTx.set(`${key} ${tx}`, seq);
        const partition = partitions.get(key) ?? records[place].partition;
        if (partition !== records[place].partition) broken.push({ service, key, 'two partitions': [partition, records[place].partition] });
        partitions.set(key, partition);
      }
    }
    return { looked, broken };
  },
};

/** Which types each consumer group asks for, as its handlers declare. */
const wantedByGroup = async () => {
  const wanted = new Map();
  for (const service of services) {
    const { [service]: definition } = await import(`../../apps/${service}/dist/index.js`);
    for (const consumer of definition.consumers) {
      for (const name of Object.getOwnPropertyNames(consumer.prototype)) {
        const extras = Reflect.getMetadata('microservices:handler_extras', consumer.prototype[name])?.peyvand ?? extrasOf(consumer.prototype[name]);
        if (extras?.kind !== 'fact') continue;
        const group = extras.group ?? service;
        if (!wanted.has(group)) wanted.set(group, { service, types: new Set() });
        extras.types.forEach((type) => wanted.get(group).types.add(type));
      }
    }
  }
  if (wanted.size < 5) throw new Error('The handlers declare too little: has the decorators’ metadata moved?');
  return wanted;
};

const extrasOf = (method) => Reflect.getMetadataKeys(method).map((key) => Reflect.getMetadata(key, method)).find((value) => value?.peyvand !== undefined)?.peyvand;

export const heard = {
  name: 'every fact is handled by every group that asks for it', unit: 'handlings',
  check: async ({ platform, fresh }) => {
    const broken = [];
    let looked = 0;
    for (const [group, { service, types }] of await wantedByGroup()) {
      const due = services.flatMap((one) => fresh[one]).filter(({ type }) => types.has(type));
      looked += due.length;
      for (let at = 0; at < due.length; at += 5_000) {
        const part = due.slice(at, at + 5_000);
        const rows = await platform.query(service, 'select id from unnest($2::uuid[]) as t(id) where not exists (select from inbox i where i.consumer_group = $1 and i.id = t.id)', [group, part.map(({ id }) => id)]);
        const missing = new Set(rows.map(({ id }) => id));
        broken.push(...part.filter(({ id }) => missing.has(id)).map((fact) => ({ group, 'never heard': fact })));
      }
    }
    return { looked, broken };
  },
};

export const toldOn = {
  name: 'story and feed hold each fact exactly once', unit: 'facts',
  check: async ({ platform, fresh }) => {
    const broken = [];
    const all = services.flatMap((service) => fresh[service]);
    const ofOrders = all.filter(({ type }) => contractOf(type)?.key === 'orderId');
    for (const [service, table, column, facts] of [['orders', 'story', 'fact_id', ofOrders], ['edge', 'heard', 'id', all]]) {
      for (let at = 0; at < facts.length; at += 5_000) {
        const ids = facts.slice(at, at + 5_000).map(({ id }) => id);
        broken.push(...(await platform.query(service, `select id, (select count(*)::int from ${table} s where s.${column} = t.id) as times from unnest($1::uuid[]) as t(id) where (select count(*) from ${table} s where s.${column} = t.id) <> 1`, [ids])).map((row) => ({ in: table, ...row })));
      }
    }
    return { looked: ofOrders.length + all.length, broken };
  },
};

/** Goods that left while their match was being released open an ended order again, and it ends once more. */
const reopened = "(select count(*) from matches m where m.order_id = t.thing::uuid and m.state = 'released' and m.dispatched)";

/** What may happen once in the life of a thing, by the fact that tells it and the field that names the thing; and how often besides. */
const once = [
  ['orders', 'OrderClosed', 'orderId', reopened], ['orders', 'OrderSubmitted', 'orderId'], ['orders', 'MatchMade', 'matchId'], ['orders', 'PurchaseOrderIssued', 'matchId'], ['orders', 'PurchaseOrderAccepted', 'matchId'],
  ['orders', 'MatchSecured', 'matchId'], ['orders', 'MatchReleased', 'matchId'], ['delivery', 'ShipmentDispatched', 'shipmentId'], ['delivery', 'GoodsReceived', 'shipmentId'], ['delivery', 'InvoiceIssued', 'invoiceId'],
  ['delivery', 'InvoiceApproved', 'invoiceId'], ['financing', 'ReceivableOpened', 'invoiceId'], ['financing', 'InstrumentDrawn', 'instrumentId'], ['financing', 'InstrumentAccepted', 'instrumentId'],
  ['financing', 'FundsDisbursed', 'caseId'], ['financing', 'CaseSettled', 'caseId'],
];

export const onlyOnce = {
  name: 'what may happen once happened once', unit: 'facts',
  check: async ({ platform }) => {
    const broken = [];
    let looked = 0;
    for (const [service, name, field, besides = '0'] of once) {
      const type = `ir.peyvand.${service}.${name}.v1`;
      const [{ n }] = await platform.query(service, 'select count(*)::int as n from facts where type = $1', [type]);
      looked += n;
      broken.push(...(await platform.query(service, `select t.thing as "${field}", t.times from (select data ->> $2 as thing, count(*)::int as times from facts where type = $1 group by 1 having count(*) > 1) t where t.times > 1 + ${besides}`, [type, field])).map((row) => ({ fact: name, ...row })));
    }
    return { looked, broken };
  },
};
