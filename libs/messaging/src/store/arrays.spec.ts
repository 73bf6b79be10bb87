import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newSource } from '../../test-support/database.js';
import type { Source } from '../source.js';
import { jsonArray, plainArray, textArray } from './arrays.js';

let source: Source;
beforeAll(async () => void (source = await newSource('orders')));
afterAll(() => source?.data.destroy());

const read = async (type: string, literal: string): Promise<unknown> => (await source.pool.query<{ a: unknown }>(`select $1::${type}[] as a`, [literal])).rows[0]?.a;
// Postgres holds no NUL and no half of a surrogate pair.
const text = fc.string({ unit: 'grapheme' }).map((one) => one.replaceAll('\0', ''));

it('any texts come back as they went', async () => {
  const awkward = ['', 'NULL', 'null', '{}', ',', '"', '\\', '\\"', "'", ' پیوند ', '\n\t', null];
  expect(await read('text', textArray(awkward))).toEqual(awkward);
  await fc.assert(fc.asyncProperty(fc.array(fc.option(text)), async (values) => expect(await read('text', textArray(values))).toEqual(values)), { numRuns: 200, seed: 1 });
});

it('JSON comes back as it went', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.option(fc.dictionary(text, fc.oneof(text, fc.integer(), fc.array(text)), { noNullPrototype: true }))), async (values) =>
    expect(await read('json', jsonArray(values.map((value) => (value === null ? null : JSON.stringify(value)))))).toEqual(values)), { numRuns: 200, seed: 1 });
});

it('what has nothing to escape comes back as it went', async () => {
  expect(await read('int', plainArray([1, -2, null]))).toEqual([1, -2, null]);
  expect(await read('text', plainArray(['019aaaaa-0000-7000-8000-000000000000', 9_007_199_254_740_993n, '2026-03-21T06:00:00.000Z', true]))).toEqual(['019aaaaa-0000-7000-8000-000000000000', '9007199254740993', '2026-03-21T06:00:00.000Z', 'true']);
  expect(await read('text', plainArray([]))).toEqual([]);
});
