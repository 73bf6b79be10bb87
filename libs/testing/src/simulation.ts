import { instant, type Instant } from '@peyvand/kernel';
import type { SimulatedTime } from './simulated-time.js';

/** Something one of the parties does. `pick` says to which of the things that can be done now, `size` how much of it. */
export type Step<Does extends string> = { readonly at: Instant; readonly does: Does; readonly pick: number; readonly size: number };

/** `late`: milliseconds by which facts and answers come late, taken in turn. */
export type Schedule<Does extends string> = { readonly seed: number; readonly steps: readonly Step<Does>[]; readonly late: readonly number[] };

export type Outcome = { readonly broken: string | undefined; readonly trace: readonly string[] };

/** How a schedule is played: as built, or with a rule left out. */
export type Play<Does extends string, Variant extends string> = (schedule: Schedule<Does>, how?: { readonly variant?: Variant | undefined; readonly telling?: boolean }) => Outcome;

/** Some weeks drawn from a seed: `least` to six times as many steps, minutes to three days apart, or that much less by `pace`. */
export const scheduleFrom = <Does extends string>(seed: number, kinds: readonly Does[], begin: Instant, least = 10, pace = 1): Schedule<Does> => {
  const draw = drawFrom(seed);
  let moment: number = begin;
  const steps = Array.from({ length: least + draw(5 * least + 1) }, (): Step<Does> => {
    moment += Math.floor((draw(4) === 0 ? draw(3 * 86_400_000) : draw(2 * 3_600_000)) / pace);
    return { at: instant(moment), does: kinds[draw(kinds.length)] as Does, pick: draw(1_000), size: draw(1_000) };
  });
  return { seed, steps, late: Array.from({ length: 7 }, () => (draw(3) === 0 ? draw(2 * 86_400_000) : draw(60_000))) };
};

/** mulberry32: small, and good enough to choose with. */
const drawFrom = (seed: number) => {
  let state = (seed * 0x9e37_79b1) >>> 0;
  return (below: number): number => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

/** One of a list, whatever its length. */
export const at = <T>(list: readonly T[], pick: number): T | undefined => (list.length === 0 ? undefined : list[pick % list.length]);

/** The id of the nth thing of a kind, the same in every run. */
export const idOf = (kind: string, n: number): string =>
  `0199a000-${String(kind.length).padStart(4, '0')}-7000-8000-${(kind.charCodeAt(0) * 256 + kind.charCodeAt(1)).toString(16).padStart(6, '0')}${n.toString(16).padStart(6, '0')}`;

/** A service's rows and parties under a simulated clock. */
export type SimulatedWorld<Does extends string> = { readonly time: SimulatedTime; perform(step: Step<Does>): void; fire(due: string): void };

/** What must hold in a world: after everything that happens, and in the end. Each answers the first thing that does not. */
export type Holds = { readonly always: () => string | undefined; readonly atLast: () => string | undefined };

class Fault extends Error {}

/** Plays schedules, each in a world of its own, until the moment `end`; an error that the service's code throws is a break too. */
export const playOf = <Does extends string, Variant extends string, World extends SimulatedWorld<Does>>(
  worldOf: (schedule: Schedule<Does>, variant: Variant | undefined, telling: boolean) => World, holdsOf: (world: World) => Holds, end: Instant,
): Play<Does, Variant> => (schedule, { variant, telling = false } = {}) => {
  const world = worldOf(schedule, variant, telling);
  const holds = holdsOf(world);
  const demand = (fault: string | undefined): void => {
    if (fault !== undefined) throw new Fault(fault);
  };
  const check = (): void => demand(holds.always());
  const fire = (due: string): void => world.fire(due);
  try {
    for (const step of schedule.steps) {
      world.time.passTo(step.at, fire, check);
      world.perform(step);
      check();
    }
    world.time.passTo(end, fire, check);
    demand(holds.atLast());
    return { broken: undefined, trace: world.time.trace };
  } catch (error) {
    return { broken: error instanceof Fault ? error.message : String(error), trace: world.time.trace };
  }
};

/** What is done with a way to play schedules: look for a break, make it small, tell it, and see that a way to build it wrongly is caught. */
export const trialOf = <Does extends string, Variant extends string>(scheduleOf: (seed: number) => Schedule<Does>, simulate: Play<Does, Variant>) => {
  const breaks = (schedule: Schedule<Does>, variant: Variant | undefined): boolean => simulate(schedule, { variant }).broken !== undefined;
  const trial = {
    /** The first schedule of a range of seeds that breaks something. `told` is called every so often. */
    search: (first: number, count: number, variant?: Variant, told: (done: number) => void = () => {}): { readonly schedule: Schedule<Does> } | undefined => {
      for (let done = 0; done < count; done++) {
        const schedule = scheduleOf(first + done);
        if (breaks(schedule, variant)) return { schedule };
        if (done % 1_000 === 999) told(done + 1);
      }
      return undefined;
    },
    /** Leaves out steps for as long as something still breaks: many at once, then fewer, in the end one by one. */
    shrink: (schedule: Schedule<Does>, variant?: Variant): Schedule<Does> => {
      let best = schedule;
      for (let many = Math.ceil(best.steps.length / 2); ; ) {
        const starts = Array.from({ length: Math.ceil(best.steps.length / many) }, (_, n) => n * many);
        const smaller = starts.map((from) => ({ ...best, steps: best.steps.filter((_, n) => n < from || n >= from + many) })).find((one) => breaks(one, variant));
        if (smaller !== undefined) best = smaller;
        else if (many <= 1) return best;
        else many = Math.ceil(many / 2);
      }
    },
    /** What broke, and everything that happened before it. */
    storyOf: (schedule: Schedule<Does>, variant?: Variant): string => {
      const { broken, trace } = simulate(schedule, { variant, telling: true });
      return [`BROKEN: ${String(broken)}`, `seed ${schedule.seed}, ${schedule.steps.length} steps`, ...trace].join('\n');
    },
    /** Whether a variant is found among the first seeds, and the shrunk schedule breaks with it and is sound without it. */
    caught: (variant: Variant, among: number) => {
      const found = trial.search(1, among, variant);
      if (found === undefined) return { found: false, broken: false, sound: false, story: '' };
      const shortest = trial.shrink(found.schedule, variant);
      return { found: true, broken: breaks(shortest, variant), sound: !breaks(shortest, undefined), story: trial.storyOf(shortest, variant) };
    },
  };
  return trial;
};
