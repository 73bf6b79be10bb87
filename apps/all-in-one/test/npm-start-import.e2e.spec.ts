import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { peopleOf } from './api.js';
import { registerSupply, retailImportJourney, retailSlice } from './import-journey.js';
import { npmStart, type NpmStart } from './npm-start.js';
import { parkedIn, settled, type Platform } from './platform.js';
import { registerWorld } from './world.js';

describe('npm start -- --empty', () => {
  let start: NpmStart;
  let platform: Platform;
  beforeAll(async () => {
    start = await npmStart(['--empty'], { PEYVAND_CLOCK_RATE: '1' });
    platform = { url: start.url, processUrls: [start.url], stop: () => start.stop() };
    await registerWorld(peopleOf(platform.url));
  }, 180_000);
  afterAll(() => start?.stop(), 60_000);

  const killAndStart = async () => {
    await start.kill();
    await start.again();
  };

  // The whole month, matched and carried on, is `npm run bench -- import`.
  it('takes twenty thousand real order lines while the whole process is killed and comes back, twice, and everybody’s books agree', async () => {
    const slice = retailSlice(20_000);
    await registerSupply(platform, slice);
    await retailImportJourney(platform, slice, { submitting: killAndStart, carryingOn: killAndStart });
    await settled(platform);
    expect(await parkedIn(platform)).toEqual({});
  }, 900_000);
});
