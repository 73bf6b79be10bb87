import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aTrade, type Trade } from '../../test/trade.js';

describe('cases as their parties see them', () => {
  let t: Trade;
  const made: string[] = [];
  beforeAll(async () => {
    t = await aTrade();
    await t.limit(t.people.bankA, '9000000000000');
    for (let n = 0; n < 3; n++) made.push(await t.invoice(await t.match()));
  });
  afterAll(() => t?.app.close());

  it('come in pages, by stage and by the state of the paper', async () => {
    const first = await t.ok(t.people.seller.get('/api/financing/cases?limit=2'));
    expect(first.items.map((row: { caseId: string }) => row.caseId)).toEqual(made.slice(0, 2));
    const rest = await t.ok(t.people.seller.get(`/api/financing/cases?limit=2&cursor=${first.next}`));
    expect(rest).toMatchObject({ items: [{ caseId: made[2] }] });
    expect(rest).not.toHaveProperty('next');
    const { instrumentId } = await t.draw(made[1] ?? '');
    expect((await t.ok(t.people.signatory.get('/api/financing/cases?paper=presented'))).items).toMatchObject([{ caseId: made[1], instrumentId, stage: 'opened', instrument: { status: 'presented', clocks: [{ clock: 'answer', article: 235 }] } }]);
    await t.ok(t.accept(instrumentId));
    expect((await t.ok(t.people.seller.get('/api/financing/cases?stage=bidding'))).items).toHaveLength(1);
    expect((await t.people.seller.get('/api/financing/cases?stage=nowhere')).status).toBe(400);
  });

  it('the operator sees all, a stranger nothing', async () => {
    expect((await t.ok(t.people.operator.get('/api/financing/cases'))).items).toHaveLength(3);
    for (const by of [t.people.strangeBuyer, t.people.strangeFunder, t.people.strangeProducer]) {
      expect((await t.ok(by.get('/api/financing/cases'))).items).toEqual([]);
      expect((await by.get(`/api/financing/cases/${made[0]}`)).status).toBe(404);
      expect((await t.app.as().get(`/api/financing/cases/${made[0]}`)).status).toBe(401);
    }
  });

  it('paper is drawn once, by the seller, for the approved amount', async () => {
    const draw = (by: Trade['people']['seller'], body: object, options = {}) => by.post('/api/financing/instruments', body, options);
    expect((await draw(t.people.strangeProducer, { caseId: made[0] })).status).toBe(404);
    const first = await draw(t.people.seller, { caseId: made[0] }, { idempotencyKey: 'drawn' });
    expect(first.status).toBe(201);
    expect((await draw(t.people.seller, { caseId: made[0] }, { idempotencyKey: 'drawn' })).body).toEqual(first.body);
    expect((await draw(t.people.seller, { caseId: made[0] })).body).toMatchObject({ type: 'urn:peyvand:problem:already-drawn' });
    expect((await t.app.sql('select paper_status, version from cases where case_id = $1', [made[0]]))[0]).toEqual({ paper_status: 'presented', version: 2 });
  });

  it('a party reads its own balances, the operator the sum of all', async () => {
    expect((await t.ok(t.people.seller.get('/api/financing/ledger'))).items).toEqual([{ account: 'claim', balance: String(3n * 4_382_400_000n) }]);
    expect((await t.ok(t.people.approver.get('/api/financing/ledger'))).items).toEqual([{ account: 'debt', balance: String(-3n * 4_382_400_000n) }]);
    expect((await t.ok(t.people.strangeFunder.get('/api/financing/ledger'))).items).toEqual([]);
    expect((await t.people.seller.get('/api/financing/ledger/totals')).status).toBe(403);
    expect(await t.ledger()).toMatchObject({ sum: '0', transfers: 3 });
    expect(await t.app.parked()).toEqual([]);
  });
});
