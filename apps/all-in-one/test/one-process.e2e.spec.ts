import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { badInputJourney } from './bad-input.journey.js';
import { clientOf, nameOf, storyOf, type Client } from './client.js';
import { heroJourney } from './hero.journey.js';
import { importJourney } from './import.journey.js';
import { launchAlone, type LaunchedAlone } from './launch.js';
import { partnerJourney } from './partner.journey.js';
import { scenarioJourney } from './scenario.journey.js';

describe('npm start: everything in one process, embedded broker', () => {
  let platform: LaunchedAlone;
  let client: Client;
  beforeAll(async () => {
    platform = await launchAlone();
    client = clientOf(platform.url);
  }, 180_000);
  afterAll(() => platform?.stop(), 60_000);

  describe('the hero story', () => heroJourney(() => client));
  describe('bad input', () => badInputJourney(() => client));
  describe('scenarios', () => scenarioJourney(() => client));
  describe('a partner within an hour', () => partnerJourney(() => client));
  describe('import', () => importJourney(() => client));

  it('a second start from the same folder says that one runs already', async () => {
    await expect(platform.again()).rejects.toThrow(/already runs from this folder/);
  }, 60_000);

  it('kill -9 and a start again: the same totals, the same story', async () => {
    const settled = async () => (await storyOf(client, 'operator', '0199a000-0000-7000-a0f0-000000000001')).map(nameOf);
    const before = await settled();
    const ledger = (await client.get('operator', '/api/financing/ledger/totals')).body;
    await platform.kill();
    await platform.again();
    client = clientOf(platform.url);
    expect(await settled()).toEqual(before);
    const after = (await client.get('operator', '/api/financing/ledger/totals')).body;
    expect([after.sum, after.transfers >= ledger.transfers]).toEqual(['0', true]);
  }, 120_000);
});
