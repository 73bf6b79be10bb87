import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@peyvand/kernel';
import { newSource } from '../../test-support/database.js';
import type { Received } from '../broker/broker.js';
import { discard, listParked, redrive, type Metric, type Source } from '../index.js';
import { defaults } from '../settings.js';
import { parkUnreadable, readable } from './unreadable.js';

const message = (change: { readonly value?: string; readonly key?: string; readonly headers?: Readonly<Record<string, string>> } = {}): Received => ({
  topic: 'peyvand.orders', partition: 3, offset: '7', key: change.key ?? 'k', value: change.value ?? '{"n":1}',
  headers: { ce_id: newId(), ce_type: 'ir.peyvand.orders.Began.v1', ce_time: '2026-03-21T06:00:00.000Z', ce_recordedtime: '2026-03-21T06:00:00.000Z', ce_correlationid: 'story', ...change.headers },
});

const broken: readonly (readonly [string, Received])[] = [
  ['no JSON', message({ value: '{"n":' })],
  ['bytes', message({ value: '\0\0\u0001n' })],
  ['NUL in its data', message({ value: '{"text":"\\u0000"}' })],
  ['half a surrogate pair in its data', message({ value: '{"text":"\\ud83d"}' })],
  ['NUL in its key', message({ key: 'k\0' })],
  ['NUL in a header', message({ headers: { ce_correlationid: '\0' } })],
  ['an id that is none', message({ headers: { ce_id: 'seven' } })],
];

describe('a message that cannot be read', () => {
  let source: Source;
  beforeAll(async () => void (source = await newSource('orders')));
  afterAll(() => source.data.destroy());

  it('is told from one that can', () => {
    for (const [, one] of broken) expect(readable(one)).toBeInstanceOf(Error);
    for (const value of ['{"n":1}', '{"text":"\\ud83d\\ude00 \\\\u0000"}']) expect(readable(message({ value }))).toMatchObject({ key: 'k', data: JSON.parse(value) as object });
  });

  it.each(broken)('%s: is kept and told once, is no redrive\'s, and goes when it is discarded', async (_, one) => {
    const metrics: Metric[] = [];
    const scene = { source, group: 'orders', handlers: new Map(), settings: defaults, report: { onMetric: (metric: Metric) => void metrics.push(metric), log: () => {} } };
    for (let times = 0; times < 2; times++) await parkUnreadable(scene, one, readable(one) as Error);
    expect(metrics).toEqual([{ kind: 'diverted', service: 'orders', group: 'orders', state: 'parked', count: 1 }]);
    const [kept] = await listParked(source);
    expect(kept).toMatchObject({ state: 'parked', type: 'ir.peyvand.orders.Began.v1', fact: { topic: 'peyvand.orders', partition: 3, offset: '7' } });
    expect(await redrive(source, { group: 'orders', all: true })).toEqual([]);
    expect(await discard(source, { group: 'orders', id: kept?.id ?? '' })).toMatchObject({ id: kept?.id, key: kept?.key, type: 'ir.peyvand.orders.Began.v1' });
    expect(await listParked(source)).toEqual([]);
    await source.data.query('truncate inbox');
  });
});
