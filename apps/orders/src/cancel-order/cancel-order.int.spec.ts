import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CaseSettled, DeliveryFailed, GoodsReceived, LimitReserved, MatchReleased, OrderCancelled, OrderClosed, OrderSubmitted, ShipmentDispatched, type FactContract } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aParty } from '@peyvand/testing';
import { aWorld, type World } from '../../test/world.js';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.close());

const cancel = async (orderId: string) => {
  const reply = await world.buyer.post(`/api/orders/${orderId}/cancel`, { reason: 'season-over' });
  await world.app.settle();
  return reply;
};

describe('cancelling an order', () => {
  it('that waits for a producer ends it at once', async () => {
    const orderId = await world.submit([{ fillPolicy: 'back-order' }]);
    expect((await cancel(orderId)).body).toEqual({ orderId, releasedMatches: [], standingMatches: [] });
    expect(await world.read(orderId)).toMatchObject({ status: 'cancelled', lines: [{ cancelled: 100, waiting: 0 }] });
    expect((await world.told(orderId)).slice(-2)).toEqual(['OrderCancelled', 'OrderClosed']);
    await world.offer();
    expect((await world.read(orderId)).matches).toEqual([]);
    expect(await world.app.sql('select * from queue')).toEqual([]);
    expect((await cancel(orderId)).body).toMatchObject({ type: 'urn:peyvand:problem:order-already-ended', detail: expect.stringContaining('cancelled') });
  });

  it('that is matched releases the matches and their capacity', async () => {
    await world.offer();
    const orderId = await world.submit([{}]);
    const matchId = await world.answer(orderId);
    expect((await cancel(orderId)).body.releasedMatches).toEqual([matchId]);
    expect(await world.read(orderId)).toMatchObject({ status: 'cancelled', lines: [{ cancelled: 100, matched: 0 }], matches: [{ state: 'released', reason: 'order-cancelled' }] });
    expect(await world.app.sql('select committed from offers')).toEqual([{ committed: 0 }]);
    // Its limit was reserved while it was being cancelled: nothing of that secures it.
    await world.deliver(LimitReserved.of({ ...(await world.names(orderId, matchId)), limitId: newId(), grantorId: newId(), amount: '1', kind: 'seller' }));
    expect((await world.read(orderId)).matches).toMatchObject([{ state: 'released' }]);
  });

  it('leaves what was dispatched to be received and paid', async () => {
    await world.offer();
    const orderId = await world.submit([{}]);
    const matchId = await world.answer(orderId);
    const names = await world.names(orderId, matchId);
    await world.deliver(LimitReserved.of({ ...names, limitId: newId(), grantorId: newId(), amount: '1', kind: 'seller' }));
    const shipment = { ...names, shipmentId: newId(), carrierId: newId() };
    const [{ lineId }] = (await world.read(orderId)).lines;
    const goods = { lineId, variantId: world.variantId };
    await world.deliver(ShipmentDispatched.of({ ...shipment, lines: [{ ...goods, quantity: 100, unit: 'PR' }], waybill: '1', dispatchedAt: '2026-03-25T06:00:00.000Z' }));
    expect((await cancel(orderId)).body).toMatchObject({ releasedMatches: [], standingMatches: [matchId] });
    expect(await world.read(orderId)).toMatchObject({ status: 'open' });

    // The settlement is heard before the receipt: they travel on different topics.
    await world.deliver(CaseSettled.of({ ...names, caseId: newId(), invoiceId: newId(), shipmentId: shipment.shipmentId, outcome: 'paid' }));
    expect(await world.read(orderId)).toMatchObject({ status: 'open' });
    await world.deliver(GoodsReceived.of({
      ...shipment, receiptId: newId(), receivedAt: '2026-03-26T06:00:00.000Z', remaining: 0, lines: [{ ...goods, sent: 100, received: 100, short: 0, rejected: 0, accepted: 100 }],
    }));
    expect(await world.read(orderId)).toMatchObject({ status: 'closed' });
  });

  it('may cross with a decline: the units that come back are not matched again', async () => {
    const quiet = await aWorld({}, {});
    const hear = async (contract: FactContract<any>) => quiet.deliver(...(await quiet.app.facts(contract)) as never[]); // eslint-disable-line @typescript-eslint/no-explicit-any -- contracts of different data
    await quiet.offer();
    await quiet.offer();
    const orderId = await quiet.submit([{}]);
    await hear(OrderSubmitted);
    await quiet.answer(orderId, { answer: 'decline' });
    await quiet.buyer.post(`/api/orders/${orderId}/cancel`, { reason: 'season-over' });
    expect((await quiet.buyer.post(`/api/orders/${orderId}/cancel`, { reason: 'again' })).status).toBe(409);
    await hear(OrderCancelled);
    expect((await quiet.read(orderId)).status).toBe('open');
    await hear(MatchReleased);
    expect(await quiet.read(orderId)).toMatchObject({ status: 'cancelled', lines: [{ cancelled: 100, waiting: 0 }], matches: [{ state: 'released', reason: 'declined' }] });
    await quiet.close();
  });

  it('may cross with goods that are leaving: the order waits for them after all', async () => {
    // No broker: the service hears its own facts only when they are handed over.
    const quiet = await aWorld({}, {});
    const hear = async (...contracts: FactContract<any>[]) => { // eslint-disable-line @typescript-eslint/no-explicit-any -- contracts of different data
      for (const contract of contracts) await quiet.deliver(...(await quiet.app.facts(contract)) as never[]);
    };
    await quiet.offer();
    const orderId = await quiet.submit([{}]);
    await hear(OrderSubmitted);
    const names = await quiet.names(orderId, await quiet.answer(orderId));
    const [{ lineId }] = (await quiet.read(orderId)).lines;
    await quiet.buyer.post(`/api/orders/${orderId}/cancel`, { reason: 'season-over' });
    const shipment = { ...names, shipmentId: newId(), carrierId: newId() };
    await quiet.deliver(ShipmentDispatched.of({ ...shipment, lines: [{ lineId, variantId: quiet.variantId, quantity: 100, unit: 'PR' }], waybill: '1', dispatchedAt: '2026-03-25T06:00:00.000Z' }));
    await hear(OrderCancelled, MatchReleased);
    expect(await quiet.read(orderId)).toMatchObject({ status: 'open', lines: [{ cancelled: 100 }] });
    await quiet.deliver(DeliveryFailed.of({ ...shipment, reason: 'not-arrived', remaining: 0 }));
    expect(await quiet.read(orderId)).toMatchObject({ status: 'cancelled', reasons: ['cancelled', 'delivery-failed'], matches: [{ state: 'released' }] });
    await quiet.close();
  });

  it('waits for goods of which it hears only after it has ended, and ends once more', async () => {
    await world.offer();
    const orderId = await world.submit([{}]);
    const names = await world.names(orderId, await world.answer(orderId));
    const [{ lineId }] = (await world.read(orderId)).lines;
    await cancel(orderId);
    await world.app.settle();
    expect(await world.read(orderId)).toMatchObject({ status: 'cancelled' });
    const shipment = { ...names, shipmentId: newId(), carrierId: newId() };
    const goods = { lineId, variantId: world.variantId };
    await world.deliver(ShipmentDispatched.of({ ...shipment, lines: [{ ...goods, quantity: 100, unit: 'PR' }], waybill: '1', dispatchedAt: '2026-03-25T06:00:00.000Z' }));
    expect(await world.read(orderId)).toMatchObject({ status: 'open', reasons: [] });
    await world.deliver(
      GoodsReceived.of({ ...shipment, receiptId: newId(), receivedAt: '2026-03-26T06:00:00.000Z', remaining: 0, lines: [{ ...goods, sent: 100, received: 100, short: 0, rejected: 0, accepted: 100 }] }),
      CaseSettled.of({ ...names, caseId: newId(), invoiceId: newId(), shipmentId: shipment.shipmentId, outcome: 'paid' }));
    expect(await world.read(orderId)).toMatchObject({ status: 'closed', matches: [{ state: 'released' }] });
    expect((await world.app.facts(OrderClosed)).map(({ data }) => data)).toMatchObject([{ orderId, outcome: 'cancelled' }, { orderId, outcome: 'closed' }]);
  });

  it('is for its buyer alone', async () => {
    const offer = await world.offer();
    const orderId = await world.submit([{}]);
    expect((await world.producer(offer.producerId).post(`/api/orders/${orderId}/cancel`, { reason: 'x' })).status).toBe(404);
    expect((await world.app.as({ party: aParty(), roles: ['buyer'] }).post(`/api/orders/${orderId}/cancel`, { reason: 'x' })).status).toBe(404);
  });
});
