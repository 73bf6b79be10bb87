import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CaseSettled, GoodsReceived, LineUnmatched, OrderChanged, ShipmentDispatched } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aParty } from '@peyvand/testing';
import { aWorld, cash, type World } from '../../test/world.js';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.close());

const change = async (orderId: string, body: object) => {
  const reply = await world.buyer.patch(`/api/orders/${orderId}`, body);
  await world.app.settle();
  return reply;
};

describe('changing an order', () => {
  it('with the cure of an unmatched line matches it', async () => {
    await world.offer();
    const orderId = await world.submit([{ priceCeiling: '3000000' }]);
    const [line] = (await world.read(orderId)).lines;
    expect(line).toMatchObject({ matched: 0, unmatched: 100, reason: 'above-ceiling', cure: { priceCeiling: expect.stringMatching(/^\d+$/) } });
    expect((await world.app.facts(LineUnmatched)).at(-1)?.data).toMatchObject({ lineId: line.lineId, quantity: 100, cure: line.cure });

    expect((await change(orderId, { revision: 1, lines: [{ lineId: line.lineId, ...line.cure }] })).body).toEqual({ orderId, revision: 2 });
    expect((await world.read(orderId)).lines).toMatchObject([{ matched: 100, unmatched: 0 }]);
    expect((await world.app.facts(OrderChanged)).at(-1)?.data).toMatchObject({ revision: 2, lines: [{ priceCeiling: line.cure.priceCeiling }] });
  });

  it('refuses a stale revision, matched lines and too small quantities, line by line', async () => {
    await world.offer({ capacity: 60 });
    const orderId = await world.submit([{ quantity: 50 }, { quantity: 100 }]);
    const { lines } = await world.read(orderId);
    const [full, part] = lines[0].matched === 50 ? lines : [lines[1], lines[0]];
    expect((await change(orderId, { revision: 7, lines: [{ lineId: part.lineId, quantity: 20 }] })).status).toBe(412);
    const refused = await change(orderId, { lines: [{ lineId: full.lineId, neededBy: '2026-07-01' }, { lineId: part.lineId, neededBy: '2026-03-01' }, { lineId: world.variantId }] });
    expect([refused.status, refused.body.errors.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)]).toEqual([422, [
      ...(full.matched === full.quantity ? ['lines[0].lineId line-already-matched'] : []), 'lines[1].neededBy needed-by-past', 'lines[2].lineId line-unknown',
    ]]);
    expect(await world.read(orderId)).toMatchObject({ revision: 1 });
  });

  it('ends it when nothing is left to wait for', async () => {
    await world.offer({ capacity: 40, prices: [{ terms: cash, price: { amount: '3950000', per: 1 }, validUntil: '2026-12-20' }] });
    const orderId = await world.submit([{}]);
    const names = await world.names(orderId, await world.answer(orderId));
    const [{ lineId }] = (await world.read(orderId)).lines;
    const of = { ...names, shipmentId: newId(), carrierId: newId() };
    const goods = { lineId, variantId: world.variantId };
    await world.deliver(
      ShipmentDispatched.of({ ...of, lines: [{ ...goods, quantity: 40, unit: 'PR' }], waybill: '1', dispatchedAt: '2026-03-25T06:00:00.000Z' }),
      GoodsReceived.of({ ...of, receiptId: newId(), receivedAt: '2026-03-26T06:00:00.000Z', remaining: 0, lines: [{ ...goods, sent: 40, received: 40, short: 0, rejected: 0, accepted: 40 }] }),
      CaseSettled.of({ ...names, caseId: newId(), invoiceId: newId(), shipmentId: of.shipmentId, outcome: 'paid' }));
    expect(await world.read(orderId)).toMatchObject({ status: 'open', lines: [{ matched: 40, unmatched: 60 }] });
    expect((await change(orderId, { lines: [{ lineId, quantity: 40 }] })).status).toBe(200);
    expect(await world.read(orderId)).toMatchObject({ status: 'closed', reasons: [] });
  });

  it('is for its buyer alone', async () => {
    const orderId = await world.submit([{}]);
    const [{ lineId }] = (await world.read(orderId)).lines;
    expect((await world.app.as({ party: aParty(), roles: ['buyer'] }).patch(`/api/orders/${orderId}`, { lines: [{ lineId, quantity: 1 }] })).status).toBe(404);
  });
});

describe('a line nobody fills', () => {
  it('ends the order when its day has passed', async () => {
    const orderId = await world.submit([{ neededBy: '2026-04-01' }]);
    expect((await world.read(orderId)).lines).toMatchObject([{ unmatched: 100, reason: 'no-offer' }]);
    await world.app.clock.advanceTo('2026-04-01T20:00:00Z');
    expect((await world.read(orderId)).status).toBe('open');
    await world.app.clock.advanceTo('2026-04-01T21:00:00Z');
    expect(await world.read(orderId)).toMatchObject({ status: 'unmatched', reasons: ['unmatched'] });
  });

  it('on back-order waits for an offer, and is matched when one comes', async () => {
    const orderId = await world.submit([{ fillPolicy: 'back-order' }]);
    expect((await world.read(orderId)).lines).toMatchObject([{ waiting: 100, unmatched: 0, reason: 'no-offer' }]);
    await world.offer({ capacity: 40 });
    expect((await world.read(orderId)).lines).toMatchObject([{ matched: 40, waiting: 60, reason: 'no-capacity' }]);
    await world.offer({ capacity: 500 });
    expect(await world.read(orderId)).toMatchObject({ stage: 'answer', lines: [{ matched: 100, waiting: 0 }] });
  });

  it('on back-order ends at its day like any other', async () => {
    const orderId = await world.submit([{ fillPolicy: 'back-order', neededBy: '2026-04-01' }]);
    await world.app.clock.advanceTo('2026-04-02T21:00:00Z');
    expect(await world.read(orderId)).toMatchObject({ status: 'unmatched' });
    expect((await world.told(orderId)).slice(-2)).toEqual(['LineUnmatched', 'OrderClosed']);
    expect(await world.app.sql('select * from queue')).toEqual([]);
  });

  it('all or none takes nothing when not all is there', async () => {
    await world.offer({ capacity: 99 });
    const orderId = await world.submit([{ fillPolicy: 'all-or-none' }]);
    expect((await world.read(orderId)).lines).toMatchObject([{ matched: 0, unmatched: 100 }]);
    expect(await world.app.sql('select committed from offers')).toEqual([{ committed: 0 }]);
  });
});
