import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BidChosen, FinancingDeclined } from '@peyvand/contracts';
import { shebaOf } from '@peyvand/kernel';
import { aTrade, type Trade } from '../../test/trade.js';

describe('the seller chooses', () => {
  let t: Trade;
  beforeEach(async () => void (t = await aTrade()));
  afterEach(async () => {
    const parked = await t?.app.parked();
    await t?.app.close();
    expect(parked).toEqual([]);
  });
  const choose = (caseId: string, bidId: string, options = {}) => t.people.seller.post(`/api/financing/cases/${caseId}/choose`, { bidId }, options);

  it('once, whoever repeats it, and only while the bid is valid', async () => {
    await t.limit(t.people.bankA);
    await t.limit(t.people.bankB);
    const { caseId } = await t.bidding();
    const [a, b] = [await t.bid(t.people.bankA, caseId, 2300, '0', '2026-09-13T07:00:00Z'), await t.bid(t.people.bankB, caseId, 2400)];
    await t.app.clock.advance({ hours: 2 });
    expect((await choose(caseId, a)).body).toMatchObject({ type: 'urn:peyvand:problem:bid-expired' });
    const first = await choose(caseId, b, { idempotencyKey: 'mine' });
    expect(first).toMatchObject({ status: 200, body: { bidId: b, days: 90 } });
    expect(await choose(caseId, b, { idempotencyKey: 'mine' })).toMatchObject({ status: 200, body: first.body, headers: { 'idempotency-replayed': 'true' } });
    await t.app.settle();
    expect(await choose(caseId, b)).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:not-bidding' } });
    expect(await t.app.facts(BidChosen)).toHaveLength(1);
  });

  it('is paid only to an account that the bank vouches for', async () => {
    await t.limit(t.people.bankA);
    const { caseId } = await t.bidding();
    const bidId = await t.bid(t.people.bankA, caseId, 2300);
    await t.mood({ accounts: { [t.ids.seller]: 'refuse' } });
    await t.ok(t.people.seller.post('/api/financing/accounts', { sheba: shebaOf('012', '778') }));
    expect((await choose(caseId, bidId)).body).toMatchObject({ type: 'urn:peyvand:problem:account-not-verified' });
    await t.app.settle();
    expect(await t.ok(t.people.seller.get('/api/financing/accounts'))).toMatchObject({ state: 'refused', reason: 'name-differs' });
    expect((await choose(caseId, bidId)).status).toBe(409);
  });

  it('a funder whose limit was spent meanwhile is out, and the case is open again', async () => {
    await t.limit(t.people.bankA, '900000000000');
    await t.limit(t.people.bankB, '5000000000');
    const { caseId } = await t.bidding();
    const bidId = await t.bid(t.people.bankB, caseId, 2300);
    await t.limit(t.people.bankB, '4000000000');
    await t.ok(choose(caseId, bidId));
    await t.app.settle();
    expect(await t.stage(caseId)).toBe('bidding');
    expect((await t.app.facts(FinancingDeclined))[0]?.data).toMatchObject({ reason: 'limit-too-small' });
    expect((await choose(caseId, bidId)).status).toBe(404);
    expect(await t.app.sql('select grantor_id from limits where taken > 0')).toEqual([{ grantor_id: t.ids.bankA }]);
  });

  it('or keeps the paper: the bids are out', async () => {
    await t.limit(t.people.bankA);
    const { caseId } = await t.bidding();
    const bidId = await t.bid(t.people.bankA, caseId, 2300);
    expect((await t.people.strangeProducer.post(`/api/financing/cases/${caseId}/keep`)).status).toBe(404);
    await t.ok(t.people.seller.post(`/api/financing/cases/${caseId}/keep`));
    expect([await t.stage(caseId), (await choose(caseId, bidId)).status]).toEqual(['unfinanced', 409]);
  });
});
