import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DisputeRaised, StepOverdue } from '@peyvand/contracts';
import { approvedTrade, dispatchedTrade, heroCount, invoicedTrade, receivedTrade, startDelivery, type Given, type Trade } from '../../test/trade.js';

// Goods came on 13 September; ten days of patience.
describe('a step that does not follow', () => {
  let given: Given;
  beforeAll(async () => { given = await startDelivery(); });
  afterAll(() => given?.app.close());
  const told = async ({ match }: Trade) => (await given.app.facts(StepOverdue)).filter((fact) => fact.key === match.orderId).map(({ data: { step, awaited, since, invoiceId, disputeId }, time }) =>
    ({ step, awaited, since, time, ...(invoiceId === undefined ? {} : { invoiceId }), ...(disputeId === undefined ? {} : { disputeId }) }));

  it('is told to both sides with whose turn it is, every ten days until it is taken', async () => {
    const silent = await receivedTrade(given);
    const wrong = await receivedTrade(given);
    const { body: { invoiceId: discrepant } } = await wrong.seller.post(`/api/delivery/shipments/${wrong.shipmentId}/invoice`, { invoiceNumber: 'W-1', lines: [{ lineId: wrong.lineId, quantity: 1000 }] });
    const unseen = await invoicedTrade(given);
    const contested = await receivedTrade(given);
    const { body: { disputeId } } = await contested.seller.post(`/api/delivery/shipments/${contested.shipmentId}/disputes`, { reason: 'count' });
    const done = await approvedTrade(given);
    const nothing = await dispatchedTrade(given);
    await nothing.storekeeper.post(`/api/delivery/shipments/${nothing.shipmentId}/receipt`, { code: nothing.code, lines: [{ lineId: nothing.lineId, received: 10, rejected: 10, reason: 'wet' }] });
    const door = await dispatchedTrade(given);
    await door.carrier.post(`/api/delivery/shipments/${door.shipmentId}/arrive`);

    await given.app.clock.advanceTo('2026-09-23T20:00:00Z');
    expect(await given.app.facts(StepOverdue)).toEqual([]);
    await given.app.clock.advanceTo('2026-09-24T05:00:00Z');
    const first = { since: '2026-09-13', time: '2026-09-23T20:29:59.999Z' };
    expect(await told(silent)).toEqual([{ ...first, step: 'invoice', awaited: silent.match.sellerId }]);
    expect(await told(wrong)).toEqual([{ ...first, step: 'correct-invoice', awaited: wrong.match.sellerId, invoiceId: discrepant }]);
    expect(await told(unseen)).toEqual([{ ...first, step: 'approve-invoice', awaited: unseen.match.buyerId, invoiceId: unseen.invoiceId }]);
    expect(await told(contested)).toEqual([{ ...first, step: 'settle-dispute', awaited: contested.match.buyerId, disputeId }]);
    expect([await told(done), await told(nothing), await told(door)]).toEqual([[], [], []]);

    // The one step moves its own clock and nobody else's.
    await unseen.maker.post(`/api/delivery/invoices/${unseen.invoiceId}/approve`);
    expect(await silent.seller.post(`/api/delivery/shipments/${silent.shipmentId}/invoice`, { invoiceNumber: 'S-1' })).toMatchObject({ status: 201, body: { status: 'matched' } });
    await given.app.clock.advanceTo('2026-10-04T05:00:00Z');
    const second = { time: '2026-10-03T20:29:59.999Z' };
    expect((await told(wrong))[1]).toEqual({ ...second, since: '2026-09-13', step: 'correct-invoice', awaited: wrong.match.sellerId, invoiceId: discrepant });
    expect((await told(contested))[1]).toEqual({ ...second, since: '2026-09-13', step: 'settle-dispute', awaited: contested.match.buyerId, disputeId });
    expect(await told(unseen)).toHaveLength(1);
    expect(await told(silent)).toHaveLength(1);
    // Goods that nobody counts: first the dispute the clock raises, and then the word that the count is still missing.
    const [raised] = (await given.app.facts(DisputeRaised)).filter((fact) => fact.key === door.match.orderId);
    expect(await told(door)).toEqual([{ since: '2026-09-23', ...second, step: 'count', awaited: door.match.buyerId, disputeId: raised?.data.disputeId }]);

    await given.app.clock.advanceTo('2026-10-05T05:00:00Z');
    expect((await told(unseen))[1]).toMatchObject({ since: '2026-09-24', step: 'approve-invoice' });
    expect((await told(silent))[1]).toMatchObject({ since: '2026-09-24', step: 'approve-invoice', awaited: silent.match.buyerId });
    expect(await given.app.parked()).toEqual([]);
  });

  it('a dispute that ends leaves the step it held back with a clock of its own', async () => {
    const trade = await receivedTrade(given);
    const { body: { disputeId } } = await trade.seller.post(`/api/delivery/shipments/${trade.shipmentId}/disputes`, { reason: 'count' });
    await given.app.clock.advance({ days: 5 });
    await trade.seller.post(`/api/delivery/disputes/${disputeId}/settle`, { outcome: 'withdrawn' });
    await given.app.clock.advance({ days: 7 });
    expect(await told(trade)).toEqual([]);
    await given.app.clock.advance({ days: 4 });
    expect(await told(trade)).toMatchObject([{ step: 'invoice', awaited: trade.match.sellerId }]);
  });

  it('counting what was contested for not being counted goes on to the invoice', async () => {
    const trade = await dispatchedTrade(given);
    await trade.carrier.post(`/api/delivery/shipments/${trade.shipmentId}/arrive`);
    await given.app.clock.advance({ days: 12 });
    await trade.storekeeper.post(`/api/delivery/shipments/${trade.shipmentId}/receipt-code`);
    const { codeOf } = await import('../../test/trade.js');
    expect(await trade.storekeeper.post(`/api/delivery/shipments/${trade.shipmentId}/receipt`, { code: await codeOf(given.app, trade), lines: heroCount(trade.lineId) })).toMatchObject({ status: 201 });
    await given.app.clock.advance({ days: 12 });
    expect((await told(trade)).map(({ step }) => step)).toEqual(['invoice']);
  });
});
