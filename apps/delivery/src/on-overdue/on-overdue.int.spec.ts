import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeliveryFailed, DisputeRaised, DisputeSettled } from '@peyvand/contracts';
import { aParty } from '@peyvand/testing';
import { dispatchedTrade, heroCount, receivedTrade, securedTrade, startDelivery, type Given, type Trade } from '../../test/trade.js';

describe('what is waited for and does not come', () => {
  let given: Given;
  beforeAll(async () => { given = await startDelivery(); });
  afterAll(() => given?.app.close());
  const failed = async ({ match }: Trade) => (await given.app.facts(DeliveryFailed)).filter((fact) => fact.key === match.orderId);

  it('ends every kind of wait in due order', async () => {
    const lost = await dispatchedTrade(given);
    const neverSent = await securedTrade(given);
    const uncounted = await dispatchedTrade(given);
    await uncounted.carrier.post(`/api/delivery/shipments/${uncounted.shipmentId}/arrive`);
    const counted = await receivedTrade(given);
    const half = await securedTrade(given);
    await half.seller.post(`/api/delivery/shipments/${half.shipmentId}/dispatch`, { waybill: 'W-1', lines: [{ lineId: half.lineId, quantity: 600 }] });

    // Promised for 15 September, ten days of patience.
    await given.app.clock.advanceTo('2026-09-25T20:00:00Z');
    expect([await failed(lost), await failed(neverSent)]).toEqual([[], []]);
    await given.app.clock.advanceTo('2026-09-26T00:00:00Z');
    expect(await failed(lost)).toMatchObject([{ data: { reason: 'not-arrived', remaining: 0 }, time: '2026-09-25T20:29:59.999Z' }]);
    expect(await failed(neverSent)).toMatchObject([{ data: { reason: 'not-dispatched', remaining: 0 } }]);
    expect((await failed(half)).map((fact) => fact.data.remaining).sort()).toEqual([0, expect.any(Number)].sort());
    expect(await failed(half)).toHaveLength(2);
    expect([await failed(uncounted), await failed(counted)]).toEqual([[], []]);
    expect((await given.app.facts(DisputeRaised)).map((fact) => [fact.key, fact.data.raisedBy, fact.data.reason])).toEqual([[uncounted.match.orderId, uncounted.match.sellerId, 'not-counted']]);
    const count = await uncounted.storekeeper.post(`/api/delivery/shipments/${uncounted.shipmentId}/receipt`, { code: uncounted.code, lines: heroCount(uncounted.lineId) });
    expect(count).toMatchObject({ status: 201 });
    expect((await given.app.facts(DisputeSettled)).filter((fact) => fact.key === uncounted.match.orderId)).toMatchObject([{ data: { outcome: 'upheld' } }]);
    expect(await given.app.parked()).toEqual([]);
  });

  it('a step taken in time makes the deadline void, and a failed shipment is not counted any more', async () => {
    const trade = await dispatchedTrade(given);
    await given.app.clock.advance({ days: 40 });
    expect(await trade.storekeeper.post(`/api/delivery/shipments/${trade.shipmentId}/receipt`, { code: trade.code, lines: heroCount(trade.lineId) })).toMatchObject({ status: 409, body: { state: 'failed' } });
    expect(await failed(trade)).toHaveLength(1);
  });

  it('the seller may say at once that the rest will not come', async () => {
    const trade = await securedTrade(given);
    const { body } = await trade.seller.post(`/api/delivery/shipments/${trade.shipmentId}/dispatch`, { waybill: 'W-1', lines: [{ lineId: trade.lineId, quantity: 600 }] });
    const path = `/api/delivery/shipments/${body.further.shipmentId}/withdraw`;
    expect(await given.app.as({ party: aParty(), roles: ['producer'] }).post(path)).toMatchObject({ status: 404 });
    expect(await trade.seller.post(path, undefined, { idempotencyKey: 'rest' })).toMatchObject({ status: 200, body: { status: 'failed', reason: 'withdrawn-by-seller' } });
    expect(await trade.seller.post(path, undefined, { idempotencyKey: 'rest' })).toMatchObject({ status: 200 });
    expect(await failed(trade)).toMatchObject([{ data: { reason: 'withdrawn-by-seller', remaining: 600 } }]);
    expect(await trade.seller.post(`/api/delivery/shipments/${trade.shipmentId}/withdraw`)).toMatchObject({ status: 409 });
  });
});
