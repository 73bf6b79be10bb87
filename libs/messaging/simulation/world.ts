/** Makes numbers from a seed, the same for the same seed (mulberry32). Answers a number in [0, below). */
export const drawFrom = (seed: number) => {
  let state = seed >>> 0;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

/** A process: what happens in it happens later while it is paused, and never again once it is dead. */
export type Actor = { readonly name: string; dead: boolean; pausedUntil: number };

type Happening = { at: number; readonly order: number; readonly actor: Actor; readonly work: () => void; readonly arrives: boolean; cancelled: boolean };

const real = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, now: Date.now, random: Math.random, performance: globalThis.performance };
const begin = Date.parse('2026-03-21T06:00:00Z');

/** The moment of a simulation and everything that is still to happen in it; one thing at a time, in an order drawn from the seed. */
export class World {
  now = begin;
  readonly draw: (below: number) => number;
  readonly outside: Actor = { name: 'outside', dead: false, pausedUntil: 0 };
  current: Actor = this.outside;
  private readonly heap: Happening[] = [];
  private count = 0;
  /** How many things have happened. */
  happened = 0;
  readonly trace: string[] = [];

  constructor(seed: number, private readonly telling = false) {
    this.draw = drawFrom(seed);
  }

  tell(text: () => string): void {
    if (this.telling) this.trace.push(`${String(this.now - begin).padStart(7)} ms  ${this.current.name.padEnd(9)} ${text()}`);
  }

  /** Milliseconds since the simulation began. */
  get passed(): number {
    return this.now - begin;
  }

  later(ms: number, work: () => void, actor: Actor = this.current): Happening {
    return this.add(ms, work, actor, false);
  }

  private every(ms: number, work: () => void): { happening: Happening } {
    const again = (): Happening => this.later(ms, () => {
      timer.happening = again();
      work();
    });
    const timer = { happening: again() };
    return timer;
  }

  /** Something sent arrives where it was sent to. It settles no promise, so nothing needs to go on before the next thing happens. */
  arrive(ms: number, work: () => void, actor: Actor): void {
    this.add(ms, work, actor, true);
  }

  private add(ms: number, work: () => void, actor: Actor, arrives: boolean): Happening {
    const happening: Happening = { at: this.now + Math.max(0, ms), order: this.count++, actor, work, arrives, cancelled: false };
    push(this.heap, happening);
    return happening;
  }

  /** A trip over the network and back: `work` happens there after a while, its answer comes after another. */
  trip<T>(work: () => T): Promise<T> {
    const actor = this.current;
    return new Promise((resolve, reject) => {
      this.arrive(this.draw(3), () => {
        let answer: () => void;
        try {
          const result = work();
          answer = () => resolve(result);
        } catch (error) {
          answer = () => reject(error as Error);
        }
        this.later(this.draw(3), answer, actor);
      }, this.network(actor));
    });
  }

  /** What was sent arrives although its sender is paused; of a dead one too, at times. */
  private network(actor: Actor): Actor {
    return { name: actor.name, get dead() { return actor.dead; }, pausedUntil: 0 };
  }

  as<T>(actor: Actor, work: () => T): T {
    const before = this.current;
    this.current = actor;
    try {
      return work();
    } finally {
      this.current = before;
    }
  }

  /** Lets things happen until `until` says so or `ms` have passed; answers whether `until` did. */
  async run(ms: number, until: () => boolean = () => false): Promise<boolean> {
    const end = this.now + ms;
    for (;;) {
      const next = this.heap[0];
      if (next === undefined || next.at > end) break;
      pop(this.heap);
      if (next.cancelled || next.actor.dead) continue;
      if (next.actor.pausedUntil > next.at) {
        next.at = next.actor.pausedUntil;
        push(this.heap, next);
        continue;
      }
      this.now = Math.max(this.now, next.at);
      this.current = next.actor;
      this.happened++;
      next.work();
      if (!next.arrives) await drained();
      if (until()) return true;
    }
    this.now = Math.max(this.now, end);
    return false;
  }

  /** Puts this world's clock, timers and chance in the place of the machine's. Answers the way back. */
  takeOver(): () => void {
    const timeout = (work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => this.later(ms, () => work(...args));
    const clear = (timer?: Happening) => void (timer !== undefined && (timer.cancelled = true));
    const put = (name: string, value: unknown) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    const depth = Error.stackTraceLimit;
    Error.stackTraceLimit = 0; // most errors here are part of the play, and a stack is what costs
    put('setTimeout', timeout);
    put('clearTimeout', clear);
    put('setInterval', (work: () => void, ms: number) => this.every(ms, work));
    put('clearInterval', (timer?: { happening: Happening }) => void (timer !== undefined && (timer.happening.cancelled = true)));
    put('setImmediate', (work: () => void) => this.later(0, work));
    const now = () => this.now;
    put('performance', { now });
    Date.now = () => Math.floor(this.now); // whole milliseconds, as the machine's
    Math.random = () => this.draw(1_000_000) / 1_000_000;
    return () => {
      for (const name of ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'performance'] as const) put(name, real[name]);
      Date.now = real.now;
      Math.random = real.random;
      Error.stackTraceLimit = depth;
    };
  }
}

/** Every promise that could go on has gone on: a tick asked for by a promise comes after all of them, and costs less than a turn of the event loop. */
const drained = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

const before = (a: Happening, b: Happening): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

const push = (heap: Happening[], one: Happening): void => {
  let at = heap.push(one) - 1;
  for (let up = (at - 1) >> 1; at > 0 && before(one, heap[up] as Happening); at = up, up = (at - 1) >> 1) heap[at] = heap[up] as Happening;
  heap[at] = one;
};

const pop = (heap: Happening[]): void => {
  const last = heap.pop() as Happening;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let down = 2 * at + 1;
    if (down >= heap.length) break;
    if (down + 1 < heap.length && before(heap[down + 1] as Happening, heap[down] as Happening)) down++;
    if (!before(heap[down] as Happening, last)) break;
    heap[at] = heap[down] as Happening;
    at = down;
  }
  heap[at] = last;
};
