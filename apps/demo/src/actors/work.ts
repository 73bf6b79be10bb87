import { setTimeout as sleep } from 'node:timers/promises';

import { Refusal, type Caller, type FeedFact } from '../api/api.js';
import { NotYet, type Duty, type Piece } from './duty.js';
import type { Slots } from './slots.js';

export type Actor = {
  /** Follows the feed and works until the signal. */
  run(signal: AbortSignal): Promise<void>;
  /** Hears what was told and is still on its way, and looks again at what it heard of lately. */
  catchUp(): Promise<void>;
  /** Nothing is at hand, nothing was heard since the last look, and it will not come back to anything by itself. */
  idle(): boolean;
  /** The duties it has something to do for, now or in a moment. */
  atHand(): readonly string[];
  /** Pieces done so far. */
  done(): number;
  /** Wall milliseconds since it last had nothing to do; 0 when it has nothing now. */
  busyMs(): number;
};

export type Part = {
  readonly name: string;
  /** Whose feed it follows. */
  readonly ears: Pick<Caller, 'feed'>; readonly duties: readonly Duty[]; readonly slots: Slots; readonly log: Log;
  /** Is told every fact this firm hears. */
  readonly overhear?: (fact: FeedFact) => void;
};

export type Log = (level: 'info' | 'warn', message: string, about?: Record<string, unknown>) => void;

/** Every list is read this often even when nothing was heard: facts told while we were away are not told again. */
const sweepMs = 5_000;
/** A piece that was refused so often is left alone: its deadline, and the platform's rules, then decide. */
const mostTries = 12;
/** So often a person is still about to come back to it; after that nobody waits for them, but they go on. */
const [triesWaitedFor, waitsWaitedFor] = [4, 40];
/** Lists trail what was done a little. */
const trailMs = 400;
/** A fact may be heard before the service that lists the work has heard it: duties are looked at once more so much later. */
const echoMs = 300;

type Held = { readonly tries: number; readonly waits: number; readonly until: number; readonly done?: true };

/**
 * A firm at work. A duty is looked at when its facts are heard and in every sweep. A piece that is refused waits longer each time
 * (0.2 s, 0.4 s … 10 s); what has not come yet, and a platform that does not answer, are asked again for ever.
 */
export const actor = ({ name, ears, duties, slots, log, overhear = () => {} }: Part): Actor => {
  const [heard, echo] = [new Set<Duty>(duties), new Set<Duty>()];
  const held = new Map<string, Held>();
  const open = new Map<string, number>();
  let [looking, finished, wake, restedAt] = [0, 0, (): void => {}, Date.now()];

  const hear = (duty: Duty): void => {
    heard.add(duty);
    wake();
  };
  const count = (duty: Duty, by: 1 | -1): void => void open.set(duty.name, (open.get(duty.name) ?? 0) + by);
  const again = (duty: Duty, afterMs: number, waitedFor: boolean): void => {
    if (waitedFor) count(duty, 1);
    setTimeout(() => {
      if (waitedFor) count(duty, -1);
      hear(duty);
    }, afterMs).unref();
  };

  const failed = (duty: Duty, piece: Piece, error: unknown, before: Held | undefined): void => {
    const refused = error instanceof Refusal && error.status < 500;
    const tries = (before?.tries ?? 0) + (refused ? 1 : 0);
    const waits = (before?.waits ?? 0) + (refused ? 0 : 1);
    const pause = error instanceof NotYet ? 120 : Math.min(10_000, 100 * 2 ** (refused ? tries : waits));
    held.set(`${duty.name}/${piece.id}`, { tries, waits, until: Date.now() + pause });
    if (tries < mostTries) again(duty, pause + 10, tries < triesWaitedFor && waits < waitsWaitedFor);
    if (!(error instanceof NotYet) && (refused ? tries === 3 : waits % 10 === 3)) log('warn', `${name}: ${duty.name} did not work`, { piece: piece.id, error: (error as Error).message });
  };

  const attempt = async (duty: Duty, piece: Piece): Promise<void> => {
    const key = `${duty.name}/${piece.id}`;
    const before = held.get(key);
    const left = (before?.until ?? 0) - Date.now();
    if (before === undefined && piece.afterMs !== undefined) {
      held.set(key, { tries: 0, waits: 0, until: Date.now() + piece.afterMs });
      again(duty, piece.afterMs + 5, true);
      return;
    }
    if (left > 0 && left < Infinity && before?.done) again(duty, left + 5, true);
    if (left > 0 || (before && before.tries >= mostTries)) return;
    held.set(key, { tries: 0, waits: 0, ...before, until: Infinity });
    try {
      await slots(() => piece.do());
      finished += 1;
      held.set(key, { tries: 0, waits: 0, until: piece.once ? Infinity : Date.now() + trailMs, done: true });
    } catch (error) {
      failed(duty, piece, error, before);
    }
  };

  const look = async (duty: Duty): Promise<void> => {
    heard.delete(duty);
    count(duty, 1);
    looking += 1;
    try {
      const pieces = await slots(() => duty.list());
      await Promise.all(pieces.map((piece) => attempt(duty, piece)));
    } catch (error) {
      if (!(error instanceof Refusal)) log('warn', `${name}: cannot read ${duty.name}`, { error: (error as Error).message });
      again(duty, 1_000, true);
    } finally {
      looking -= 1;
      count(duty, -1);
    }
    if (held.size > 5_000) for (const key of [...held.keys()].slice(0, 2_500)) held.delete(key);
  };

  const resound = (): void => {
    for (const duty of echo) heard.add(duty);
    echo.clear();
    wake();
  };
  const feed = ears.feed((fact) => {
    const heardName = fact.type.split('.').at(-2) ?? '';
    for (const duty of duties) {
      if (!duty.on.includes(heardName)) continue;
      heard.add(duty);
      if (echo.size === 0) setTimeout(resound, echoMs).unref();
      echo.add(duty);
    }
    wake();
    overhear(fact);
  });

  const run = async (signal: AbortSignal): Promise<void> => {
    // The place in the feed first: what is told after it is heard, what was told before it stands in the lists.
    for (let placed = false; !placed && !signal.aborted; ) placed = await feed.catchUp().then(() => true, () => sleep(200, false));
    void feed.follow(signal);
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
  const atHand = (): string[] => [...new Set([...[...heard].map((duty) => duty.name), ...[...open].flatMap(([duty, times]) => (times > 0 ? [duty] : []))])].map((duty) => `${name}: ${duty}`);
  const busy = (): boolean => heard.size > 0 || looking > 0;
  return { run, catchUp: () => feed.catchUp().then(resound), idle: () => atHand().length === 0, atHand, done: () => finished, busyMs: () => (busy() ? Date.now() - restedAt : 0) };
};
