import { endOfDay } from '@peyvand/kernel';
import { playOf, trialOf, type Holds } from '@peyvand/testing/simulation';
import { brokenBy, leftOver, type Seen } from './holds.js';
import { lastDay, scheduleOf, type Does, type Variant } from './schedule.js';
import { World } from './world.js';

/** Ways to build it wrongly, by name. */
export const variants: Readonly<Record<Variant, Variant>> = {
  'fact-heard-twice': 'fact-heard-twice', 'deadlines-ignored': 'deadlines-ignored', 'answer-noted-twice': 'answer-noted-twice', 'lien-forgotten': 'lien-forgotten',
  'refused-money-keeps-the-limit': 'refused-money-keeps-the-limit', 'paid-case-keeps-the-limit': 'paid-case-keeps-the-limit', 'failure-not-posted': 'failure-not-posted',
  'second-payment-beside-the-first': 'second-payment-beside-the-first',
};

/** What holds in financing alone. */
export const holdsOf = (world: World): Holds => {
  const seen: Seen = new Map();
  return { always: () => brokenBy(world, seen), atLast: () => leftOver(world) };
};

/** Plays one schedule; what must hold is looked at after everything that happens. */
export const simulate = playOf<Does, Variant, World>((schedule, variant, telling) => new World(schedule, variant, telling), holdsOf, endOfDay(lastDay));

export const { search, shrink, storyOf, caught } = trialOf(scheduleOf, simulate);
