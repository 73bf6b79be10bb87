import { expect, it } from '@jest/globals';
import type { Client } from './client.js';

const all = ['partial-receipt', 'dishonour', 'double-finance', 'late-bank', 'return-after-finance', 'endorse-to-supplier'] as const;

/** Each scenario ends in a finished story and answers its ids. */
export const scenarioJourney = (platform: () => Client, names: readonly (typeof all)[number][] = all): void => {
  it.each(names)('%s runs to its end', async (name) => {
    const { status, body } = await platform().post(undefined, `/api/demo/scenarios/${name}`, {});
    expect({ status, body }).toMatchObject({ status: 200, body: { scenario: name, orderId: expect.any(String) } });
    expect(body.facts).toEqual(expect.arrayContaining(['CaseSettled']));
    expect(body.ids).toEqual(expect.objectContaining({ matchId: expect.anything(), shipmentId: expect.anything(), invoiceId: expect.anything(), caseId: expect.anything() }));
    if (name === 'dishonour') expect(body.facts).toEqual(expect.arrayContaining(['PaymentFailed', 'ProtestLodged', 'RecourseDemanded', 'RecoursePaid']));
    if (name === 'double-finance') expect(body.check).toMatchObject({ free: false, lien: { kind: 'debt-purchase' } });
    if (name === 'late-bank') expect(body.disbursements).toBe(1);
    if (name === 'return-after-finance') expect(body.facts).toContain('DilutionRecorded');
    if (name === 'endorse-to-supplier') expect(body.facts).toContain('InstrumentEndorsed');
    expect((await platform().get('operator', '/api/financing/ledger/totals')).body.sum).toBe('0');
  }, 290_000);

  it('an unknown scenario is a clear problem', async () => {
    const { status, body } = await platform().post(undefined, '/api/demo/scenarios/none', {});
    expect([status, body.type]).toEqual([404, 'urn:peyvand:problem:scenario-not-found']);
  });

  it('the clock jumps ninety days, and nothing that was due stays behind', async () => {
    const before = (await platform().get(undefined, '/api/demo/clock')).body;
    const { body } = await platform().post(undefined, '/api/demo/clock', { advanceDays: 90 });
    expect((Date.parse(body.now) - Date.parse(before.now)) / 86_400_000).toBeGreaterThanOrEqual(90);
    expect(body).toMatchObject({ digested: true, waitedFor: [] });
  }, 290_000);
};
