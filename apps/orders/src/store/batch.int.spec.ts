import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '@peyvand/kernel';
import { transact } from '@peyvand/messaging';
import fc from 'fast-check';
import { aWorld, type World } from '../../test/world.js';
import { batchInsert, json, uuids } from './batch.js';

let world: World;
beforeAll(async () => {
  world = await aWorld({}, {});
  await world.app.sql('create table samples (id uuid, n int, big bigint, yes boolean, on_day date, at timestamptz, words text, data jsonb, ids uuid[])');
});
afterAll(() => world.close());

type Row = { id: string; n: number | null; big: string; yes: boolean; day: string | null; at: string; words: string | null; data: unknown; ids: string[] };
const insert = batchInsert<Row>('samples', [
  ['id', 'uuid', (r) => r.id], ['n', 'int', (r) => r.n], ['big', 'bigint', (r) => r.big], ['yes', 'boolean', (r) => r.yes], ['on_day', 'date', (r) => r.day], ['at', 'timestamptz', (r) => r.at],
  ['words', 'text', (r) => r.words], ['data', 'jsonb', (r) => json(r.data)], ['ids', 'uuid[]', (r) => uuids(r.ids)],
]);

it('what is inserted in a batch is what is read, whatever characters it has', async () => {
  // Postgres stores neither U+0000 nor half a surrogate pair.
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', ',', '\n', '\t', '\u2028', 'NULL', 'ی', '🧵', "'") })).filter((one) => !/\u0000/.test(one));
  const row = fc.record({
    id: fc.uuid(), n: fc.option(fc.integer({ min: -5, max: 1e9 })), big: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String), yes: fc.boolean(), day: fc.constantFrom('2026-03-21', null),
    at: fc.constant('2026-03-21T06:00:00.000Z'), words: fc.option(text), data: fc.option(fc.dictionary(text.filter((key) => key !== '__proto__'), fc.oneof(text, fc.integer(), fc.array(text)))), ids: fc.array(fc.constant(newId()), { maxLength: 3 }),
  });
  await fc.assert(fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
    await world.app.sql('truncate samples');
    await transact(world.app.source, (tx) => tx.run(insert.text, insert.values(rows)));
    const read = await world.app.sql(`select id, n, big, yes, on_day::text as day, at, words, data, ids from samples`);
    expect(read.map((one) => ({ ...one, at: one['at'].toISOString() }))).toEqual(rows);
  }), { numRuns: 60 });
});
