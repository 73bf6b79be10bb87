import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Received, SubscribeOptions, Subscription } from './broker.js';
import { gather } from './gather.js';
import { offsetsOf, type Offsets } from './kafka-offsets.js';
import type { LazyRecord } from './kafkajs-records.js';

// As many partitions as a topic has may be under way: their slices meet in one transaction (gather).
const partitionsAtOnce = 24;

// A fetch names every partition of every topic and costs some milliseconds of processor on both sides, whatever it brings. So an idle member
// asks rarely (the broker answers at once when something comes), and a busy one asks again only so much later, for more than a message.
const [idleFetchMs, busyFetchMs] = [500, 60];

type Times = { readonly silentMs: number; readonly sessionMs: number };

/** Follows topics as a member of a consumer group. A crashed consumer is built anew; meanwhile health says so. */
export const followTopics = async (kafka: Kafka, options: SubscribeOptions, times: Times): Promise<Subscription> => {
  const beatMs = times.sessionMs / 4;
  const closing = new AbortController();
  let [polled, fetched] = [Date.now(), 0];
  let crash: string | undefined;
  let consumer: Consumer;
  let offsets: Offsets;
  const handle = gather(options.batch, options.atOnce, (messages, signal) => options.onBatch(messages, signal));
  const member = memberOf(closing.signal, beatMs, () => (polled = Date.now()));

  const start = async (): Promise<void> => {
    consumer = kafka.consumer({
      groupId: options.group, sessionTimeout: times.sessionMs, heartbeatInterval: beatMs, maxWaitTimeInMs: idleFetchMs, allowAutoTopicCreation: false,
      retry: { retries: 6, initialRetryTime: 100, maxRetryTime: 2_000, restartOnFailure: async () => false },
    });
    offsets = offsetsOf(consumer);
    consumer.on(consumer.events.FETCH, () => {
      polled = Date.now();
      fetched = performance.now();
    });
    consumer.on(consumer.events.GROUP_JOIN, () => {
      offsets.forget();
      member.joined();
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) lost(payload.error.message);
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: true });
    // Not awaited: joining takes as long as the session of a member that was killed, and start-up need not wait for that.
    void consumer.run({
      autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: async (payload) => {
        await member.working(payload.heartbeat, (signal) => slices(payload, { options, handle, offsets, signal }));
        // kafkajs fetches again when every partition of the last fetch is done.
        const early = fetched + busyFetchMs - performance.now();
        if (early > 0 && !closing.signal.aborted) await sleep(early);
      },
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
      await member.idle(); // the batches in hand end
      await offsets.flush();
      await consumer.disconnect().catch(() => {});
      member.end();
    },
    health: () => {
      if (crash !== undefined) return { ok: false, reason: `consumer crashed: ${crash}` };
      const silence = Date.now() - polled;
      return silence < times.silentMs ? { ok: true } : { ok: false, reason: `no poll for ${silence} ms` };
    },
  };
};

type Beat = () => Promise<void>;

/**
 * This process' place in the group. kafkajs beats between batches only, and a long transaction must not cost the membership: while slices
 * are under way we beat. A beat that fails means a rebalance: the signal of all that was begun before fires, for it may be another's.
 */
const memberOf = (closing: AbortSignal, beatMs: number, alive: () => void) => {
  let here = new AbortController();
  let signal = AbortSignal.any([closing, here.signal]);
  let underWay = 0;
  let heartbeat: Beat | undefined;
  const beat = setInterval(() => {
    if (underWay > 0) void heartbeat?.().then(alive, () => here.abort());
  }, beatMs);
  return {
    joined: (): void => {
      here.abort();
      here = new AbortController();
      signal = AbortSignal.any([closing, here.signal]);
    },
    working: async (beats: Beat, work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
      heartbeat = beats;
      underWay += 1;
      try {
        await work(signal);
      } finally {
        underWay -= 1;
        alive();
      }
    },
    idle: async (): Promise<void> => {
      while (underWay > 0) await sleep(5);
    },
    end: (): void => clearInterval(beat),
  };
};

type Handle = (messages: readonly Received[], signal: AbortSignal) => Promise<void>;

type Slicing = { readonly options: SubscribeOptions; readonly handle: Handle; readonly offsets: Offsets; readonly signal: AbortSignal };

/** Handles one partition's batch slice by slice; a slice's offset moves on after its database commit. */
const slices = async (payload: EachBatchPayload, { options, handle, offsets, signal }: Slicing): Promise<void> => {
  const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
  const gone = (): boolean => signal.aborted || !isRunning() || isStale();
  for (let from = 0; from < batch.messages.length && !gone(); from += options.batch) {
    // The records are ours: decodeRecordsLazily stands in for kafkajs' own decoder.
    const slice = batch.messages.slice(from, from + options.batch) as unknown as readonly LazyRecord[];
    const last = slice.at(-1);
    const wanted = options.wants === undefined ? slice : slice.filter(({ headers }) => options.wants?.(headers['ce_type'] ?? ''));
    if (last === undefined || !(wanted.length === 0 || (await insist(wanted.map((message) => received(batch.topic, batch.partition, message)), handle, signal, gone)))) return;
    resolveOffset(last.offset);
    offsets.handled(batch.topic, batch.partition, String(BigInt(last.offset) + 1n));
    await heartbeat();
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

const received = (topic: string, partition: number, { offset, key, value, headers }: LazyRecord): Received => ({ topic, partition, offset, key, value, headers });
