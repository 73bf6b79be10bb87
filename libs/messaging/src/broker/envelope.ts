import type { Fact } from '@peyvand/contracts';
import type { BrokerMessage, Received } from './broker.js';

/** A fact as stored and carried: like Fact, with data still as JSON text. */
export type Row = {
  readonly id: string; readonly type: string; readonly key: string; readonly time: Date; readonly recordedtime: Date;
  readonly causationid: string | null; readonly correlationid: string; readonly groupid: string | null; readonly traceparent: string | null;
  readonly data: string;
};

/** CloudEvents 1.0, binary content mode: attributes as ce_ headers, the value is the data alone. */
export const messageOf = (service: string, row: Row): BrokerMessage => {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: row.id,
    ce_type: row.type,
    ce_source: `/peyvand/${service}`,
    ce_time: row.time.toISOString(),
    ce_recordedtime: row.recordedtime.toISOString(),
    ce_correlationid: row.correlationid,
    ce_partitionkey: row.key,
    'content-type': 'application/json',
  };
  if (row.causationid !== null) headers.ce_causationid = row.causationid;
  if (row.groupid !== null) headers.ce_groupid = row.groupid;
  if (row.traceparent !== null) headers.traceparent = row.traceparent;
  return { key: row.key, headers, value: row.data };
};

export const typeOf = (message: BrokerMessage): string => message.headers.ce_type ?? '';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Throws when a header every fact has is missing: such a message was not written by the relay. */
export const factOf = (message: Received): Fact => {
  const { headers } = message;
  const fact: Writable<Fact> = {
    id: need(message, 'ce_id'),
    type: need(message, 'ce_type'),
    key: message.key,
    time: need(message, 'ce_time'),
    recordedtime: need(message, 'ce_recordedtime'),
    correlationid: need(message, 'ce_correlationid'),
    data: JSON.parse(message.value) as unknown,
  };
  if (headers.ce_causationid !== undefined) fact.causationid = headers.ce_causationid;
  if (headers.ce_groupid !== undefined) fact.groupid = headers.ce_groupid;
  if (headers.traceparent !== undefined) fact.traceparent = headers.traceparent;
  return fact;
};

const need = (message: Received, name: string): string => {
  const value = message.headers[name];
  if (value === undefined) throw new Error(`Message ${message.topic}/${message.partition}@${message.offset} has no header ${name}`);
  return value;
};
