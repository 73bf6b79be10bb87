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
    return isUuid(fact.id) ? fact : new Error(`ce_id is no UUID: ${fact.id}`);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

/** Not written by our relay, yet of a type we handle: kept for people to see, under an id made of its place in the log. */
export const parkUnreadable = async ({ source, group, report }: Scene, message: Received, error: Error): Promise<void> => {
  const hash = createHash('sha256').update(`${message.topic}/${message.partition}/${message.offset}`).digest('hex');
  const id = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  await openTransaction(source, async (_open, client) => {
    const fact = { id, key: message.key, type: typeOf(message) } as Fact;
    if ((await takeNew(client, group, [{ fact, topic: message.topic }])).length === 0) return;
    await execute(client, parkAtOnce,
      [group, id, `unreadable/${id}`, message.topic, fact.type, JSON.stringify(message), reasonOf(error)]);
  });
  report.log({ level: 'error', message: 'An unreadable message was parked', group, topic: message.topic, partition: message.partition, offset: message.offset, reason: reasonOf(error) });
};

export const parkAtOnce = `insert into parked (consumer_group, id, key, topic, type, fact, state, error) values ($1, $2, $3, $4, $5, $6, 'parked', $7)`;
