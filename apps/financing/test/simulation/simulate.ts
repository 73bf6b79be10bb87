import { endOfDay } from '@peyvand/kernel';
import { trialOf, type Outcome } from '@peyvand/testing/simulation';
import { brokenBy, leftOver, type Seen } from './holds.js';
import { lastDay, scheduleOf, type Trade, type Variant } from './schedule.js';
import { World } from './world.js';

/** Ways to build it wrongly, by name. */
export const variants: Readonly<Record<Variant, Variant>> = {
  'fact-heard-twice': 'fact-heard-twice', 'deadlines-ignored': 'deadlines-ignored', 'answer-noted-twice': 'answer-noted-twice', 'lien-forgotten': 'lien-forgotten',
  'refused-money-keeps-the-limit': 'refused-money-keeps-the-limit', 'paid-case-keeps-the-limit': 'paid-case-keeps-the-limit', 'failure-not-posted': 'failure-not-posted',
  'second-payment-beside-the-first': 'second-payment-beside-the-first',
};

class Broken extends Error {}

/** Plays one schedule; what must hold is looked at after everything that happens. */
export const simulate = (schedule: Trade, { variant, telling = false }: { variant?: Variant | undefined; telling?: boolean } = {}): Outcome => {
  const world = new World(schedule, variant, telling);
  const seen: Seen = new Map();
  const demand = (fault: string | undefined): void => {
    if (fault !== undefined) throw new Broken(fault);
  };
  const check = (): void => demand(brokenBy(world, seen));
  const fire = (due: string): void => world.fire(due);
  try {
    for (const step of schedule.steps) {
      world.time.passTo(step.at, fire, check);
      world.perform(step);
      check();
    }
    world.time.passTo(endOfDay(lastDay), fire, check);
    demand(leftOver(world));
    return { broken: undefined, trace: world.time.trace };
  } catch (error) {
    return { broken: error instanceof Broken ? error.message : String(error), trace: world.time.trace };
  }
};

export const { search, shrink, storyOf } = trialOf(scheduleOf, simulate);
