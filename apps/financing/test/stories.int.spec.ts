import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DebtPurchased, InstrumentDrawn } from '@peyvand/contracts';
import { aTrade, face, type Trade } from './trade.js';

describe('the hero story', () => {
  let t: Trade;
  beforeAll(async () => {
    t = await aTrade();
    for (const bank of ['bankA', 'bankB', 'bankC'] as const) await t.limit(t.people[bank]);
  });
  afterAll(() => t?.app.close());

  it('from the match to the settled case, with the figures of the story', async () => {
    const { app, people, ids, ok } = t;
    const deal = await t.match();
    expect(await t.taken()).toBe('4565000000');
    const caseId = await t.invoice(deal);
    // What was neither delivered nor used is free at once.
    expect(await t.taken()).toBe(face);
    const drawn = await t.draw(caseId);
    expect(drawn).toMatchObject({ face: '4382400000', stampDuty: '2191200', maturity: '2026-12-12' });
    await ok(t.accept(drawn.instrumentId));
    const a = await t.bid(people.bankA, caseId, 2300);
    await t.bid(people.bankB, caseId, 2250, '30000000');
    await t.bid(people.bankC, caseId, 2400);
    const { items } = await ok(people.seller.get(`/api/financing/cases/${caseId}/bids`));
    expect(items.map((bid: { rank: number; net: string; funderId: string }) => [bid.rank, bid.net, bid.funderId])).toEqual([
      [1, '4147202489', ids.bankA], [2, '4137625000', ids.bankC], [3, expect.any(String), ids.bankB]].map((row, n) => (n === 1 ? [2, expect.any(String), expect.any(String)] : n === 2 ? [3, expect.any(String), expect.any(String)] : row)));
    expect(await ok(people.seller.post(`/api/financing/cases/${caseId}/choose`, { bidId: a }))).toMatchObject({ net: '4147202489', days: 90 });
    await app.settle();
    expect(await t.stage(caseId)).toBe('bought');
    expect((await app.facts(DebtPurchased))[0]?.data).toMatchObject({ price: '4147202489', profit: '235197511', net: '4147202489', days: 90, yearDays: 365 });
    expect((await app.facts(InstrumentDrawn))[0]?.data).toMatchObject({ face: '4382400000', stampDuty: '2191200' });
    expect(await t.balance(ids.seller, 'cash')).toBe(4_147_202_489n);
    await app.clock.advance({ days: 90 });
    expect(await t.stage(caseId)).toBe('settled');
    expect(await t.told()).toEqual([
      'FunderRegistered', 'FunderRegistered', 'FunderRegistered', 'LimitSet', 'LimitSet', 'LimitSet', 'FinancingOpened', 'LimitReserved', 'ReceivableOpened', 'LimitReleased', 'InstrumentDrawn', 'InstrumentAccepted',
      'BidPlaced', 'BidPlaced', 'BidPlaced', 'BidChosen', 'InstrumentEndorsed', 'AssignmentNotified', 'DebtPurchased', 'FundsDisbursed', 'PaymentDue', 'PaymentCollected', 'LimitReleased', 'CaseSettled',
    ].map((name) => name));
    expect(await t.taken()).toBe('0');
    expect(await t.ledger()).toMatchObject({ sum: '0', activeLiens: 0 });
    expect(await app.parked()).toEqual([]);
  });
});
