import { isAscii } from 'node:buffer';
import { createRequire } from 'node:module';

/** What kafkajs knows of the batch a record stands in (its recordBatch/v0 decoder makes it, the same object for all records of a batch). */
type BatchContext = { readonly firstOffset: string; readonly firstTimestamp: string; readonly maxTimestamp: string; readonly timestampType: number; readonly isControlBatch: boolean; readonly magicByte: number };
type Decode = (decoder: { readonly buffer: Buffer }, context: BatchContext) => LazyRecord;

const logAppendTime = 1;

/**
 * One record as kafkajs hands it to consumers, but read when it is asked for: key, value and headers are text, made once at the first look.
 * A record whose type nobody wants costs its type's header and no more.
 */
export class LazyRecord {
  readonly offset: string;
  private readonly bounds: Bounds;
  private known: Record<string, string> | undefined;

  constructor(private readonly buffer: Buffer, readonly batchContext: BatchContext) {
    this.bounds = boundsOf(buffer);
    this.offset = sum(batchContext.firstOffset, this.bounds.offsetDelta);
  }

  get isControlRecord(): boolean {
    return this.batchContext.isControlBatch;
  }

  get magicByte(): number {
    return this.batchContext.magicByte;
  }

  get attributes(): number {
    return this.buffer.readInt8(0);
  }

  /** Milliseconds since 1970, as text. */
  get timestamp(): string {
    const { timestampType, maxTimestamp, firstTimestamp } = this.batchContext;
    return timestampType === logAppendTime ? maxTimestamp : sum(firstTimestamp, this.bounds.timestampDelta);
  }

  get key(): string {
    return this.buffer.toString('utf8', this.bounds.key, this.bounds.keyEnd);
  }

  /** Empty for a tombstone. */
  get value(): string {
    return this.buffer.toString('utf8', this.bounds.value, this.bounds.valueEnd);
  }

  /** Of a name that comes twice the last is kept: no fact has such. */
  get headers(): Record<string, string> {
    return (this.known ??= headersOf(this.buffer, this.bounds.headers));
  }
}

/**
 * kafkajs 2.2.4 decodes a record's headers by copying the whole object for each of them and makes a Buffer of every name and value: with the
 * nine headers of a fact that was a third of a consumer's processor time, and half of its garbage. Puts our decoder in that place; call it
 * before the first fetch. Its spec holds the two to the same answers and tells when kafkajs' own file has moved.
 */
export const decodeRecordsLazily = (): void => {
  const require = createRequire(import.meta.url);
  const path = require.resolve('kafkajs/src/protocol/recordBatch/record/v0/decoder.js');
  require(path);
  const cached = require.cache[path];
  if (cached === undefined) throw new Error('kafkajs was loaded past the module cache: its record decoder cannot be replaced');
  const decode: Decode = ({ buffer }, context) => new LazyRecord(buffer, context);
  cached.exports = decode;
};

/** Where the parts of a record begin and end in its buffer. An absent key or value ends where it begins. */
type Bounds = { timestampDelta: number; offsetDelta: number; key: number; keyEnd: number; value: number; valueEnd: number; headers: number };

const boundsOf = (buffer: Buffer): Bounds => {
  const cursor = { buffer, at: 1 };
  const timestampDelta = varint(cursor);
  const offsetDelta = varint(cursor);
  const keyLength = Math.max(0, varint(cursor));
  const key = cursor.at;
  cursor.at += keyLength;
  const valueLength = Math.max(0, varint(cursor));
  const value = cursor.at;
  return { timestampDelta, offsetDelta, key, keyEnd: key + keyLength, value, valueEnd: value + valueLength, headers: value + valueLength };
};

const headersOf = (buffer: Buffer, from: number): Record<string, string> => {
  const cursor = { buffer, at: from };
  const headers: Record<string, string> = {};
  // One conversion for all of them; the parts of a Latin text share its memory.
  const text = isAscii(buffer.subarray(from)) ? buffer.toString('latin1', from) : undefined;
  for (let left = varint(cursor); left > 0; left -= 1) {
    const name = piece(cursor, text, from);
    headers[name] = piece(cursor, text, from);
  }
  return headers;
};

type Cursor = { readonly buffer: Buffer; at: number };

const piece = (cursor: Cursor, text: string | undefined, from: number): string => {
  const length = Math.max(0, varint(cursor));
  const start = cursor.at;
  cursor.at += length;
  return text === undefined ? cursor.buffer.toString('utf8', start, cursor.at) : text.slice(start - from, cursor.at - from);
};

/** A zigzag varint of up to 64 bits. Deltas inside a batch and lengths stay far below 2^53, so a number holds them. */
const varint = (cursor: Cursor): number => {
  let [value, scale] = [0, 1];
  for (;;) {
    const byte = cursor.buffer[cursor.at];
    if (byte === undefined) throw new Error('A record of Kafka ends inside a number');
    cursor.at += 1;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    scale *= 128;
  }
};

/** A 64-bit number in decimal and a small one; exact beyond 2^53 too. */
const sum = (base: string, delta: number): string => {
  const quick = Number(base) + delta;
  return Number.isSafeInteger(quick) ? String(quick) : String(BigInt(base) + BigInt(delta));
};
