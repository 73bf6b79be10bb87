import { describe, expect, it } from '@jest/globals';
import { scheduleOf } from './schedule.js';
import { caught, search, shrink, simulate, storyOf, variants } from './simulate.js';

describe('orders, financing and delivery, simulated together', () => {
  it('keep their word in 100 schedules', () => {
    const found = search(1, 100);
    expect(found === undefined ? undefined : storyOf(shrink(found.schedule))).toBeUndefined();
  }, 180_000);

  it.each([
    ['goods of which an order heard after it had ended', 27],
    ['a seller who withdrew all of a match before anything left', 6],
    ['a change that left an order nothing to wait for', 8_628],
    ['parts of a match that were taxed and rounded to a rial more than was reserved for it, on a limit that had expired', 3_291],
    ['a rest that delivery still waited for when orders did not any more', 22],
  ])('keep their word in a seed that once broke it: %s', (_, seed) => expect(simulate(scheduleOf(seed)).broken).toBeUndefined());

  it.each(Object.values(variants))('find what is wrong with %s, and the shrunk schedule is sound without it', (variant) => {
    expect(caught(variant, 400)).toEqual({ found: true, broken: true, sound: true, story: expect.stringContaining('BROKEN') });
  }, 180_000);

  it('play the same for the same seed', () => expect(told(7)).toBe(told(7)));
});

/** Ids of matches are fresh in every run, and nothing is decided by them. */
const told = (seed: number): string => storyOf(scheduleOf(seed)).replaceAll(/matched: .*|(overdue|of|is) [0-9a-f]{4}.*/g, '');
