import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientOf, nameOf, storyOf, type Client } from './client.js';
import { demoHeroJourney, heroOrder } from './demo-hero-journey.js';
import { livePageJourney } from './live-page-journey.js';
import { npmStart, type NpmStart } from './npm-start.js';
import { partnerJourney } from './partner-journey.js';
import { scenarioJourney } from './scenario-journey.js';

describe('npm start', () => {
  let platform: NpmStart;
  let client: Client;
  beforeAll(async () => {
    platform = await npmStart();
    client = clientOf(platform.url);
  }, 180_000);
  afterAll(() => platform?.stop(), 60_000);

  it('shows the live page, and nothing in it comes from elsewhere', async () => {
    const { status, headers, body } = await client.get(undefined, '/');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(String(body).match(/(?:src|href)="(?:https?:)?\/\//g)).toBeNull();
  });

  describe('the hero story', () => demoHeroJourney(() => client));
  describe('the live page in a real browser', () => livePageJourney(() => platform.url));
  describe('scenarios', () => scenarioJourney(() => client));
  describe('a partner within an hour', () => partnerJourney(() => client));

  it('a second start in the same folder says that one runs already', async () => {
    expect(await platform.second()).toMatch(/^1: [\s\S]*Cannot start: Peyvand already runs from this folder/);
  }, 60_000);

  it('kill -9 and a start again: the same story, even books', async () => {
    const told = async () => (await storyOf(client, 'operator', heroOrder)).map(nameOf);
    const before = await told();
    const ledger = (await client.get('operator', '/api/financing/ledger/totals')).body;
    await platform.kill();
    await platform.again();
    client = clientOf(platform.url);
    expect(await told()).toEqual(before);
    const after = (await client.get('operator', '/api/financing/ledger/totals')).body;
    expect([after.sum, after.transfers >= ledger.transfers]).toEqual(['0', true]);
  }, 180_000);

  it('npm run audit: every fact stands as it was told, and one that somebody changed is named', async () => {
    const audit = await platform.command('audit.mjs');
    expect(audit).toMatch(/^0: /);
    for (const service of ['producers', 'retailers', 'orders', 'financing', 'delivery']) expect(audit).toMatch(new RegExp(`${service}: [\\d,]+ facts under [\\d,]+ seals stand as they were told`));
    expect(audit.match(/signed by key [0-9a-f]{16}; [\d,]+ seals kept outside agree/g)).toHaveLength(5);
    const change = (from: string, to: string) => platform.sql('financing', `update facts set data = replace(data::text, '${from}', '${to}')::json where type like '%.DebtPurchased.v1'`);
    await change('4147202489', '9147202489');
    expect(await platform.command('audit.mjs', '--service', 'financing')).toMatch(/^1: [\s\S]*! fact number \d+ of seal \d+ was edited after it was sealed \(ir\.peyvand\.financing\.DebtPurchased\.v1 /);
    await change('9147202489', '4147202489');
    expect(await platform.command('audit.mjs', '--service', 'financing')).toMatch(/^0: /);
    expect(await platform.command('audit.mjs', '--service', 'money')).toMatch(/^2: Usage: npm run audit/);
  }, 60_000);
});
