import type { Consumer } from 'kafkajs';

/** Wall milliseconds a stored offset may trail what is handled. What a crash or a rebalance repeats of it, the inbox drops. */
const trailMs = 150;

export type Offsets = {
  /** The partition is handled up to `next`, and that is committed in the database. */
  handled(topic: string, partition: number, next: string): void;
  /** Partitions may be others' now: what is not stored yet stays unstored, or it could set them back. */
  forget(): void;
  /** Stores what is noted. */
  flush(): Promise<void>;
};

/** Notes how far each partition is handled and stores all of them in one request: thin slices of 24 partitions would cost one request each. */
export const offsetsOf = (consumer: Pick<Consumer, 'commitOffsets'>): Offsets => {
  type Noted = { readonly topic: string; readonly partition: number; readonly offset: string };
  let book = new Map<string, Noted>();
  let timer: NodeJS.Timeout | undefined;
  let storing: Promise<void> = Promise.resolve();

  const later = (): void => void (timer ??= setTimeout(() => void flush(), trailMs).unref());
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    return (storing = storing.then(store));
  };
  const store = async (): Promise<void> => {
    const lot = book;
    if (lot.size === 0) return;
    const membership = book = new Map();
    try {
      await consumer.commitOffsets([...lot.values()]);
    } catch {
      // The coordinator is away, or the group is forming anew; in the second case `forget` has been or will be called.
      if (book !== membership) return;
      for (const [key, noted] of lot) if (!book.has(key)) book.set(key, noted);
      later();
    }
  };
  return {
    handled: (topic, partition, next) => {
      book.set(`${topic}/${partition}`, { topic, partition, offset: next });
      later();
    },
    forget: () => void (book = new Map()),
    flush,
  };
};
