import { createHash } from 'node:crypto';
import type { Fact } from '@peyvand/contracts';
import { isUuid } from '@peyvand/kernel';
import type { Received } from '../broker/broker.js';
import { factOf, typeOf } from '../broker/envelope.js';
import { reasonOf } from '../errors.js';
import { execute } from '../store/statement.js';
import { openTransaction } from '../transact.js';
import { takeNew } from './inbox.js';
import type { Scene } from './queue.js';

/** The fact a message carries, or why it carries none. */
export const readable = (message: Received): Fact | Error => {
  try {
    const fact = factOf(message);
    if (!isUuid(fact.id)) return new Error(`ce_id is no UUID: ${fact.id}`);
    const bad = [message.key, ...Object.values(message.headers)].some((text) => text.includes('\0')) || (message.value.includes('\\u') && escaped.test(JSON.stringify(fact.data)));
    return bad ? new Error('It holds NUL or half a surrogate pair, which no database of ours stores') : fact;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

/** NUL and half a surrogate pair, as JSON.stringify writes them; as bytes only NUL arrives, for decoding replaces the other. */
const escaped = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

const storable = (text: string): string => text.replaceAll('\0', '\ufffd');

/** Not written by our relay, yet of a type we handle: kept for people to see, under an id made of its place in the log. A redrive leaves it where it is. */
export const parkUnreadable = async ({ source, group, report }: Scene, message: Received, error: Error): Promise<void> => {
  const hash = createHash('sha256').update(`${message.topic}/${message.partition}/${message.offset}`).digest('hex');
  const id = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  const reason = storable(reasonOf(error));
  const kept = JSON.stringify(message, (_, value: unknown) => (typeof value === 'string' ? storable(value) : value));
  const fresh = await openTransaction(source, async (_open, client) => {
    const fact = { id, key: message.key, type: typeOf(message) } as Fact;
    if ((await takeNew(client, group, [{ fact, topic: message.topic }])).length === 0) return false;
    await execute(client, parkAtOnce, [group, id, `unreadable/${id}`, message.topic, fact.type, kept, reason]);
    return true;
  });
  if (!fresh) return;
  report.onMetric({ kind: 'diverted', service: source.service, group, state: 'parked', count: 1 });
  report.log({ level: 'error', message: 'An unreadable message was parked', group, topic: message.topic, partition: message.partition, offset: message.offset, reason });
};

export const parkAtOnce = `insert into parked (consumer_group, id, key, topic, type, fact, state, error) values ($1, $2, $3, $4, $5, $6, 'parked', $7)`;
