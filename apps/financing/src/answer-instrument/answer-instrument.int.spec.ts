import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InstrumentAccepted, InstrumentRefused } from '@peyvand/contracts';
import { aTrade, type Trade } from '../../test/trade.js';

describe('the drawee answers', () => {
  let t: Trade;
  beforeAll(async () => {
    t = await aTrade();
    await t.limit(t.people.bankA, '9000000000000');
  });
  afterAll(() => t?.app.close());
  const drawn = async (): Promise<{ instrumentId: string; caseId: string }> => t.draw(await t.invoice(await t.match()));
  const code = (reply: { body: { type?: string } }) => reply.body.type?.split(':').at(-1);

  it('accepts once, whoever repeats it, and cannot take it back', async () => {
    const { instrumentId, caseId } = await drawn();
    const path = `/api/financing/instruments/${instrumentId}/accept`;
    const first = await t.people.signatory.post(path, {}, { idempotencyKey: 'once' });
    expect(first).toMatchObject({ status: 200, body: { instrumentId, status: 'accepted', on: '2026-09-13' } });
    expect(await t.people.signatory.post(path, {}, { idempotencyKey: 'once' })).toMatchObject({ status: 200, body: first.body, headers: { 'idempotency-replayed': 'true' } });
    expect(code(await t.people.signatory.post(path, {}))).toBe('not-presented');
    expect(code(await t.people.signatory.post(`/api/financing/instruments/${instrumentId}/refuse`, { reason: 'regret' }))).toBe('not-presented');
    expect((await t.app.facts(InstrumentAccepted)).filter(({ data }) => data.caseId === caseId)).toHaveLength(1);
    expect(await t.stage(caseId)).toBe('bidding');
  });

  it('only with a mandate that covers the person, the amount and the day', async () => {
    const { instrumentId, caseId } = await drawn();
    const accept = (subject: string) => t.app.as({ party: t.ids.buyer, roles: ['signatory'], subject }).post(`/api/financing/instruments/${instrumentId}/accept`, {});
    const mandate = (body: object) => t.people.approver.post('/api/financing/mandates', { ceiling: '5000000000', validUntil: '2030-01-01', ...body });
    expect(code(await accept('nobody'))).toBe('no-mandate');
    await t.ok(mandate({ subject: 'late', validUntil: '2026-09-12' }));
    expect(code(await accept('late'))).toBe('mandate-expired');
    await t.ok(mandate({ subject: 'small', ceiling: '4382399999' }));
    expect(await accept('small')).toMatchObject({ status: 403, body: { ceiling: '4382399999' } });
    expect(code(await mandate({ persons: ['one'], together: 2 }))).toBe('mandate-not-possible');
    expect(code(await mandate({}))).toBe('mandate-not-possible');
    await t.ok(mandate({ persons: ['joint-1', 'joint-2'], together: 2 }));
    expect(await accept('joint-1')).toMatchObject({ status: 202, body: { status: 'presented', signaturesNeeded: 1 } });
    expect((await accept('joint-1')).status).toBe(202);
    expect(await t.stage(caseId)).toBe('opened');
    expect(await accept('joint-2')).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(await t.stage(caseId)).toBe('bidding');
  });

  it('a condition is a refusal, a part would leave a rest without paper, and refusal leaves the open debt', async () => {
    const conditional = await drawn();
    await t.ok(t.accept(conditional.instrumentId, { condition: 'when sold' }));
    expect(await t.stage(conditional.caseId)).toBe('unfinanced');
    expect((await t.app.facts(InstrumentRefused)).at(-1)?.data).toMatchObject({ reason: 'conditional-acceptance' });
    const part = await drawn();
    expect(code(await t.accept(part.instrumentId, { amount: '4382400001' }))).toBe('amount-out-of-range');
    expect(await t.accept(part.instrumentId, { amount: '4000000000' })).toMatchObject({ status: 409, body: { owed: '4382400000' } });
    await t.ok(t.accept(part.instrumentId, { amount: '4382400000' }));
    expect(await t.view(t.people.seller, part.caseId)).toMatchObject({ stage: 'bidding', face: '4382400000' });
    const refused = await drawn();
    await t.ok(t.people.signatory.post(`/api/financing/instruments/${refused.instrumentId}/refuse`, { reason: 'goods-not-as-ordered' }));
    expect(await t.stage(refused.caseId)).toBe('unfinanced');
    expect(await t.app.parked()).toEqual([]);
  });

  it('for anybody else there is no such paper', async () => {
    const { instrumentId } = await drawn();
    for (const path of ['accept', 'refuse']) {
      expect((await t.people.strangeBuyer.post(`/api/financing/instruments/${instrumentId}/${path}`, path === 'refuse' ? { reason: 'x' } : {})).status).toBe(404);
      expect((await t.people.seller.post(`/api/financing/instruments/${instrumentId}/${path}`, path === 'refuse' ? { reason: 'x' } : {})).status).toBe(403);
    }
    // The seller's own signatory sees the paper and is not its drawee.
    const sellers = t.app.as({ party: t.ids.seller, roles: ['signatory'] });
    expect(code(await sellers.post(`/api/financing/instruments/${instrumentId}/accept`, {}))).toBe('not-the-drawee');
  });
});
