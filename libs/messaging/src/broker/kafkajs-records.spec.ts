import { createRequire } from 'node:module';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRecordsLazily, type LazyRecord } from './kafkajs-records.js';

type Context = { firstOffset: string; firstTimestamp: string; maxTimestamp: string; timestampType: number; isControlBatch: boolean; magicByte: number };
type Theirs = { offset: string; timestamp: string; attributes: number; isControlRecord: boolean; key: Buffer | null; value: Buffer | null; headers: Record<string, Buffer | null> };
type Decode<T> = (decoder: object, context: Context) => T;

const require = createRequire(import.meta.url);
const path = 'kafkajs/src/protocol/recordBatch/record/v0/decoder.js';
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (buffer: Buffer) => { readVarIntBytes(): Buffer };
const encode = require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (record: object) => { buffer: Buffer };
const Long = require('kafkajs/src/utils/long.js') as { fromValue(value: string | number): unknown };
const theirs = require(path) as Decode<Theirs>;
decodeRecordsLazily();
const ours = require(path) as Decode<LazyRecord>;

const text = fc.oneof(fc.string(), fc.constantFrom('', 'سفارش ۱۴۰۵', '🚚 barat', 'x'.repeat(300)));
// kafkajs loses a header whose name every object has ("toString"); we do not.
const name = fc.oneof(fc.constantFrom('ce_id', 'ce_type', 'نام'), fc.string({ minLength: 1 })).filter((one) => !(one in {}));
const record = fc.record({
  offsetDelta: fc.integer({ min: 0, max: 100_000 }), timestampDelta: fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
  key: fc.option(text), value: fc.option(text), headers: fc.dictionary(name, text, { noNullPrototype: true }),
  firstOffset: fc.oneof(fc.constantFrom('0', '9007199254740990', '9223372036854000000'), fc.nat().map(String)), timestampType: fc.constantFrom(0, 1), isControlBatch: fc.boolean(),
});

/** The bytes of a record as a batch hands them to its decoder: without their length. */
const bytesOf = (one: { offsetDelta: number; timestampDelta: number; key: string | null; value: string | null; headers: Record<string, string> }): Buffer =>
  new Decoder(encode({ ...one, timestampDelta: Long.fromValue(one.timestampDelta), key: one.key === null ? null : Buffer.from(one.key), value: one.value === null ? null : Buffer.from(one.value) }).buffer).readVarIntBytes();

it('reads every record as kafkajs does', () => {
  fc.assert(fc.property(record, ({ firstOffset, timestampType, isControlBatch, ...one }) => {
    const bytes = bytesOf(one);
    const context = { firstOffset, timestampType, isControlBatch, firstTimestamp: '1774067400000', maxTimestamp: '1774067409999', magicByte: 2 };
    const [a, b] = [theirs(new Decoder(bytes), context), ours(new Decoder(bytes), context)];
    expect([b.offset, b.timestamp, b.attributes, b.isControlRecord, b.key, b.value]).toEqual([a.offset, a.timestamp, a.attributes, a.isControlRecord, String(a.key ?? ''), String(a.value ?? '')]);
    expect(b.headers).toEqual(Object.fromEntries(Object.entries(a.headers).map(([name, value]) => [name, String(value)])));
  }), { numRuns: 500, seed: 1 });
});

it('stands in the place from which kafkajs takes its decoder', async () => {
  const batches = require('kafkajs/src/protocol/recordBatch/v0/decoder.js') as (decoder: object) => Promise<{ records: unknown[] }>;
  const makeBatch = require('kafkajs/src/protocol/recordBatch/v0/index.js') as { RecordBatch(batch: object): Promise<{ buffer: Buffer }> };
  const { buffer } = await makeBatch.RecordBatch({ records: [encode({ key: Buffer.from('k'), value: Buffer.from('v'), timestampDelta: Long.fromValue(0), headers: { ce_type: 't' } })] });
  const { records } = await batches(new Decoder(buffer));
  expect(records).toMatchObject([{ offset: '0', key: 'k', value: 'v', headers: { ce_type: 't' } }]);
});

it('refuses a record that breaks off', () => {
  const bytes = bytesOf({ offsetDelta: 1, timestampDelta: 1, key: 'k', value: 'v', headers: {} });
  const context = { firstOffset: '0', timestampType: 0, isControlBatch: false, firstTimestamp: '0', maxTimestamp: '0', magicByte: 2 };
  expect(() => ours(new Decoder(bytes.subarray(0, 2)), context)).toThrow('ends inside');
});
