import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { peopleOf } from './api.js';
import { heroJourney } from './hero-journey.js';
import { startOneProcess } from './one-process.js';
import { parkedIn, settled, type Platform } from './platform.js';
import { registerWorld } from './world.js';

let platform: Platform;
beforeAll(async () => {
  platform = await startOneProcess();
  await registerWorld(peopleOf(platform.url));
});
afterAll(() => platform?.stop());

describe('all services in one process, on the embedded broker', () => {
  it('takes an order from the shelf’s need to the settled debt', async () => {
    await heroJourney(platform);
  });

  it('ends with nothing parked', async () => {
    await settled(platform);
    expect(await parkedIn(platform)).toEqual({});
  });
});
