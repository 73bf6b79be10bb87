import { describe, expect, it } from '@jest/globals';
import { scheduleOf } from './schedule.js';
import { caught, search, shrink, simulate, storyOf, variants } from './simulate.js';

describe('the simulated financing of trades', () => {
  it('keeps its word in 1,000 schedules', () => {
    const found = search(1, 1_000);
    expect(found === undefined ? undefined : storyOf(shrink(found.schedule))).toBeUndefined();
  }, 180_000);

  it.each([
    ['goods that were received and invoiced before the purchase order was heard of', 43],
    ['paper whose debt ended, or was called, while it lay with the drawee', 38],
    ['paper accepted for less than its face because goods came back', 330],
    ['recourse paid for a claim that was written off', 4_408],
    ['a refusal of the bank that comes after maturity', 5_567],
  ])('keeps its word in a seed that once broke it: %s', (_, seed) => expect(simulate(scheduleOf(seed)).broken).toBeUndefined());

  it.each(Object.values(variants))('finds what is wrong with %s, and the shrunk schedule is sound without it', (variant) => {
    expect(caught(variant, 400)).toEqual({ found: true, broken: true, sound: true, story: expect.stringContaining('BROKEN') });
  }, 180_000);

  it('plays the same for the same seed', () => expect(storyOf(scheduleOf(7))).toBe(storyOf(scheduleOf(7))));
});
