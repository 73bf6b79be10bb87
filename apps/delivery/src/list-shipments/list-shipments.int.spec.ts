import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aParty } from '@peyvand/testing';
import { dispatchedTrade, receivedTrade, securedTrade, startDelivery, type Given, type Trade } from '../../test/trade.js';

describe('reading shipments', () => {
  let given: Given;
  const buyerId = aParty();
  const trades: Trade[] = [];
  beforeAll(async () => {
    given = await startDelivery();
    for (const make of [securedTrade, securedTrade, dispatchedTrade, receivedTrade]) trades.push(await make(given, { buyerId }));
    await securedTrade(given);
  });
  afterAll(() => given?.app.close());
  const idsOf = (reply: { body: { items: { shipmentId: string }[] } }) => reply.body.items.map((item) => item.shipmentId);
  const buyer = () => given.app.as({ party: buyerId, roles: ['buyer'] });

  it('shows each party its own, newest first, and the operator all', async () => {
    expect(idsOf(await buyer().get('/api/delivery/shipments'))).toEqual(trades.map((trade) => trade.shipmentId).reverse());
    for (const { seller, shipmentId } of trades) expect(idsOf(await seller.get('/api/delivery/shipments'))).toEqual([shipmentId]);
    for (const person of [given.operator, given.app.as({ party: given.carrierId, roles: ['carrier'] })]) expect(idsOf(await person.get('/api/delivery/shipments'))).toHaveLength(5);
    expect(idsOf(await given.app.as({ party: aParty(), roles: ['buyer'] }).get('/api/delivery/shipments'))).toEqual([]);
  });

  it('filters and pages', async () => {
    expect(idsOf(await buyer().get('/api/delivery/shipments?status=planned'))).toHaveLength(2);
    expect(idsOf(await buyer().get(`/api/delivery/shipments?orderId=${trades[2]?.match.orderId}`))).toEqual([trades[2]?.shipmentId]);
    const first = await buyer().get('/api/delivery/shipments?limit=3');
    const second = await buyer().get(`/api/delivery/shipments?limit=3&cursor=${first.body.next}`);
    expect([...idsOf(first), ...idsOf(second)]).toEqual(trades.map((trade) => trade.shipmentId).reverse());
    expect(second.body).not.toHaveProperty('next');
    expect(await buyer().get('/api/delivery/shipments?status=lost')).toMatchObject({ status: 400 });
  });

  it('shows the receipt, to whom it concerns', async () => {
    const [, , , received] = trades;
    const path = `/api/delivery/shipments/${received?.shipmentId}`;
    expect(await buyer().get(path)).toMatchObject({ status: 200, body: { status: 'received', receipt: { lines: [{ accepted: 960 }] } } });
    expect(await given.app.as({ party: aParty(), roles: ['buyer'] }).get(path)).toMatchObject({ status: 404 });
    expect(await given.app.as({ party: aParty(), roles: ['buyer'] }).get(`${path}/epcis`)).toMatchObject({ status: 404 });
  });

  it('gives the carrier no price and no invoice', async () => {
    const [, , , received] = trades;
    const { body } = await given.app.as({ party: given.carrierId, roles: ['carrier'] }).get(`/api/delivery/shipments/${received?.shipmentId}`);
    expect(JSON.stringify(body)).not.toMatch(/price|amount|4150000/);
  });

  it('tells a shipment as EPCIS events', async () => {
    const { body } = await buyer().get(`/api/delivery/shipments/${trades[3]?.shipmentId}/epcis`);
    expect(body).toMatchObject({ type: 'EPCISDocument', schemaVersion: '2.0' });
    expect(body.epcisBody.eventList.map((event: { bizStep: string }) => event.bizStep)).toEqual(['shipping', 'receiving', 'inspecting', 'inspecting', 'inspecting']);
  });
});
