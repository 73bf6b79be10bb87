import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InstrumentAccepted } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { transact } from '@peyvand/messaging';
import { aTrade, type Trade } from '../../test/trade.js';

describe('sealed bids', () => {
  let t: Trade;
  let caseId: string;
  let instrumentId: string;
  let bidA: string;
  let bidB: string;
  beforeAll(async () => {
    t = await aTrade();
    await t.limit(t.people.bankA);
    await t.limit(t.people.bankB);
    ({ caseId, instrumentId } = await t.bidding());
    bidA = await t.bid(t.people.bankA, caseId, 2300);
    bidB = await t.bid(t.people.bankB, caseId, 2400);
  });
  afterAll(() => t?.app.close());
  const bids = (by: 'seller' | 'bankA' | 'bankB' | 'bankC' | 'supplier' | 'strangeFunder' | 'strangeProducer' | 'approver' | 'signatory' | 'strangeBuyer') => t.people[by].get(`/api/financing/cases/${caseId}/bids`);
  const place = (by: 'bankA' | 'bankC' | 'strangeFunder' | 'seller' | 'approver', more = {}) =>
    t.people[by].post(`/api/financing/cases/${caseId}/bids`, { rate: 2000, fee: '0', maxFace: '5000000000', validUntil: '2026-09-18T06:00:00Z', ...more });
  /** What row security leaves a party of a table, past every route. */
  const rows = async (party: string, table: string): Promise<number> =>
    transact(t.app.source, async (tx) => (await tx.sql(`select 1 from ${table}`)).length, { as: { role: 'http', parties: [party] }, readOnly: true });

  it('the one who bears the cost sees all of them, a funder its own without a rank', async () => {
    expect((await bids('seller')).body.items).toMatchObject([{ bidId: bidA, rank: 1 }, { bidId: bidB, rank: 2 }]);
    const own = await bids('bankB');
    expect(own.body.items).toMatchObject([{ bidId: bidB, funderId: t.ids.bankB }]);
    expect(own.body.items[0]).not.toHaveProperty('rank');
    expect(JSON.stringify(own.body)).not.toContain(bidA);
  });

  it.each(['bankC', 'strangeFunder', 'strangeProducer', 'supplier'] as const)('%s was not invited: there is no such case', async (by) => {
    expect((await bids(by)).status).toBe(404);
    expect((await t.people[by].get(`/api/financing/cases/${caseId}`)).status).toBe(404);
    expect((await t.people[by].get('/api/financing/cases')).body.items).toEqual([]);
  });

  it.each(['bankC', 'strangeFunder'] as const)('%s cannot bid', async (by) => expect(await place(by)).toMatchObject({ status: 404, body: { type: 'urn:peyvand:problem:case-not-found' } }));

  it('buyer and seller do not bid, and the buyer does not see who did', async () => {
    expect([(await place('seller')).status, (await place('approver')).status, (await bids('approver')).status, (await bids('signatory')).status]).toEqual([403, 403, 403, 403]);
    // Nor with every other role that it may hold: a network that also sells has the same row security.
    const allRoles = t.app.as({ party: t.ids.buyer, roles: ['buyer', 'approver', 'producer', 'funder'] });
    expect((await allRoles.get(`/api/financing/cases/${caseId}/bids`)).body.items).toEqual([]);
    expect((await allRoles.post(`/api/financing/cases/${caseId}/bids`, { rate: 1, fee: '0', maxFace: '5000000000', validUntil: '2026-09-18T06:00:00Z' })).body).toMatchObject({ type: 'urn:peyvand:problem:party-to-the-trade' });
    expect((await allRoles.post(`/api/financing/cases/${caseId}/choose`, { bidId: bidA })).status).toBeGreaterThanOrEqual(403);
    const view = await t.view(t.people.approver, caseId);
    expect(JSON.stringify(view)).not.toMatch(new RegExp([bidA, bidB, t.ids.bankA, t.ids.bankB, 'rate', 'net'].join('|')));
  });

  it('an invited funder sees what it bids on and nothing else of the case', async () => {
    expect(await t.view(t.people.bankA, caseId)).toEqual({
      orderId: expect.any(String), caseId, buyerId: t.ids.buyer, sellerId: t.ids.seller, stage: 'bidding', face: '4382400000', dueOn: '2026-12-12', bidUntil: '2026-09-18T06:00:00.000Z',
      instrumentId, instrument: { instrumentId, kind: 'barat', maturity: '2026-12-12' }, ownBid: bidA,
    });
    expect((await t.app.facts(InstrumentAccepted))[0]?.data.funderIds.sort()).toEqual([t.ids.bankA, t.ids.bankB].sort());
  });

  it.each(['bankA', 'bankB', 'strangeFunder'] as const)('%s cannot choose, endorse, accept or protest', async (by) => {
    const { people } = t;
    const answers = await Promise.all([
      people[by].post(`/api/financing/cases/${caseId}/choose`, { bidId: bidB }), people[by].post(`/api/financing/cases/${caseId}/endorse`, { toProducerId: newId() }),
      people[by].post(`/api/financing/instruments/${instrumentId}/accept`, {}), people[by].post(`/api/financing/instruments/${instrumentId}/protest`), people[by].post(`/api/financing/cases/${caseId}/write-off`),
    ]);
    expect(answers.every(({ status }) => status === 403 || status === 404 || status === 409)).toBe(true);
    expect((await people.strangeProducer.post(`/api/financing/cases/${caseId}/choose`, { bidId: bidA })).status).toBe(404);
    expect((await people.strangeBuyer.post(`/api/financing/instruments/${instrumentId}/accept`, {})).status).toBe(404);
    expect(await t.stage(caseId)).toBe('bidding');
  });

  it('row security leaves a party its own rows only', async () => {
    const { ids } = t;
    const tables = ['cases', 'bids', 'limits', 'accounts', 'mandates', 'payments', 'transfers', 'liens', 'matches', 'funders'];
    const seen = async (party: string) => Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await rows(party, table)] as const)));
    const none = Object.fromEntries(tables.map((table) => [table, 0]));
    expect(await seen(ids.stranger)).toEqual(none);
    expect(await seen(ids.bankC)).toEqual({ ...none, funders: 1 });
    expect(await seen(ids.bankB)).toEqual({ ...none, cases: 1, bids: 1, limits: 1, funders: 1 });
    expect(await seen(ids.buyer)).toEqual({ ...none, cases: 1, mandates: 1, matches: 1, transfers: 1 });
    expect(await seen(ids.seller)).toEqual({ ...none, cases: 1, bids: 2, accounts: 1, matches: 1, transfers: 1 });
  });

  it('each funder has one standing bid, within its limit’s days and the paper’s face', async () => {
    expect((await place('bankA')).body).toMatchObject({ type: 'urn:peyvand:problem:already-bid' });
    expect((await place('bankA', { validUntil: '2026-09-13T05:00:00Z' })).body).toMatchObject({ type: 'urn:peyvand:problem:bid-expired' });
    expect((await place('bankA', { rate: -1 })).status).toBe(400);
  });

  it('once chosen, the losers see nothing more and the buyer learns the holder but not the price', async () => {
    const { people, app, ok, ids } = t;
    await ok(people.seller.post(`/api/financing/cases/${caseId}/choose`, { bidId: bidA }));
    expect((await people.bankB.get(`/api/financing/cases/${caseId}`)).status).toBe(404);
    await app.settle();
    expect((await bids('bankB')).status).toBe(404);
    expect((await people.bankB.get('/api/financing/cases')).body.items).toEqual([]);
    expect(await t.view(people.bankA, caseId)).toMatchObject({ stage: 'bought', holderId: ids.bankA, bought: { net: '4147202489' } });
    expect(await t.view(people.seller, caseId)).toMatchObject({ bought: { net: '4147202489' } });
    const asBuyer = await t.view(people.approver, caseId);
    expect(asBuyer).toMatchObject({ holderId: ids.bankA });
    expect(asBuyer).not.toHaveProperty('bought');
    expect(await rows(ids.bankB, 'transfers')).toBe(0);
    expect(await rows(ids.buyer, 'payments')).toBe(0);
    expect(await app.parked()).toEqual([]);
  });
});
