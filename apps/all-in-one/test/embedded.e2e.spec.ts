import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { peopleOf } from './api.js';
import { authorizationJourney } from './authorization/authorization-journey.js';
import { badInputJourney } from './bad-input-journey.js';
import { heroJourney } from './hero-journey.js';
import { registerSupply, retailImportJourney, retailSlice, smallImportJourney } from './import-journey.js';
import { startOneProcess } from './one-process.js';
import { parkedIn, settled, type Platform } from './platform.js';
import { registerWorld } from './world.js';

// Thirty seconds on a quiet machine.
jest.setTimeout(240_000);

let platform: Platform;
beforeAll(async () => {
  platform = await startOneProcess();
  await registerWorld(peopleOf(platform.url));
});
afterAll(() => platform?.stop());

describe('all services in one process, on the embedded broker', () => {
  // First: its clock goes on by months, past every deadline there is.
  it('takes an order from a shelf that needs filling to a settled debt', async () => {
    await heroJourney(platform);
  });

  it('answers what it cannot take with a problem, and writes nothing', () => badInputJourney(platform));

  it('takes a small file of the buyer’s own', () => smallImportJourney(platform));

  it('takes two thousand real order lines, and everybody’s books agree', async () => {
    const slice = retailSlice(2_000);
    await registerSupply(platform, slice);
    await retailImportJourney(platform, slice);
  });

  describe('authorization', () => authorizationJourney(() => platform));

  it('ends with nothing parked', async () => {
    await settled(platform);
    expect(await parkedIn(platform)).toEqual({});
  });
});
