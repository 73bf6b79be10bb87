import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Received, SubscribeOptions, Subscription } from './broker.js';
import { gather } from './gather.js';

// As many partitions as a topic has may be under way: their slices meet in one transaction (gather).
const partitionsAtOnce = 24;

type Times = { readonly silentMs: number; readonly sessionMs: number };

/** Follows topics as a member of a consumer group. A crashed consumer is built anew; meanwhile health says so. */
export const followTopics = async (kafka: Kafka, options: SubscribeOptions, times: Times): Promise<Subscription> => {
  const beatMs = times.sessionMs / 4;
  const closing = new AbortController();
  let polled = Date.now();
  let crash: string | undefined;
  let consumer: Consumer;
  const handle = gather(options.batch, options.atOnce, (messages, signal) => options.onBatch(messages, signal));

  const start = async (): Promise<void> => {
    consumer = kafka.consumer({
      groupId: options.group, sessionTimeout: times.sessionMs, heartbeatInterval: beatMs, maxWaitTimeInMs: 100, allowAutoTopicCreation: false,
      retry: { retries: 6, initialRetryTime: 100, maxRetryTime: 2_000, restartOnFailure: async () => false },
    });
    consumer.on(consumer.events.FETCH, () => void (polled = Date.now()));
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) lost(payload.error.message);
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: true });
    // Not awaited: joining takes as long as the session of a member that was killed, and start-up need not wait for that.
    void consumer.run({
      autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: (payload) => slices(payload, { size: options.batch, closing: closing.signal, handle, beatMs, alive: () => void (polled = Date.now()) }),
    }).catch((error: unknown) => lost(String(error)));
    crash = undefined;
  };
  let restarting = false;
  const lost = (reason: string): void => {
    crash = reason;
    if (!closing.signal.aborted && !restarting) void restart();
  };
  const restart = async (): Promise<void> => {
    restarting = true;
    for (let wait = 200; !closing.signal.aborted && crash !== undefined; wait = Math.min(5_000, wait * 2)) {
      await sleep(wait);
      await consumer.disconnect().catch(() => {});
      await start().catch((error: unknown) => (crash = String(error)));
    }
    restarting = false;
    if (closing.signal.aborted) await consumer.disconnect().catch(() => {});
  };

  await start();
  return {
    close: async () => {
      closing.abort();
      await consumer.disconnect().catch(() => {}); // waits for the batches in hand
    },
    health: () => {
      if (crash !== undefined) return { ok: false, reason: `consumer crashed: ${crash}` };
      const silence = Date.now() - polled;
      return silence < times.silentMs ? { ok: true } : { ok: false, reason: `no poll for ${silence} ms` };
    },
  };
};

type Handle = (messages: readonly Received[], signal: AbortSignal) => Promise<void>;

type Slicing = { readonly size: number; readonly closing: AbortSignal; readonly handle: Handle; readonly beatMs: number; readonly alive: () => void };

/** Handles one partition's batch slice by slice; each slice's offset is stored after its database commit. */
const slices = async (payload: EachBatchPayload, { size, closing, handle, beatMs, alive }: Slicing): Promise<void> => {
  const { batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, isRunning, isStale } = payload;
  const lost = new AbortController();
  // kafkajs beats between batches only; a long transaction must not cost the membership. A failing beat means a rebalance: the partition may be another's.
  const beat = setInterval(() => void heartbeat().then(alive, () => lost.abort()), beatMs);
  const signal = AbortSignal.any([closing, lost.signal]);
  const gone = (): boolean => signal.aborted || !isRunning() || isStale();
  try {
    for (let from = 0; from < batch.messages.length && !gone(); from += size) {
      const slice = batch.messages.slice(from, from + size);
      const last = slice.at(-1);
      if (last === undefined || !(await insist(slice.map((message) => received(batch.topic, batch.partition, message)), handle, signal, gone))) return;
      resolveOffset(last.offset);
      await commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset: String(BigInt(last.offset) + 1n) }] }] });
      alive();
      await heartbeat();
    }
  } finally {
    clearInterval(beat);
  }
};

/** Tries until it is handled or no longer ours: a database that is away is waited for, with the offset where it is. */
const insist = async (messages: readonly Received[], handle: Handle, signal: AbortSignal, gone: () => boolean): Promise<boolean> => {
  for (let wait = 100; !gone(); wait = Math.min(5_000, wait * 2)) {
    try {
      await handle(messages, signal);
      return true;
    } catch {
      await sleep(wait, undefined, { signal }).catch(() => {});
    }
  }
  return false;
};

const received = (topic: string, partition: number, message: KafkaMessage): Received => {
  const headers: Record<string, string> = {};
  // A plain loop: this runs for every message of every type, handled here or not.
  for (const name in message.headers) headers[name] = String(message.headers[name]);
  return { topic, partition, offset: message.offset, key: String(message.key ?? ''), value: String(message.value ?? ''), headers };
};
