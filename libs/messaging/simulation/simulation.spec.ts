import { describe, expect, it } from '@jest/globals';
import { variants } from './broken.js';
import { scheduleOf, type Schedule, type Step } from './schedule.js';
import { search, shrink, storyOf } from './search.js';
import { simulate } from './simulate.js';
import type { Garble } from './strangers.js';

describe('two processes through schedules of facts and faults', () => {
  it('loses nothing, doubles nothing and keeps every order', async () => {
    const found = await search(1, 600);
    expect(found === undefined ? '' : await storyOf(await shrink(found.schedule))).toBe('');
  });

  it('plays the same for the same seed', async () => {
    for (const seed of [3, 8, 21]) {
      const [one, other] = [await simulate(scheduleOf(seed), { telling: true }), await simulate(scheduleOf(seed), { telling: true })];
      expect(one.trace.length).toBeGreaterThan(100);
      expect(other.trace).toEqual(one.trace);
    }
    expect(scheduleOf(3)).not.toEqual(scheduleOf(8));
  });
});

const garbled = (how: Garble, ...more: Step[]): Schedule => ({ seed: 3, faults: [], steps: [{ at: 116, does: 'garble', key: 'k0', how }, ...more] });

/** The smallest schedules of what was found and mended. */
const mended: Readonly<Record<string, Schedule>> = {
  'an errand is dropped and asked for again while it is under way': {
    seed: 142, faults: [], steps: [
      { at: 284, does: 'publish', key: 'k2', facts: ['asks-hot', 'asks-hot', 'together'] },
      { at: 564, does: 'publish', key: 'k1', facts: ['asks-hot'] },
      { at: 689, does: 'publish', key: 'k1', facts: ['drops', 'asks-hot'] },
    ],
  },
  'a message of bytes stands before others': garbled('bytes', { at: 200, does: 'publish', key: 'k0', facts: ['plain'] }),
  'a message holds NUL': garbled('nul'),
  'an unreadable message is redriven': garbled('no-header', { at: 461, does: 'redrive' }, { at: 461, does: 'publish', key: 'k1', facts: ['plain', 'together', 'fails'] }),
};

describe('what was mended stays so', () => {
  it.each(Object.entries(mended))('%s', async (_, schedule) => expect((await simulate(schedule)).broken).toBeUndefined());
});

describe('what is built wrongly is found', () => {
  it.each(Object.entries(variants))('%s', async (_, variant) => {
    const found = await search(1, 400, variant);
    if (found === undefined) throw new Error('Nothing was found');
    const least = await shrink(found.schedule, variant);
    expect(least.faults.length).toBeLessThanOrEqual(found.schedule.faults.length);
    expect(await storyOf(least, variant)).toContain('BROKEN');
    // The same schedule is sound when it is built as it should be.
    expect((await simulate(least)).broken).toBeUndefined();
  });
});
