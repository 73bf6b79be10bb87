import { instant, type Instant } from '@peyvand/kernel';

/**
 * The business clock: what deadlines, maturities and `fact.time` are read from. Never runs backwards. Wall time stays for tokens,
 * HTTP and relay timeouts, leases and broker timestamps.
 */
export type Clock = {
  now(): Instant;
  /** Wall milliseconds until the business clock shows `at`; 0 when past, Infinity when it does not run. */
  wallUntil(at: Instant): number;
  /** Calls back when the clock jumps. Returns the way to stop listening. */
  onJump(listener: () => void): () => void;
};

export type ManualClock = Clock & {
  advance(ms: number): void;
  advanceTo(at: Instant): void;
};

/** Business time is wall time (production, where it cannot be set). */
export const realClock = (): Clock => {
  let last = 0;
  return {
    // An NTP step backwards must not reorder deadlines.
    now: () => (last = Math.max(last, Date.now())) as Instant,
    wallUntil: (at) => Math.max(0, at - Date.now()),
    onJump: () => () => {},
  };
};

/** Stands still until it is advanced: for tests and the rig. */
export const manualClock = (start: Instant): ManualClock => {
  let now = start;
  const jumps = listeners();
  const advanceTo = (at: Instant): void => {
    if (at < now) throw new RangeError(`A clock does not run backwards: ${new Date(now).toISOString()} → ${new Date(at).toISOString()}`);
    now = at;
    jumps.tell();
  };
  return {
    now: () => now,
    wallUntil: (at) => (at <= now ? 0 : Infinity),
    onJump: jumps.add,
    advance: (ms) => advanceTo(instant(now + ms)),
    advanceTo,
  };
};

/** The smallest observer there is; not an event bus: one clock, a few loops to wake. */
export const listeners = () => {
  const all = new Set<() => void>();
  return {
    add: (listener: () => void) => {
      all.add(listener);
      return () => void all.delete(listener);
    },
    tell: () => all.forEach((listener) => listener()),
  };
};
