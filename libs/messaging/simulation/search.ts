import { scheduleOf, type Schedule } from './schedule.js';
import { simulate, type Outcome } from './simulate.js';
import type { Variant } from './broken.js';

export type Found = { readonly schedule: Schedule; readonly outcome: Outcome };

/** Runs schedules one after the other; answers the first that breaks a property. `told` is called every so often. */
export const search = async (first: number, count: number, variant: Variant = {}, told: (done: number) => void = () => {}): Promise<Found | undefined> => {
  for (let done = 0; done < count; done++) {
    const schedule = scheduleOf(first + done);
    const outcome = await simulate(schedule, { variant });
    if (outcome.broken !== undefined) return { schedule, outcome };
    if (done % 1_000 === 999) told(done + 1);
  }
  return undefined;
};

/** Leaves out faults, steps and facts for as long as something still breaks. */
export const shrink = async (schedule: Schedule, variant: Variant = {}): Promise<Schedule> => {
  const breaks = async (one: Schedule): Promise<boolean> => (await simulate(one, { variant })).broken !== undefined;
  for (let best = schedule; ; ) {
    let smaller: Schedule | undefined;
    for (const one of smallerThan(best)) {
      if (!(await breaks(one))) continue;
      smaller = one;
      break;
    }
    if (smaller === undefined) return best;
    best = smaller;
  }
};

const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, n) => n !== at);

const smallerThan = function* (schedule: Schedule): Generator<Schedule> {
  const { steps, faults } = schedule;
  for (let at = 0; at < faults.length; at++) yield { ...schedule, faults: without(faults, at) };
  for (let at = 0; at < steps.length; at++) yield { ...schedule, steps: without(steps, at) };
  for (const [at, step] of steps.entries()) {
    if (step.does !== 'publish' || step.facts.length < 2) continue;
    for (let n = 0; n < step.facts.length; n++) yield { ...schedule, steps: steps.with(at, { ...step, facts: without(step.facts, n) }) };
  }
};

/** The shortest story of a break: what was asked, what went wrong, and what happened, line by line. */
export const storyOf = async (schedule: Schedule, variant: Variant = {}): Promise<string> => {
  const { broken, trace } = await simulate(schedule, { variant, telling: true });
  return [`BROKEN: ${String(broken)}`, `seed ${schedule.seed}${schedule.turns === true ? ', taking turns' : ''}${schedule.slow === true ? ', a slow disk' : ''}`, ...schedule.steps.map((step) => `asked: ${JSON.stringify(step)}`), ...schedule.faults.map((fault) => `fault: ${JSON.stringify(fault)}`), ...trace].join('\n');
};
