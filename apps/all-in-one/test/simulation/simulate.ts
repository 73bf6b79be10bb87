import { endOfDay } from '@peyvand/kernel';
import { playOf, trialOf } from '@peyvand/testing/simulation';
import { variants as broken, type Variant } from './broken.js';
import { holdsOf } from './holds.js';
import { lastDay, scheduleOf, type Does } from './schedule.js';
import { World } from './world.js';

/** Ways to build it wrongly, by name. */
export const variants = Object.fromEntries(Object.keys(broken).map((name) => [name, name])) as Readonly<Record<Variant, Variant>>;

/** Plays one schedule; what must hold is looked at after everything that happens. */
export const simulate = playOf<Does, Variant, World>((schedule, variant, telling) => new World(schedule, variant, telling), holdsOf, endOfDay(lastDay));

export const { search, shrink, storyOf, caught } = trialOf(scheduleOf, simulate);
