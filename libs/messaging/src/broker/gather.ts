import type { Received } from './broker.js';

type Handle = (messages: readonly Received[], signal: AbortSignal) => Promise<void>;
type Waiting = { readonly messages: readonly Received[]; readonly signal: AbortSignal; readonly resolve: () => void; readonly reject: (error: unknown) => void };

/**
 * Joins what several partitions offer while a batch is being handled into the next batch of up to `size` messages: 24 thin partitions
 * then cost one transaction and not 24. Up to `atOnce` such batches are under way; a partition waits for its slice before it offers the next,
 * so its order holds. Each caller learns how its own messages fared; a slice whose signal fired is left out.
 */
export const gather = (size: number, atOnce: number, handle: Handle): Handle => {
  const waiting: Waiting[] = [];
  let working = 0;

  const work = async (): Promise<void> => {
    working++;
    // Let the other partitions of the same fetch join before the first batch begins.
    await new Promise((resolve) => setImmediate(resolve));
    for (let lot = next(); lot.length > 0; lot = next()) {
      try {
        await handle(lot.flatMap((one) => one.messages), signalOf(lot));
        lot.forEach((one) => one.resolve());
      } catch (error) {
        lot.forEach((one) => one.reject(error));
      }
    }
    working--;
  };
  const next = (): Waiting[] => {
    const lot: Waiting[] = [];
    for (let count = 0; waiting.length > 0; ) {
      const one = waiting[0] as Waiting;
      if (lot.length > 0 && count + one.messages.length > size) break;
      waiting.shift();
      if (one.signal.aborted) one.reject(new Error('No longer this member\'s'));
      else {
        lot.push(one);
        count += one.messages.length;
      }
    }
    return lot;
  };

  return (messages, signal) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ messages, signal, resolve, reject });
      if (working < atOnce) void work();
    });
};

/** Mostly all of a lot have one signal, and joining signals is dear. */
const signalOf = (lot: readonly Waiting[]): AbortSignal => {
  const signals = [...new Set(lot.map((one) => one.signal))];
  return signals.length === 1 ? (signals[0] as AbortSignal) : AbortSignal.any(signals);
};
