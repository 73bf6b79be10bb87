import { expect, it } from '@jest/globals';
import { peopleOf } from '../api.js';
import { settled, type Platform } from '../platform.js';
import { attackFields, attackThings, attackTokens, expectNothing, printOfEverything, readEverything, stageAt, type Report, type Stage } from './matrix.js';
import { sendOddValues } from './odd-values.js';
import { lookPastTheFilters, withoutPolicy } from './row-security.js';

/**
 * Everybody against everything, on a platform that has traded: each route that names a thing is asked by each demo user for things of every
 * set of parties; what must come is what the route declares (x-roles, x-strangers) and who the thing's parties are.
 */
export const authorizationJourney = (platformOf: () => Platform): void => {
  const report: Report = { routes: 0, objectRoutes: 0, attacks: 0, facts: 0, answers: {} };
  let stage: Stage;
  let before: Record<string, string>;

  it('gives nobody a thing of others: 403 for a role that is not let in, 404 for whoever is no party', async () => {
    const platform = platformOf();
    await makeWhatIsMissing(platform);
    await settled(platform);
    stage = await stageAt(platform.url);
    report.routes = stage.routes.length;
    before = await printOfEverything();
    expectNothing('answered otherwise than declared', await attackThings(stage, report));
  });

  it('lets nobody in with a token that is missing, unsigned, signed with the wrong key or no token at all', async () => {
    expectNothing('let in', await attackTokens(stage, report));
  });

  it('takes no field that a route does not name', async () => {
    expectNothing('taken', await attackFields(stage, report));
  });

  it('tells nobody what the audience of a fact does not name: feed and stories', async () => {
    expectNothing('leaked', await readEverything(stage, report));
  });

  it('has changed nothing by all that', async () => {
    await settled(platformOf());
    expect(await printOfEverything()).toEqual(before);
    process.stdout.write(`\nauthorization: ${report.routes} routes, ${report.objectRoutes} of them name a thing; ${report.attacks} attacks by ${stage.users.length} people, ${report.facts} facts read; answers ${JSON.stringify(report.answers)}\n`);
    expect(report.objectRoutes).toBeGreaterThan(60);
    expect(report.attacks).toBeGreaterThan(5_000);
  });

  it('fails at no value, however odd, in whatever place', async () => {
    const odd: Report = { routes: 0, objectRoutes: 0, attacks: 0, facts: 0, answers: {} };
    expectNothing('failed', await sendOddValues(stage, odd, 3_000));
    process.stdout.write(`odd values: ${odd.attacks}; answers ${JSON.stringify(odd.answers)}\n`);
    expect(odd.attacks).toBeGreaterThan(2_500);
  });

  it('shows no row of others even with every filter of the application gone', async () => {
    const seen = await lookPastTheFilters();
    process.stdout.write(`row security: ${seen.tables} readable tables, ${seen.looks} looks, ${seen.rows} rows behind them\n`);
    expect({ unsecured: seen.unsecured, foreign: seen.foreign }).toEqual({ unsecured: [], foreign: [] });
    expect(await withoutPolicy('orders', 'orders')).toBeGreaterThan(0); // the control
  });
};

/** Things no other journey makes. */
const makeWhatIsMissing = async (platform: Platform): Promise<void> => {
  const as = peopleOf(platform.url);
  await as('narvan.approver').wantPost('/api/retailers/buyers', { subject: 'somebody', name: 'خریدار دوم', roles: ['buyer'] });
  const { items: [received] } = await as('narvan.buyer').want<{ items: { shipmentId: string }[] }>('/api/delivery/shipments?status=received');
  await as('narvan.buyer').wantPost(`/api/delivery/shipments/${received?.shipmentId}/disputes`, { reason: 'count' });
  await as('narvan.buyer').call('PUT', '/api/delivery/approval-policy', { upTo: '1000000' });
};
