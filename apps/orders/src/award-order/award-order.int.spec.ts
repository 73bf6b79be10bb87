import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AwardApproved, AwardProposed, MatchReleased, partiesOf } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aParty } from '@peyvand/testing';
import { aWorld, type World } from '../../test/world.js';

let world: World;
beforeEach(async () => {
  world = await aWorld({ automaticAwardUpTo: '500000000' });
  await world.offer();
});
afterEach(() => world.close());

describe('the award', () => {
  it('is automatic up to the network’s limit, counted over the whole order', async () => {
    const orderId = await world.submit([{ quantity: 100 }]);
    expect((await world.app.facts(AwardApproved)).at(-1)?.data).toMatchObject({ orderId, how: 'automatic', amount: '415000000' });
    const above = await world.submit([{ quantity: 100 }, { quantity: 100 }]);
    expect((await world.read(above)).matches).toMatchObject([{ state: 'proposed', amount: '830000000' }]);
  });

  it('waits for an approver otherwise, and no producer sees it meanwhile', async () => {
    const orderId = await world.submit([{}], { award: 'approver' });
    const [{ matchId, sellerId }] = (await world.read(orderId)).matches;
    expect((await world.app.facts(AwardProposed)).at(-1)?.data).toMatchObject({ orderId, matchIds: [matchId], amount: '415000000', approveBy: '2026-03-24T06:00:00.000Z' });
    const seller = world.producer(sellerId);
    expect((await seller.get('/api/orders/matches')).body.items).toEqual([]);
    expect((await seller.get(`/api/orders/matches/${matchId}`)).status).toBe(404);
    expect((await seller.post(`/api/orders/matches/${matchId}/answer`, { answer: 'accept' })).status).toBe(404);

    expect((await world.approver.post(`/api/orders/${orderId}/award`, { decision: 'approve' })).body).toEqual({ orderId, decision: 'approve', matchIds: [matchId] });
    await world.app.settle();
    expect((await seller.get('/api/orders/matches?status=issued')).body.items).toMatchObject([{ matchId }]);
    expect(await world.told(orderId)).toEqual(['OrderSubmitted', 'MatchMade', 'AwardProposed', 'AwardApproved', 'PurchaseOrderIssued']);
    expect((await world.approver.post(`/api/orders/${orderId}/award`, { decision: 'approve' })).body.type).toBe('urn:peyvand:problem:nothing-to-award');
  });

  it('is never given by the person who submitted, nor by another party', async () => {
    const both = world.app.as({ party: world.networkId, roles: ['buyer', 'approver'], subject: newId() });
    const { body } = await both.post('/api/orders', { poNumber: 'AW-1', award: 'approver', lines: [{ code: 'NRV-1', quantity: 5, shipTo: 'DC-01', neededBy: '2026-06-01' }] });
    await world.app.settle();
    expect((await both.post(`/api/orders/${body.orderId}/award`, { decision: 'approve' })).body.type).toBe('urn:peyvand:problem:award-by-submitter');
    const stranger = world.app.as({ party: aParty(), roles: ['approver'] });
    expect((await stranger.post(`/api/orders/${body.orderId}/award`, { decision: 'approve' })).status).toBe(404);
    expect((await world.buyer.post(`/api/orders/${body.orderId}/award`, { decision: 'approve' })).status).toBe(403);
  });

  it.each(['refused', 'not given in time'])('when %s, frees the capacity and ends the order', async (how) => {
    const orderId = await world.submit([{}], { award: 'approver' });
    if (how === 'refused') await world.approver.post(`/api/orders/${orderId}/award`, { decision: 'refuse' });
    else await world.app.clock.advance({ hours: 73 });
    await world.app.settle();
    expect(await world.read(orderId)).toMatchObject({ status: 'cancelled', reasons: ['cancelled'], lines: [{ cancelled: 100, matched: 0 }], matches: [{ state: 'released', reason: 'award-refused' }] });
    expect(await world.app.sql('select committed from offers')).toEqual([{ committed: 0 }]);
    expect((await world.told(orderId)).slice(-2)).toEqual(['MatchReleased', 'OrderClosed']);
    await nobodyButTheBuyerHears(orderId);
  });

  it('when the order is cancelled before it, was never a matter of the producer', async () => {
    const orderId = await world.submit([{}], { award: 'approver' });
    await world.buyer.post(`/api/orders/${orderId}/cancel`, { reason: 'season-over' });
    await world.app.settle();
    expect(await world.read(orderId)).toMatchObject({ status: 'cancelled', matches: [{ state: 'released', reason: 'order-cancelled' }] });
    await nobodyButTheBuyerHears(orderId);
  });

  it('when it was given and the order is cancelled then, is ended before both', async () => {
    const orderId = await world.submit([{}]);
    const [{ sellerId }] = (await world.read(orderId)).matches;
    await world.buyer.post(`/api/orders/${orderId}/cancel`, { reason: 'season-over' });
    await world.app.settle();
    const [fact] = await world.app.facts(MatchReleased);
    expect([fact?.data.toldSellerId, partiesOf(MatchReleased, fact?.data)]).toEqual([sellerId, [world.networkId, sellerId]]);
    expect((await world.producer(sellerId).get(`/api/orders/${orderId}/story`)).body.facts.map(({ name }: { name: string }) => name)).toEqual(['PurchaseOrderIssued', 'MatchReleased']);
  });
});

/** The producer is told nothing of a match whose purchase order it never got; the services still learn whose capacity is free. */
const nobodyButTheBuyerHears = async (orderId: string): Promise<void> => {
  const [fact] = (await world.app.facts(MatchReleased)).filter(({ key }) => key === orderId);
  const [{ sellerId }] = (await world.read(orderId)).matches;
  expect(fact?.data).toMatchObject({ sellerId, lines: [{ quantity: 100 }] });
  expect(partiesOf(MatchReleased, fact?.data)).toEqual([world.networkId]);
  const seller = world.producer(sellerId);
  expect([(await seller.get('/api/orders/matches')).body.items, (await seller.get(`/api/orders/${orderId}/story`)).status]).toEqual([[], 404]);
};
