import { setTimeout as sleep } from 'node:timers/promises';

import { Refusal, type Caller, type FeedFact } from '../api/api.js';

/** One kind of thing a person does again and again: what tells that there may be work, where it is listed, how one piece is done. */
export type Duty = {
  readonly name: string;
  /** Names of facts after which the list is worth reading; without them only the sweep reads it. */
  readonly on: readonly string[];
  /** Pieces of work that wait now. */
  list(): Promise<readonly Piece[]>;
};

/** `afterMs`: how long after it was first seen the person gets to it (making and driving take days, which are seconds here). */
export type Piece = { readonly id: string; readonly afterMs?: number; /** Done once, never again, though the list goes on showing it. */ readonly once?: true; do(): Promise<unknown> };

/** Not a failure: what the piece needs has not come yet. It is tried again, without a word. */
export class NotYet extends Error {}

export type Actor = {
  /** Follows the feed and works until the signal. */
  run(signal: AbortSignal): Promise<void>;
  /** Nothing is at hand and nothing was heard since the last look. */
  idle(): boolean;
  /** Wall milliseconds since it last had nothing to do; 0 when it has nothing now. */
  busyMs(): number;
};

export type Part = {
  readonly name: string;
  /** Whose feed it follows. */
  readonly ears: Caller; readonly duties: readonly Duty[]; readonly slots: Slots; readonly log: Log;
  /** Is told every fact this firm hears. */
  readonly overhear?: (fact: FeedFact) => void;
};

export type Log = (level: 'info' | 'warn', message: string, about?: Record<string, unknown>) => void;

/** Every list is read this often even when nothing was heard: facts told while we were away are not told again. */
const sweepMs = 5_000;
const mostTries = 12;

/**
 * A firm at work. A duty is looked at when its facts are heard and in every sweep. A piece that fails waits longer each time
 * (0.2 s, 0.4 s … 10 s) and is left alone after a dozen tries: its deadline, and the platform's rules, then decide.
 */
export const actor = ({ name, ears, duties, slots, log, overhear = () => {} }: Part): Actor => {
  const heard = new Set<Duty>(duties);
  const held = new Map<string, { tries: number; until: number }>();
  let [atWork, waiting, wake, restedAt] = [0, 0, (): void => {}, Date.now()];

  const hear = (duty: Duty): void => {
    heard.add(duty);
    wake();
  };
  const again = (duty: Duty, afterMs: number): void => void setTimeout(() => hear(duty), afterMs).unref();

  const attempt = async (duty: Duty, piece: Piece): Promise<boolean> => {
    const key = `${duty.name}/${piece.id}`;
    const before = held.get(key);
    if (piece.afterMs !== undefined && before === undefined) {
      held.set(key, { tries: 0, until: Date.now() + piece.afterMs });
      waiting += 1;
      setTimeout(() => {
        waiting -= 1;
        hear(duty);
      }, piece.afterMs + 5).unref();
      return false;
    }
    if (before && (before.until > Date.now() || before.tries >= mostTries)) return false;
    held.set(key, { tries: before?.tries ?? 0, until: Infinity });
    atWork += 1;
    try {
      await slots(() => piece.do());
      // Lists trail the facts a little: do not do the same thing twice meanwhile.
      held.set(key, { tries: before?.tries ?? 0, until: piece.once ? Infinity : Date.now() + 1_500 });
      return true;
    } catch (error) {
      const tries = (before?.tries ?? 0) + (error instanceof NotYet ? 0 : 1);
      const pause = error instanceof NotYet ? 120 : Math.min(10_000, 100 * 2 ** tries);
      held.set(key, { tries, until: Date.now() + pause });
      if (tries < mostTries) again(duty, pause + 10);
      if (!(error instanceof NotYet) && (tries === 3 || !(error instanceof Refusal))) log('warn', `${name}: ${duty.name} did not work`, { piece: piece.id, error: (error as Error).message });
      return false;
    } finally {
      atWork -= 1;
    }
  };

  const look = async (duty: Duty): Promise<void> => {
    heard.delete(duty);
    try {
      const pieces = await slots(() => duty.list());
      await Promise.all(pieces.map((piece) => attempt(duty, piece)));
    } catch (error) {
      if (!(error instanceof Refusal)) log('warn', `${name}: cannot read ${duty.name}`, { error: (error as Error).message });
      again(duty, 1_000);
    }
    if (held.size > 5_000) held.clear();
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    void ears.follow((fact) => {
      const heardName = fact.type.split('.').at(-2) ?? '';
      for (const duty of duties) if (duty.on.includes(heardName)) heard.add(duty);
      wake();
      overhear(fact);
    }, signal);
    let swept = Date.now();
    while (!signal.aborted) {
      if (Date.now() - swept > sweepMs) {
        swept = Date.now();
        for (const duty of duties) heard.add(duty);
      }
      if (heard.size > 0) await Promise.all([...heard].map(look));
      if (heard.size > 0) continue;
      restedAt = Date.now();
      await Promise.race([new Promise<void>((resolve) => (wake = resolve)), sleep(250)]);
      restedAt = Date.now();
    }
  };
  const busy = (): boolean => heard.size > 0 || atWork > 0;
  return { run, idle: () => !busy() && waiting === 0, busyMs: () => (busy() ? Date.now() - restedAt : 0) };
};

export type Slots = <T>(work: () => Promise<T>) => Promise<T>;

/** At most `size` calls at once over all actors: the demo shares its processor with the platform it plays on. */
export const slotsOf = (size: number): Slots => {
  let free = size;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else free += 1;
    }
  };
};
