import * as inbox from '../src/consume/inbox.js';
import * as queue from '../src/consume/queue.js';
import * as redrive from '../src/consume/redrive.js';
import * as retries from '../src/consume/retries.js';
import { parkAtOnce } from '../src/consume/unreadable.js';
import { releaseLease, takeLease } from '../src/lease.js';
import { forgetAndRead } from '../src/relay.js';
import { lastSeq, readLog } from '../src/replay.js';
import { keepUp } from '../src/service.js';
import { appendFacts } from '../src/store/publish.js';
import { takeTurn } from '../src/transact.js';
import { failure, type Fields } from './rows.js';
import { by, dateOf, later, text, texts, type Statement } from './statement.js';
import { dueStatements } from './statements-due.js';
import { jsonb, listOf } from './literal.js';

export const writeEffect = 'insert into effect (by, id, key, n) values ($1, $2, $3, $4)';
export const findEffect = 'select n from effect where by = $1 and key = $2 and n = $3';

export const useLimit = 'insert into limits (name, used) values ($1, 1) on conflict (name) do update set used = limits.used + 1';

const leases: [string, Statement][] = [
  [takeLease, (view, [name, holder, ms]) => {
    const fresh = { name, holder, until: later(view, ms), epoch: 1 };
    const row = view.insert('leases', text(name), fresh);
    if (row === undefined) return [{ epoch: '1' }];
    const now = view.lock(row, (lease) => lease.holder === holder || (lease.until as number) <= view.now);
    if (now === undefined || now === 'held') return [];
    const epoch = (now.epoch as number) + (now.holder === holder ? 0 : 1);
    view.put(row, { ...fresh, epoch });
    return [{ epoch: String(epoch) }];
  }],
  [releaseLease, (view, [name, holder]) => view.change('leases', (lease) => lease.name === name && lease.holder === holder, (lease) => ({ ...lease, until: view.now })).length],
];

const outbox: [string, Statement][] = [
  [appendFacts, (view, values) => {
    const [ids, types, keys, times, causes, correlations, groups, traces, , data] = values.map(listOf) as unknown[][] as [unknown[], unknown[], unknown[], unknown[], unknown[], unknown[], unknown[], unknown[], unknown[], unknown[]];
    ids.forEach((id, at) => {
      const seq = view.number('facts_seq');
      view.insert('facts', String(seq), {
        seq, id, type: types[at], key: keys[at], time: Date.parse(text(times[at])), recordedtime: view.now, causationid: causes[at] ?? null,
        correlationid: correlations[at], groupid: groups[at] ?? null, traceparent: traces[at] ?? null, data: data[at],
      });
      view.insert('unsent', String(seq), { seq, recordedtime: view.now });
    });
    return ids.length;
  }],
  [forgetAndRead, (view, [most, acked, holder, epoch]) => {
    const gone = new Set(listOf(acked).map(Number));
    const isGone = ({ seq }: Fields): boolean => gone.has(seq as number);
    const unsent = view.scan('unsent', (row) => !isGone(row)).sort(by('seq')).slice(0, Number(most));
    const facts = new Map(view.scan('facts', () => true).map(({ fields }) => [fields.seq, fields]));
    const held = view.scan('leases', (lease) => lease.name === 'relay' && lease.holder === holder && String(lease.epoch) === epoch).length > 0;
    if (held) view.change('unsent', isGone, () => undefined);
    return unsent.map(({ fields }) => factRow(facts.get(fields.seq) as Fields));
  }],
  [lastSeq, (view) => [{ seq: String(view.last('facts_seq')) }]],
  [readLog, (view, [after, end, types, most]) => view.scan('facts', ({ seq, type }) => (seq as number) > Number(after) && (seq as number) <= Number(end) && listOf(types).includes(type)).sort(by('seq')).slice(0, Number(most)).map(({ fields }) => factRow(fields))],
  [keepUp, () => []],
];

export const factRow = (fact: Fields): Fields => ({ ...fact, seq: String(fact.seq), time: dateOf(fact.time), recordedtime: dateOf(fact.recordedtime) });

const inboxes: [string, Statement][] = [
  [inbox.insertInbox, (view, [group, ids]) => texts(ids).filter((id) => view.insert('inbox', `${text(group)} ${id}`, { group, id }) === undefined).length],
  [inbox.ownInbox, (view, [group, ids]) => {
    const asked = new Set(texts(ids));
    return view.own('inbox').filter((row) => row.group === group && asked.has(text(row.id))).map(({ id }) => ({ id }));
  }],
  [inbox.sideQueueHeads, (view, [group, keys]) => texts(keys).flatMap((key) => {
    for (const { row } of view.scan('parked', (one) => one.group === group && one.key === key).sort(by('place'))) {
      if (view.lock(row, (one) => one.key === key, 'share') !== undefined) return [{ key }];
    }
    return [];
  })],
  [inbox.appendToSideQueues, (view, [group, ...columns]) => {
    const [ids, keys, topics, types, facts] = columns.map(texts) as [string[], string[], string[], string[], string[]];
    return ids.filter((id, at) => view.insert('parked', `${text(group)} ${id}`, {
      group, id, place: view.number('place'), key: keys[at], topic: topics[at], type: types[at], fact: jsonb(facts[at] ?? ''), state: 'queued', attempts: 0, error: null, next_try: null, give_up_at: null,
    }) === undefined).length;
  }],
];

