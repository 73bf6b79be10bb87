import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { partitions } from '@peyvand/contracts';
import type { Broker, BrokerMessage, SubscribeOptions, Subscription } from './broker.js';
import { followTopics } from './kafka-follow.js';
import { decodeRecordsLazily } from './kafkajs-records.js';
import { stillIdleConnections } from './kafkajs-timer.js';

export type KafkaOptions = {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: SASLOptions;
  /** Make topics that are missing (24 partitions, 30 days); left out, a missing topic stops start-up with its name. */
  readonly createTopics?: boolean;
  readonly replicationFactor?: number;
  /** Wall milliseconds without a poll after which a consumer counts as dead (60,000). */
  readonly silentMs?: number;
  /** How long the group waits for a member that died before its partitions go to others, wall milliseconds (10,000). */
  readonly sessionMs?: number;
};

/** Kafka through kafkajs: idempotent producer, acks from all replicas, offsets stored after the database commit. Connects at once; throws when no broker answers. */
export const kafkaBroker = async (options: KafkaOptions): Promise<Broker> => {
  const { brokers, clientId, ssl, sasl, createTopics = false, replicationFactor = 1, silentMs = 60_000, sessionMs = 10_000 } = options;
  stillIdleConnections();
  decodeRecordsLazily();
  const kafka = new kafkajs.Kafka({
    brokers: [...brokers], clientId, logLevel: kafkajs.logLevel.NOTHING,
    ...(ssl === undefined ? {} : { ssl }), ...(sasl === undefined ? {} : { sasl }),
    // A coordinator that is loading and a leader being elected answer retriable errors for some seconds; for longer the relay and the consumers wait themselves, and say so.
    retry: { retries: 6, initialRetryTime: 100, maxRetryTime: 2_000 },
  });
  const admin = kafka.admin();
  const newProducer = () => kafka.producer({ idempotent: true, maxInFlightRequests: 1, createPartitioner: kafkajs.Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
  let producer = newProducer();
  await admin.connect();
  await producer.connect();
  const subscriptions = new Set<Subscription>();

  return {
    name: 'kafka',
    ensureTopics: (topics) => ensure(admin, topics, createTopics ? replicationFactor : undefined),
    produce: async (topic: string, messages: readonly BrokerMessage[]) => {
      if (messages.length === 0) return;
      try {
        await producer.send({ topic, acks: -1, messages: messages.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })) });
      } catch (error) {
        // After some failures the broker and an idempotent producer disagree about sequence numbers for good: begin a new sequence. The
        // relay sends the whole batch again, so order holds.
        await producer.disconnect().catch(() => {});
        producer = newProducer();
        await producer.connect().catch(() => {}); // still away: the next send says so
        throw error;
      }
    },
    subscribe: async (subscribe: SubscribeOptions) => {
      const subscription = await followTopics(kafka, subscribe, { silentMs, sessionMs });
      subscriptions.add(subscription);
      return { health: subscription.health, close: () => subscription.close().finally(() => subscriptions.delete(subscription)) };
    },
    lag: (group, topics) => lagOf(admin, group, topics),
    close: async () => {
      await Promise.all([...subscriptions].map((subscription) => subscription.close()));
      await producer.disconnect();
      await admin.disconnect();
    },
  };
};

const thirtyDays = String(30 * 86_400_000);

/** Several processes start at once: a topic made by another meanwhile is fine. */
const ensure = async (admin: Admin, topics: readonly string[], replicationFactor: number | undefined): Promise<void> => {
  const present = new Set(await admin.listTopics());
  const absent = topics.filter((topic) => !present.has(topic));
  if (absent.length > 0 && replicationFactor === undefined) throw new Error(`Kafka has no topic ${absent.join(', ')} and this process may not make topics`);
  if (absent.length > 0) {
    await admin.createTopics({
      waitForLeaders: false,
      topics: absent.map((topic) => ({ topic, numPartitions: partitions, replicationFactor: replicationFactor ?? 1, configEntries: [{ name: 'retention.ms', value: thirtyDays }] })),
    });
  }
  const described = await patiently(() => admin.fetchTopicMetadata({ topics: [...topics] }));
  for (const topic of absent) await patiently(() => admin.fetchTopicOffsets(topic));
  const wrong = described.topics.find((topic) => topic.partitions.length !== partitions);
  if (wrong !== undefined) throw new Error(`Topic ${wrong.name} has ${wrong.partitions.length} partitions; keys stay in order only with ${partitions}`);
};

/** A topic or group just made has no leader or coordinator, or none that knows of it, for a moment, and kafkajs' admin does not wait for that. */
const patiently = async <T>(ask: () => Promise<T>, waitMs = 30_000): Promise<T> => {
  for (const until = Date.now() + waitMs; ; await sleep(100)) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
};

/** End of each partition minus the group's stored offset; where it has stored none, minus the beginning. */
const lagOf = async (admin: Admin, group: string, topics: readonly string[]): Promise<number> => {
  const stored = new Map((await patiently(() => admin.fetchOffsets({ groupId: group, topics: [...topics] }), 5_000)).flatMap(({ topic, partitions: all }) => all.map((one) => [`${topic}/${one.partition}`, one.offset] as const)));
  let lag = 0n;
  for (const topic of topics) {
    for (const { partition, low, high } of await patiently(() => admin.fetchTopicOffsets(topic), 5_000)) {
      const offset = BigInt(stored.get(`${topic}/${partition}`) ?? '-1');
      lag += BigInt(high) - (offset < BigInt(low) ? BigInt(low) : offset);
    }
  }
  return Number(lag);
};
