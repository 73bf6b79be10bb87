import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CaseSettled, GoodsReceived, LimitReserved, ShipmentDispatched } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aWorld, warehouse, type World } from '../test/world.js';

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.close());

describe('an order’s path', () => {
  it('goes from submission to its close', async () => {
    const offer = await world.offer();
    const seller = world.producer(offer.producerId);
    const orderId = await world.submit([{ quantity: 1_000 }]);

    const issued = (await world.buyer.get(`/api/orders/${orderId}`)).body;
    expect(issued).toMatchObject({ status: 'open', stage: 'answer', lines: [{ quantity: 1_000, matched: 1_000, waiting: 0 }], matches: [{ state: 'issued', sellerId: offer.producerId, amount: '4150000000' }] });
    const { matchId } = issued.matches[0];

    expect((await seller.get('/api/orders/matches?status=issued')).body.items).toMatchObject([{ matchId }]);
    expect((await seller.post(`/api/orders/matches/${matchId}/answer`, { answer: 'accept' })).body).toEqual({ matchId, state: 'accepted' });
    await world.app.settle();

    const names = { orderId, matchId, buyerId: world.networkId, sellerId: offer.producerId };
    await world.deliver(LimitReserved.of({ ...names, limitId: newId(), grantorId: newId(), amount: '4565000000', kind: 'funder' }));
    expect((await world.buyer.get(`/api/orders/${orderId}`)).body).toMatchObject({ stage: 'delivery', matches: [{ state: 'secured', securedBy: 'funder-limit' }] });

    const lineId = issued.lines[0].lineId as string;
    const shipment = { ...names, shipmentId: newId(), carrierId: newId() };
    const { variantId } = world;
    await world.deliver(ShipmentDispatched.of({ ...shipment, lines: [{ lineId, variantId, quantity: 1_000, unit: 'PR' }], waybill: '1', dispatchedAt: '2026-03-25T06:00:00.000Z' }));
    await world.deliver(GoodsReceived.of({
      ...shipment, receiptId: newId(), receivedAt: '2026-03-26T06:00:00.000Z', remaining: 0, lines: [{ lineId, variantId, sent: 1_000, received: 976, short: 24, rejected: 16, accepted: 960 }],
    }));
    expect((await world.buyer.get(`/api/orders/${orderId}`)).body).toMatchObject({ stage: 'settlement', lines: [{ received: 976, short: 24, rejected: 16, accepted: 960 }] });
    await world.deliver(CaseSettled.of({ ...names, caseId: newId(), invoiceId: newId(), shipmentId: shipment.shipmentId, outcome: 'paid' }));

    expect((await world.buyer.get(`/api/orders/${orderId}`)).body).toMatchObject({ status: 'part-closed', stage: 'ended', reasons: ['short', 'rejected'], matches: [{ state: 'done' }] });
    const names_ = (await world.app.facts()).filter((fact) => fact.key === orderId).map((fact) => fact.type.split('.')[3]);
    expect(names_).toEqual(['OrderSubmitted', 'MatchMade', 'AwardApproved', 'PurchaseOrderIssued', 'PurchaseOrderAccepted', 'MatchSecured', 'OrderClosed']);
    expect(await world.app.sql('select * from queue')).toEqual([]);
    expect(warehouse.placeId).toBe(issued.matches[0].shipTo.placeId);
  });
});