const outOfOrder: [string, Statement][] = [
  [parkAtOnce, (view, [group, id, key, topic, type, fact, error]) => {
    const row = { group, id, place: view.number('place'), key, topic, type, fact: jsonb(text(fact)), state: 'parked', attempts: 0, error, next_try: null, give_up_at: null };
    if (view.insert('parked', `${text(group)} ${text(id)}`, row) !== undefined) throw failure('23505', 'duplicate key value violates unique constraint "parked_pkey"');
    return 1;
  }],
];

const dueQueue = (group: unknown) => (one: Fields): boolean => one.group === group && (one.state === 'retrying' || one.state === 'waiting');
const ofId = (group: unknown, id: unknown) => (one: Fields): boolean => one.group === group && one.id === id;

const queues: [string, Statement][] = [
  [queue.lockHead, (view, [group, key]) => {
    for (const { row } of view.scan('parked', (one) => one.group === group && one.key === key).sort(by('place'))) {
      const head = view.lock(row, (one) => one.key === key);
      if (head !== undefined && head !== 'held') return [{ state: head.state }];
    }
    return [];
  }],
  [queue.loadQueue, (view, [group, key]) => view.scan('parked', (one) => one.group === group && one.key === key).sort(by('place')).flatMap(({ row }) => {
    const one = view.lock(row, () => true);
    if (one === undefined || one === 'held') return [];
    const { id, topic, type, fact, attempts, state } = one;
    return [{ id, topic, type, fact, attempts, state, later: one.next_try !== null && (one.next_try as number) > view.now, over: one.give_up_at !== null && (one.give_up_at as number) <= view.now }];
  })],
  [queue.leaveQueue, (view, [group, id]) => view.change('parked', ofId(group, id), () => undefined).length],
  [queue.bookAttempt, (view, [group, id, state, attempts, error, wait, giveUp]) => view.change('parked', ofId(group, id), (one) => ({
    ...one, state, attempts, error, next_try: later(view, wait), give_up_at: state === 'waiting' ? (one.give_up_at ?? later(view, giveUp)) : null,
  })).length],
  [retries.dueKeys, (view, [group]) => {
    const first = new Map<string, number>();
    for (const { fields } of view.scan('parked', (one) => dueQueue(group)(one) && (one.next_try as number) <= view.now)) {
      first.set(text(fields.key), Math.min(first.get(text(fields.key)) ?? Infinity, fields.next_try as number));
    }
    return [...first].sort((a, b) => a[1] - b[1]).slice(0, 50).map(([key]) => ({ key }));
  }],
  [retries.orphans, (view, [group]) => {
    const all = view.scan('parked', (one) => one.group === group).map(({ fields }) => fields);
    const led = new Set(all.filter(({ state }) => state !== 'queued').map(({ key }) => key));
    return [...new Set(all.map(({ key }) => key))].filter((key) => !led.has(key)).slice(0, 50).map((key) => ({ key }));
  }],
  [retries.nextTry, (view, [group]) => {
    const times = view.scan('parked', dueQueue(group)).map(({ fields }) => fields.next_try as number);
    return [{ ms: times.length === 0 ? null : String(Math.min(...times) - view.now) }];
  }],
  [redrive.lockParkedFacts, (view, [group, key, id, type]) => {
    const fits = (one: Fields): boolean => one.group === group && one.state === 'parked' && !text(one.key).startsWith('unreadable/') && [[key, one.key], [id, one.id], [type, one.type]].every(([asked, has]) => asked === null || asked === has);
    return view.scan('parked', fits).sort(by('place')).flatMap(({ row }) => {
      const one = view.lock(row, fits);
      return one === undefined || one === 'held' ? [] : [{ id: one.id, key: one.key, type: one.type }];
    });
  }],
  [redrive.setFactsGoing, (view, [group, ids]) => {
    const asked = new Set(texts(ids));
    return view.change('parked', (one) => one.group === group && asked.has(text(one.id)), (one) => ({ ...one, state: 'retrying', attempts: 0, next_try: view.now, give_up_at: null })).length;
  }],
];

const effects: [string, Statement][] = [
  [writeEffect, (view, [who, id, key, n]) => {
    const place = view.number('effect');
    view.insert('effect', String(place), { place, by: who, id, key, n, at: view.now });
    return 1;
  }],
  [useLimit, (view, [name]) => {
    const row = view.insert('limits', text(name), { name, used: 1 });
    const old = row === undefined ? undefined : view.lock(row, () => true);
    if (row !== undefined && old !== undefined && old !== 'held') view.put(row, { ...old, used: (old.used as number) + 1 });
    return 1;
  }],
  [takeTurn, (view) => (view.hold('turn'), [{ pg_advisory_xact_lock: '' }])],
  [findEffect, (view, [who, key, n]) => view.scan('effect', (one) => one.by === who && one.key === key && one.n === n).map(({ fields }) => ({ n: fields.n }))],
];

/** Each SQL text of the messaging, by the constant that holds it. */
export const statements: ReadonlyMap<string, Statement> = new Map([...leases, ...outbox, ...inboxes, ...outOfOrder, ...queues, ...dueStatements, ...effects]);
