import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CaseSettled, DeliveryFailed, GoodsReceived, OrderClosed, ShipmentCancelled, ShipmentDispatched } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aWorld, cash, type World } from '../../test/world.js';

let world: World;
beforeEach(async () => {
  world = await aWorld();
  await world.offer({ prices: [{ terms: cash, price: { amount: '3950000', per: 1 }, validUntil: '2026-12-20' }] });
});
afterEach(() => world.close());

/** A secured match of one line of 100 and ways to tell what happens to a shipment of it. */
const secured = async () => {
  const orderId = await world.submit([{}]);
  const names = await world.names(orderId, await world.answer(orderId));
  const [{ lineId }] = (await world.read(orderId)).lines;
  const goods = { lineId, variantId: world.variantId };
  const shipment = (quantity: number) => {
    const of = { ...names, shipmentId: newId(), carrierId: newId() };
    return {
      dispatched: ShipmentDispatched.of({ ...of, lines: [{ ...goods, quantity, unit: 'PR' }], waybill: '1', dispatchedAt: '2026-03-25T06:00:00.000Z' }),
      received: (accepted: number, remaining: number) => GoodsReceived.of({
        ...of, receiptId: newId(), receivedAt: '2026-03-26T06:00:00.000Z', remaining, lines: [{ ...goods, sent: quantity, received: quantity, short: 0, rejected: quantity - accepted, accepted }],
      }),
      failed: (remaining: number, reason = 'not-arrived') => DeliveryFailed.of({ ...of, reason, remaining }),
      cancelled: ShipmentCancelled.of({ ...of, reason: 'lorry-broken' }),
      settled: CaseSettled.of({ ...names, caseId: newId(), invoiceId: newId(), shipmentId: of.shipmentId, outcome: 'paid' }),
    };
  };
  return { orderId, shipment, status: async () => (await world.read(orderId)).status as string };
};

describe('an order closes', () => {
  it('when every shipment of its match is received and settled, in whatever order that is heard', async () => {
    const { shipment, status, orderId } = await secured();
    const [a, b] = [shipment(60), shipment(40)];
    await world.deliver(a.dispatched, b.dispatched, b.settled, a.received(60, 0));
    expect(await status()).toBe('open');
    await world.deliver(b.received(40, 0));
    expect(await status()).toBe('open');
    await world.deliver(a.settled);
    expect(await status()).toBe('closed');
    expect((await world.app.facts(OrderClosed)).map(({ data }) => data)).toMatchObject([{ orderId, outcome: 'closed', reasons: [] }]);
    expect(await world.app.sql(`select * from deadlines`)).toEqual([]);
  });

  it('not while something is still to be shipped', async () => {
    const { shipment, status } = await secured();
    const [a, b] = [shipment(60), shipment(40)];
    await world.deliver(a.dispatched, a.received(60, 40), a.settled);
    expect(await status()).toBe('open');
    await world.deliver(b.dispatched, b.received(40, 0), b.settled);
    expect(await status()).toBe('closed');
  });

  it.each([
    ['all of it was rejected', (s: Shipment) => [s.dispatched, s.received(0, 0)], ['part-closed', ['rejected']]],
    ['it never arrived', (s: Shipment) => [s.dispatched, s.failed(0)], ['part-closed', ['delivery-failed']]],
    ['the rest will not be shipped', (s: Shipment) => [s.dispatched, s.received(50, 50), s.settled, s.cancelled], ['part-closed', ['rejected']]],
  ] as const)('without a case when %s', async (_, facts, [status, reasons]) => {
    const { orderId, shipment } = await secured();
    await world.deliver(...facts(shipment(100)));
    expect(await world.read(orderId)).toMatchObject({ status, reasons });
  });

  it('not before what a change left over has come back, however late that is', async () => {
    await world.app.sql(`create function late() returns trigger language plpgsql as $$ begin new.due_at := new.due_at + interval '2 days'; return new; end $$`);
    await world.app.sql(`create trigger late before insert on deadlines for each row when (new.kind = 'orders/leftover') execute function late()`);
    const orderId = await world.submit([{}]);
    const [{ lineId }] = (await world.read(orderId)).lines;
    const matchId = await world.answer(orderId, { answer: 'change', lines: [{ lineId, quantity: 60 }], reason: 'capacity' });
    await world.buyer.post(`/api/orders/matches/${matchId}/change-answer`, { answer: 'accept' });
    const of = { ...(await world.names(orderId, matchId)), shipmentId: newId(), carrierId: newId() };
    const goods = { lineId, variantId: world.variantId };
    await world.deliver(
      ShipmentDispatched.of({ ...of, lines: [{ ...goods, quantity: 60, unit: 'PR' }], waybill: '1', dispatchedAt: '2026-03-25T06:00:00.000Z' }),
      GoodsReceived.of({ ...of, receiptId: newId(), receivedAt: '2026-03-26T06:00:00.000Z', remaining: 0, lines: [{ ...goods, sent: 60, received: 60, short: 0, rejected: 60, accepted: 0 }] }));
    expect(await world.read(orderId)).toMatchObject({ status: 'open', matches: [{ state: 'done' }] });
    await world.app.clock.advance({ days: 3 });
    await world.app.settle();
    expect((await world.read(orderId)).lines).toMatchObject([{ matched: 60, waiting: 0, unmatched: 40 }]);
  });

  it('with what was sent, once delivery waits for the rest no more', async () => {
    const { orderId, shipment } = await secured();
    const [part, rest] = [shipment(60), shipment(40)];
    await world.deliver(part.dispatched, part.received(60, 40), part.settled);
    await world.app.clock.advance({ days: 30 });
    await world.app.settle();
    expect(await world.read(orderId)).toMatchObject({ status: 'open', matches: [{ state: 'secured' }] });
    await world.deliver(rest.failed(0, 'not-dispatched'));
    expect(await world.read(orderId)).toMatchObject({ status: 'part-closed', reasons: ['delivery-failed'], matches: [{ state: 'done' }] });
  });
});

describe('a shipment that never leaves', () => {
  it.each(['not-dispatched', 'withdrawn-by-seller'])('releases its match, and another producer is asked (%s)', async (reason) => {
    const { orderId, shipment } = await secured();
    const second = await world.offer();
    await world.deliver(shipment(100).failed(0, reason));
    expect((await world.read(orderId)).matches).toMatchObject([{ state: 'released', reason: 'not-dispatched' }, { state: 'issued', sellerId: second.producerId }]);
  });
});

type Shipment = ReturnType<Awaited<ReturnType<typeof secured>>['shipment']>;
