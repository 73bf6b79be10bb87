import type { BrokerMessage } from '../src/broker/broker.js';
import type { Cluster } from './broker.js';
import type { Database } from './database.js';
import { Began, service } from './story.js';

/** What somebody who is not our relay may write to our topic. */
export const garbles = ['no-json', 'no-header', 'no-uuid', 'bytes', 'nul', 'half-a-character', 'no-type'] as const;
export type Garble = (typeof garbles)[number];

const source = '/stranger';

export const isStrange = ({ headers }: BrokerMessage): boolean => headers.ce_source === source;

export const garbled = (how: Garble, key: string, n: number): BrokerMessage => {
  const id = `00000000-0000-7000-9000-${String(n).padStart(12, '0')}`;
  const data = (text: string): string => `{"orderId":"${key}","n":${n},"kind":"plain","text":"${text}"}`;
  const headers = {
    ce_source: source, ce_id: how === 'no-uuid' ? 'seven' : id, ce_time: '2026-03-21T06:00:00.000Z', ce_recordedtime: '2026-03-21T06:00:00.000Z',
    ...(how === 'no-type' ? {} : { ce_type: Began.type }), ...(how === 'no-header' ? {} : { ce_correlationid: id }),
  };
  const values: Partial<Record<Garble, string>> = { 'no-json': '{"orderId":', bytes: '\0\0\0\u0001peyvand', nul: data('\\u0000'), 'half-a-character': data('\\ud83d') };
  return { key: how === 'bytes' ? `${key}\0` : key, headers, value: values[how] ?? data('') };
};

/** Each is kept once for people to see, whatever was redriven, and told once at most; nothing of it takes effect. One of no type is nobody's. */
export const strangerBroken = (database: Database, cluster: Cluster, told: readonly string[]): string | undefined => {
  const places = [...cluster.log].flatMap(([place, log]) => log.flatMap((message, offset) => (isStrange(message) && message.headers.ce_type !== undefined ? [`${place}/${offset}`] : [])));
  const kept = database.committed('parked').filter(({ group }) => group === service).map(({ fact, state }) => {
    const { topic, partition, offset } = fact as { topic: string; partition: number; offset: string };
    return { place: `${topic}/${partition}/${offset}`, state };
  });
  for (const place of places) {
    const here = kept.filter((one) => one.place === place);
    if (here.length !== 1 || here[0]?.state !== 'parked') return `the unreadable message at ${place} is kept as ${JSON.stringify(here)}`;
    const times = told.filter((one) => one === place).length;
    if (times > 1) return `the unreadable message at ${place} was told ${times} times`;
  }
  const strange = database.committed('effect').find(({ id }) => String(id).startsWith('00000000-0000-7000-9000-') || id === 'seven' || id === undefined);
  return strange === undefined ? undefined : `what could not be read took effect: ${JSON.stringify(strange)}`;
};
