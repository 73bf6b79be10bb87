import { describe, expect, it } from '@jest/globals';
import { scheduleOf } from './schedule.js';
import { caught, search, shrink, storyOf, variants } from './simulate.js';

describe('the simulated deliveries', () => {
  it('keeps its word in 1,000 schedules', () => {
    const found = search(1, 1_000);
    expect(found === undefined ? undefined : storyOf(shrink(found.schedule))).toBeUndefined();
  }, 180_000);

  it.each(Object.values(variants))('finds what is wrong with %s, and the shrunk schedule is sound without it', (variant) => {
    expect(caught(variant, 400)).toEqual({ found: true, broken: true, sound: true, story: expect.stringContaining('BROKEN') });
  }, 180_000);

  it('plays the same for the same seed', () => expect(storyOf(scheduleOf(7))).toBe(storyOf(scheduleOf(7))));
});
