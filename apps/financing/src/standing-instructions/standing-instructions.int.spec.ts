import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aTrade, type Trade } from '../../test/trade.js';

describe('standing instructions of financing', () => {
  let t: Trade;
  beforeEach(async () => void (t = await aTrade({ broker: 'embedded' })));
  afterEach(async () => {
    const parked = await t?.app.parked();
    await t?.app.close();
    expect(parked).toEqual([]);
  });
  const sale = (body: object, options = {}) => t.people.seller.put('/api/financing/standing-sale', body, options);
  const bids = (by: Trade['people']['bankA'], rate: number, over = {}) => by.put('/api/financing/standing-bids', { debtorId: t.ids.buyer, rate, fee: '0', maxFace: '900000000000', validHours: 240, ...over });
  const told = async () => (await t.app.facts()).map((fact) => fact.type.split('.')[3]);
  const instruments = async () => (await t.app.sql('select instrument_id::text as id from cases where instrument_id is not null order by case_id')).map((row) => row['id'] as string);
  const acceptAll = async () => t.people.signatory.post('/api/financing/instruments/acceptances', { instrumentIds: await instruments() });
  const stages = async () => (await t.app.sql('select status from cases order by case_id')).map((row) => row['status']);

  it('draw on approval, bid on acceptance, sell to the best at once and collect, with nobody at a desk but the signatory', async () => {
    await t.limit(t.people.bankA);
    await t.limit(t.people.bankB);
    expect(await sale({ draw: 'on-approval', choose: 'best-at-once' })).toMatchObject({ status: 200, body: { draw: 'on-approval', choose: 'best-at-once' } });
    expect(await bids(t.people.bankA, 2300)).toMatchObject({ status: 200, body: { rate: 2300 } });
    await t.ok(bids(t.people.bankB, 2200));
    const deals = [await t.match(), await t.match()];
    for (const deal of deals) await t.invoice(deal);
    expect(await acceptAll()).toMatchObject({ status: 200, body: { accepted: 2, others: 0 } });
    await t.app.settle();
    expect(await stages()).toEqual(['bought', 'bought']);
    expect(await t.app.sql(`select holder_id from cases`)).toEqual([{ holder_id: t.ids.bankB }, { holder_id: t.ids.bankB }]);
    expect((await told()).filter((name) => ['InstrumentDrawn', 'InstrumentAccepted', 'BidPlaced', 'BidChosen', 'InstrumentEndorsed', 'AssignmentNotified', 'FundsDisbursed'].includes(name ?? '')).length).toBe(16);
    const [of] = deals;
    const story = (await t.app.facts()).filter((fact) => fact.key === of?.orderId);
    // What follows from a fact of a batch tells of its own order and goes on with its own story.
    const causes = new Map(story.map((fact) => [fact.id, fact]));
    for (const name of ['BidChosen', 'DebtPurchased']) expect(story.find((fact) => fact.type.includes(`.${name}.`))?.correlationid).toBe(story.find((fact) => fact.type.includes('.InstrumentAccepted.'))?.correlationid);
    expect(causes.size).toBe(story.length);
    await t.app.clock.advance({ days: 100 });
    expect(await stages()).toEqual(['settled', 'settled']);
    expect(await t.taken()).toBe('0');
    expect(await t.ok(t.people.operator.get('/api/financing/ledger/totals'))).toMatchObject({ sum: '0' });
  });

  it('take the best when the window closes', async () => {
    await t.limit(t.people.bankA);
    await sale({ draw: 'on-approval', choose: 'best-at-close' });
    await t.ok(bids(t.people.bankA, 2300));
    await t.invoice(await t.match());
    await acceptAll();
    await t.app.settle();
    expect(await stages()).toEqual(['bidding']);
    await t.app.clock.advance({ days: 6 });
    expect(await stages()).toEqual(['bought']);
  });

  it('sell nothing where the seller chooses by hand, and a funder that ended its word no longer bids', async () => {
    await t.limit(t.people.bankA);
    await sale({ draw: 'on-approval', choose: 'by-hand' });
    await t.ok(bids(t.people.bankA, 2300));
    await t.invoice(await t.match());
    await acceptAll();
    await t.app.settle();
    expect(await t.app.sql('select count(*)::int as n from bids')).toEqual([{ n: 1 }]);
    expect(await stages()).toEqual(['bidding']);
    expect(await t.people.bankA.delete(`/api/financing/standing-bids/${t.ids.buyer}`)).toMatchObject({ status: 204 });
    expect(await t.people.bankA.delete(`/api/financing/standing-bids/${t.ids.buyer}`)).toMatchObject({ status: 404 });
    await t.invoice(await t.match());
    await acceptAll();
    await t.app.settle();
    expect(await t.app.sql('select count(*)::int as n from bids')).toEqual([{ n: 1 }]);
  });

  it('a funder whose limit cannot carry it all buys what it can; the rest stays open', async () => {
    await t.limit(t.people.bankA, '900000000000');
    await t.limit(t.people.bankB, '5000000000');
    await sale({ draw: 'on-approval', choose: 'best-at-once' });
    await t.ok(bids(t.people.bankB, 2200));
    for (const deal of [await t.match(), await t.match()]) await t.invoice(deal);
    await acceptAll();
    await t.app.settle();
    expect([...(await stages())].sort()).toEqual(['bidding', 'bought']);
  });

  it('bulk acceptance checks each paper against the mandate and leaves the others alone', async () => {
    await t.limit(t.people.bankA);
    await sale({ draw: 'on-approval', choose: 'by-hand' });
    await t.invoice(await t.match());
    await t.invoice(await t.match({ amount: '480000000000' }), { gross: '510000000000' });
    const ids = await instruments();
    const reply = await t.people.signatory.post('/api/financing/instruments/acceptances', { instrumentIds: [...ids, t.ids.stranger, ids[0]] });
    expect(reply.body).toMatchObject({ accepted: 1, others: 3, items: [{ ok: true, status: 'accepted' }, { ok: false, type: 'urn:peyvand:problem:above-mandate' }, { ok: false, status: 404 }, { ok: false, type: 'urn:peyvand:problem:not-presented' }] });
    expect(await t.people.strangeBuyer.post('/api/financing/instruments/acceptances', { instrumentIds: ids })).toMatchObject({ body: { accepted: 0, items: [{ status: 404 }, { status: 404 }] } });
    expect(await t.people.seller.post('/api/financing/instruments/acceptances', { instrumentIds: ids })).toMatchObject({ status: 403 });
  });

  it('need a limit to bid under; a repeated key is one word', async () => {
    expect(await bids(t.people.bankA, 2300)).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:no-limit-on-debtor' } });
    const [first, again] = [await sale({ draw: 'by-hand', choose: 'by-hand' }, { idempotencyKey: 'k' }), await sale({ draw: 'by-hand', choose: 'by-hand' }, { idempotencyKey: 'k' })];
    expect(again.body).toEqual(first.body);
    expect(await t.people.bankA.put('/api/financing/standing-sale', { draw: 'by-hand', choose: 'by-hand' })).toMatchObject({ status: 403 });
  });
});
