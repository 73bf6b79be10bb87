import * as redrive from '../src/consume/redrive.js';
import { claimDeadlines } from '../src/due/deadlines.js';
import * as errands from '../src/due/errands.js';
import * as due from '../src/due/row.js';
import { dropDeadlines, setDeadlines } from '../src/store/open-tx.js';
import { jsonb, listOf } from './literal.js';
import type { Fields } from './rows.js';
import { by, dateOf, later, text, texts, type Statement } from './statement.js';

const isDue = (kinds: unknown) => (one: Fields): boolean => listOf(kinds).includes(one.kind) && one.state === 'due';
const asRead = (kind: unknown, key: unknown, version: unknown) => (one: Fields): boolean => one.kind === kind && one.key === key && String(one.version) === String(version);

const dueRow = ({ kind, key, due_at, data, correlationid, version, attempts }: Fields): Fields => ({ kind, key, due_at: dateOf(due_at), data, correlationid, version: String(version), attempts });

const deadlines: [string, Statement][] = [
  [setDeadlines, (view, columns) => {
    const [kinds, keys, dueAts, data, stories] = columns.map(listOf) as [unknown[], unknown[], unknown[], unknown[], unknown[]];
    kinds.forEach((kind, at) => {
      const fresh = { kind, key: keys[at], due_at: Date.parse(text(dueAts[at])), data: jsonb(text(data[at])), correlationid: stories[at] ?? null, attempts: 0, state: 'due', next_try: null, error: null };
      const version = view.number('deadline_versions');
      const row = view.insert('deadlines', `${text(kind)} ${text(keys[at])}`, { ...fresh, version, leased_until: null });
      const old = row === undefined ? undefined : view.lock(row, () => true);
      if (row !== undefined && old !== undefined && old !== 'held') view.put(row, { ...old, ...fresh, version });
    });
    return kinds.length;
  }],
  [dropDeadlines, (view, [kind, keys]) => view.change('deadlines', (one) => one.kind === kind && texts(keys).includes(text(one.key)), () => undefined).length],
  [claimDeadlines, (view, [kinds, now, most]) => {
    const ready = (one: Fields): boolean => isDue(kinds)(one) && (one.due_at as number) <= Date.parse(text(now)) && (one.next_try === null || (one.next_try as number) <= view.now);
    const claimed: Fields[] = [];
    for (const { row } of view.scan('deadlines', ready).sort(by('due_at', 'kind', 'key'))) {
      if (claimed.length === Number(most)) break;
      const one = view.lock(row, ready, 'update', true);
      if (one === undefined || one === 'held') continue;
      claimed.push(dueRow(one));
    }
    return claimed;
  }],
  [due.takeOne, (view, [kind, key, version]) => view.change('deadlines', asRead(kind, key, version), () => undefined).length],
  [due.takeMany, (view, [kind, keys, versions]) => {
    const wanted = new Map(texts(keys).map((key, at) => [key, text(listOf(versions)[at])]));
    return view.change('deadlines', (one) => one.kind === kind && wanted.get(text(one.key)) === String(one.version), () => undefined).map(({ key }) => ({ key }));
  }],
  [due.bookTry, (view, [kind, key, version, attempts, error, state, wait]) =>
    view.change('deadlines', asRead(kind, key, version), (one) => ({ ...one, attempts, error, state, next_try: later(view, wait), leased_until: null })).length],
  [due.upcoming, (view, [kinds]) => view.scan('deadlines', isDue(kinds)).sort(by('due_at')).slice(0, 20).map(({ fields }) => {
    const until = [fields.next_try, fields.leased_until].filter((time) => time !== null) as number[];
    return { due_at: dateOf(fields.due_at), retry_ms: until.length === 0 ? null : String(Math.max(...until) - view.now) };
  })],
  [redrive.lockParkedDeadlines, (view, [key, kind]) => {
    const fits = (one: Fields): boolean => one.state === 'parked' && (key === null || one.key === key) && (kind === null || one.kind === kind);
    return view.scan('deadlines', fits).flatMap(({ row }) => {
      const one = view.lock(row, fits);
      return one === undefined || one === 'held' ? [] : [{ id: one.key, key: one.key, type: one.kind }];
    });
  }],
  [redrive.setDeadlinesGoing, (view, [kinds, keys]) => {
    const wanted = new Set(texts(kinds).map((kind, at) => `${kind} ${texts(keys)[at] ?? ''}`));
    return view.change('deadlines', (one) => one.state === 'parked' && wanted.has(`${text(one.kind)} ${text(one.key)}`), (one) => ({ ...one, state: 'due', attempts: 0, next_try: null })).length;
  }],
];

const ofKeys = (kind: unknown, keys: readonly string[]) => (one: Fields): boolean => one.kind === kind && keys.includes(text(one.key));

const errandRows: [string, Statement][] = [
  [errands.claimErrands, (view, [kinds, now, most, lease]) => {
    const past = (time: unknown): boolean => time === null || (time as number) <= view.now;
    const ready = (one: Fields): boolean => isDue(kinds)(one) && (one.due_at as number) <= Date.parse(text(now)) && past(one.next_try) && past(one.leased_until);
    const claimed: Fields[] = [];
    for (const { row } of view.scan('deadlines', ready).sort(by('due_at', 'kind', 'key'))) {
      if (claimed.length === Number(most)) break;
      const one = view.lock(row, ready, 'update', true);
      if (one === undefined || one === 'held') continue;
      view.put(row, { ...one, leased_until: later(view, lease) });
      claimed.push(dueRow(one));
    }
    return claimed;
  }],
  [errands.keepErrands, (view, [kind, keys, versions, lease]) => {
    const wanted = new Map(texts(keys).map((key, at) => [key, text(listOf(versions)[at])]));
    return view.change('deadlines', (one) => one.kind === kind && wanted.get(text(one.key)) === String(one.version) && one.leased_until !== null, (one) => ({ ...one, leased_until: later(view, lease) })).length;
  }],
  [errands.freeErrands, (view, [kind, keys]) => view.change('deadlines', ofKeys(kind, texts(keys)), (one) => ({ ...one, leased_until: null })).length],
  [errands.freeErrand, (view, [kind, key]) => view.change('deadlines', ofKeys(kind, [text(key)]), (one) => ({ ...one, leased_until: null })).length],
];

export const dueStatements: readonly [string, Statement][] = [...deadlines, ...errandRows];
