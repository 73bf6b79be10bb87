import type { Broker, Received, Subscription } from '../broker/broker.js';
import { isOutage, reasonOf } from '../errors.js';
import { handleBatch, type BatchResult } from './batch.js';
import type { Heard } from './inbox.js';
import { workQueue, type Scene } from './queue.js';
import { startRetries } from './retries.js';
import { parkUnreadable, readable } from './unreadable.js';

export type Group = {
  readonly name: string;
  /** Through inbox and handlers, as the broker would; keys set aside are tried at once. */
  deliver(heard: readonly Heard[]): Promise<BatchResult>;
  health(): { readonly ok: boolean; readonly reason?: string };
  lag(): Promise<number>;
  /** Looks after the side queues now. */
  wake(): void;
  stop(): Promise<void>;
};

/** Runs one consumer group: its subscription and the care of its side queues. Without a broker only `deliver` feeds it. */
export const startGroup = async (scene: Scene, topics: readonly string[], broker: Broker | undefined): Promise<Group> => {
  const { source, group, handlers, settings, report } = scene;
  const retry = startRetries(scene);
  const deaf = source.redriven.add(retry.wake);

  const deliver = async (heard: readonly Heard[]): Promise<BatchResult> => {
    if (heard.length === 0) return { handled: 0, duplicates: 0, diverted: new Set() };
    const started = performance.now();
    const result = await handleBatch(source, group, handlers, heard);
    report.onMetric({ kind: 'handled', service: source.service, group, count: result.handled, duplicates: result.duplicates, ms: performance.now() - started });
    // The batch is stored whatever happens here; the retry loop comes back to what is left.
    for (const key of result.diverted) await workQueue(scene, key).catch((error: unknown) => report.log({ level: 'warn', message: 'A side queue waits', group, key, reason: reasonOf(error) }));
    if (result.diverted.size > 0) retry.wake();
    const queued = heard.length - result.handled - result.duplicates;
    if (queued > 0) report.onMetric({ kind: 'diverted', service: source.service, group, state: 'queued', count: queued });
    return result;
  };

  const onBatch = async (messages: readonly Received[]): Promise<void> => {
    const heard: Heard[] = [];
    for (const message of messages) {
      const fact = readable(message);
      if (fact instanceof Error) await parkUnreadable(scene, message, fact);
      else heard.push({ fact, topic: message.topic });
    }
    try {
      await deliver(heard);
    } catch (error) {
      report.log({ level: isOutage(error) ? 'warn' : 'error', message: 'A batch waits', group, count: heard.length, reason: reasonOf(error) });
      throw error;
    }
  };

  const batch = [...handlers.values()].flat().every((handler) => handler.batch) ? settings.consumeBatch : Math.min(settings.consumeBatch, settings.consumeSingles);
  const subscription: Subscription | undefined = await broker?.subscribe({ group, topics, wants: (type) => handlers.has(type), batch, atOnce: settings.batchesAtOnce, onBatch });
  return {
    name: group,
    deliver,
    health: () => subscription?.health() ?? { ok: true },
    lag: async () => (broker === undefined ? 0 : broker.lag(group, topics)),
    wake: retry.wake,
    stop: async () => {
      deaf();
      await subscription?.close();
      await retry.stop();
    },
  };
};
