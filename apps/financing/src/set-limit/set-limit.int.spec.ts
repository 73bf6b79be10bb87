import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LimitSet } from '@peyvand/contracts';
import { shebaOf } from '@peyvand/kernel';
import { aTrade, type Trade } from '../../test/trade.js';

describe('limits, funders and accounts', () => {
  let t: Trade;
  beforeAll(async () => void (t = await aTrade()));
  afterAll(() => t?.app.close());

  it('a limit is set anew and keeps its id and what is taken of it', async () => {
    const { limitId } = await t.limit(t.people.bankA, '5000000000');
    await t.match();
    expect(await t.limit(t.people.bankA, '6000000000')).toEqual({ limitId });
    expect((await t.ok(t.people.bankA.get('/api/financing/limits'))).items).toEqual([
      { limitId, debtorId: t.ids.buyer, kind: 'funder', amount: '6000000000', taken: '4565000000', free: '1435000000', validUntil: '2027-03-20' }]);
    expect((await t.app.facts(LimitSet)).map(({ data }) => data.amount)).toEqual(['5000000000', '6000000000']);
    expect((await t.ok(t.people.bankB.get('/api/financing/limits'))).items).toEqual([]);
  });

  it('repeats the first answer to a repeated key, and refuses a day in the past', async () => {
    const set = (validUntil: string) => t.people.bankB.post('/api/financing/limits', { debtorId: t.ids.buyer, amount: '1', validUntil }, { idempotencyKey: validUntil });
    expect((await set('2027-01-01')).body).toEqual((await set('2027-01-01')).body);
    expect((await set('2026-09-12')).body).toMatchObject({ type: 'urn:peyvand:problem:limit-already-expired' });
    expect((await t.people.approver.post('/api/financing/limits', { debtorId: t.ids.seller, amount: '1', validUntil: '2027-01-01' })).status).toBe(403);
  });

  it('a funder is registered once, by the operator, with a Sheba that can be', async () => {
    const register = (body: object, by = t.people.operator) => by.post('/api/financing/funders', { kind: 'factor', name: 'فاکتورینگ پژواک', sheba: shebaOf('056', '9'), ...body });
    expect((await register({ id: t.ids.bankA })).status).toBe(409);
    expect((await register({ sheba: 'IR000560000000000000000009' })).body).toMatchObject({ type: 'urn:peyvand:problem:account-not-valid' });
    expect((await register({}, t.people.bankA)).status).toBe(403);
    expect((await register({})).status).toBe(201);
  });

  it('an account is shown to its party only, and masked', async () => {
    expect(await t.ok(t.people.seller.get('/api/financing/accounts'))).toEqual({ sheba: expect.stringContaining('…'), state: 'verified' });
    expect((await t.people.strangeProducer.get('/api/financing/accounts')).status).toBe(404);
    expect(await t.app.parked()).toEqual([]);
  });
});
