import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MatchReleased, PurchaseOrderChangeProposed } from '@peyvand/contracts';
import { aParty } from '@peyvand/testing';
import { aWorld, cash, type World } from '../../test/world.js';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.close());

describe('the producer’s answer', () => {
  it('a decline gives the units back and matches them anew, without that producer', async () => {
    const first = await world.offer();
    const orderId = await world.submit([{}]);
    const second = await world.offer({ prices: [{ terms: cash, price: { amount: '5000000', per: 1 }, validUntil: '2026-12-20' }] });
    await world.answer(orderId, { answer: 'decline', reason: 'machine-broken' });

    const order = await world.read(orderId);
    expect(order.matches).toMatchObject([{ sellerId: first.producerId, state: 'released', reason: 'declined' }, { sellerId: second.producerId, state: 'issued' }]);
    expect(order.lines).toMatchObject([{ matched: 100, waiting: 0, declinedBy: [first.producerId] }]);
    expect(await world.app.sql('select committed from offers where offer_id = $1', [first.offerId])).toEqual([{ committed: 0 }]);
    expect(await world.told(orderId)).toEqual(['OrderSubmitted', 'MatchMade', 'AwardApproved', 'PurchaseOrderIssued', 'PurchaseOrderDeclined', 'MatchReleased', 'MatchMade', 'AwardApproved', 'PurchaseOrderIssued']);
  });

  it('silence until the deadline is a decline', async () => {
    await world.offer();
    const orderId = await world.submit([{}]);
    await world.app.clock.advance({ hours: 49 });
    expect((await world.read(orderId)).matches).toMatchObject([{ state: 'released', reason: 'not-answered' }]);
    expect(await world.told(orderId)).toEqual(expect.arrayContaining(['PurchaseOrderDeclined', 'MatchReleased', 'LineUnmatched']));
  });

  it('a change goes back to the buyer, who takes it: the rest is matched with another', async () => {
    const first = await world.offer();
    const orderId = await world.submit([{ quantity: 1_000 }]);
    const second = await world.offer({ prices: [{ terms: cash, price: { amount: '5000000', per: 1 }, validUntil: '2026-12-20' }] });
    const [line] = (await world.read(orderId)).lines;
    const matchId = await world.answer(orderId, { answer: 'change', promisedBy: '2026-05-01', lines: [{ lineId: line.lineId, quantity: 960 }], reason: 'capacity' });
    expect((await world.read(orderId)).matches).toMatchObject([{ state: 'change-proposed', change: { lines: [{ quantity: 960 }] } }]);
    expect((await world.app.facts(PurchaseOrderChangeProposed)).at(-1)?.data).toMatchObject({ promisedBy: '2026-05-01', lines: [{ lineId: line.lineId, quantity: 960 }] });

    expect((await world.producer(first.producerId).post(`/api/orders/matches/${matchId}/change-answer`, { answer: 'accept' })).status).toBe(403);
    expect((await world.buyer.post(`/api/orders/matches/${matchId}/change-answer`, { answer: 'accept' })).body).toEqual({ matchId, state: 'accepted' });
    await world.app.settle();
    const order = await world.read(orderId);
    expect(order.lines).toMatchObject([{ matched: 1_000, waiting: 0 }]);
    expect(order.matches).toMatchObject([{ sellerId: first.producerId, state: 'accepted', amount: '3984000000', promisedBy: '2026-05-01' }, { sellerId: second.producerId, lines: [{ quantity: 40 }] }]);
    expect(await world.app.sql('select committed from offers order by committed')).toEqual([{ committed: 40 }, { committed: 960 }]);
  });

  it('a change the buyer refuses, or does not answer, releases the match', async () => {
    await world.offer();
    const refused = await world.submit([{}]);
    const matchId = await world.answer(refused, { answer: 'change', promisedBy: '2026-07-01' });
    await world.buyer.post(`/api/orders/matches/${matchId}/change-answer`, { answer: 'refuse' });
    await world.app.settle();
    expect((await world.read(refused)).matches).toMatchObject([{ state: 'released', reason: 'change-refused' }]);
    expect((await world.buyer.post(`/api/orders/matches/${matchId}/change-answer`, { answer: 'accept' })).body.type).toBe('urn:peyvand:problem:no-change-to-answer');

    await world.offer();
    const silent = await world.submit([{}]);
    await world.answer(silent, { answer: 'change', promisedBy: '2026-07-01' });
    await world.app.clock.advance({ hours: 49 });
    expect((await world.read(silent)).matches[0]).toMatchObject({ state: 'released', reason: 'change-refused' });
  });

  it('is given once, by the seller alone, and not for more than was ordered', async () => {
    const offer = await world.offer();
    const orderId = await world.submit([{}]);
    const [{ matchId }] = (await world.read(orderId)).matches;
    const [line] = (await world.read(orderId)).lines;
    const path = `/api/orders/matches/${matchId}/answer`;
    const seller = world.producer(offer.producerId);
    expect((await world.producer(aParty()).post(path, { answer: 'accept' })).status).toBe(404);
    expect((await seller.post(path, { answer: 'change', lines: [{ lineId: line.lineId, quantity: 101 }] })).body).toMatchObject({ status: 422, ordered: 100 });
    const accepted = await seller.post(path, { answer: 'accept' }, { idempotencyKey: 'once' });
    expect((await seller.post(path, { answer: 'accept' }, { idempotencyKey: 'once' })).body).toEqual(accepted.body);
    expect((await seller.post(path, { answer: 'decline' })).body.type).toBe('urn:peyvand:problem:match-already-answered');
    await world.app.settle();
    expect((await world.told(orderId)).filter((name) => name === 'PurchaseOrderAccepted')).toHaveLength(1);
  });

  it('many purchase orders can be answered at once; cash secures them in the same breath', async () => {
    const offer = await world.offer({ prices: [{ terms: cash, price: { amount: '3950000', per: 1 }, validUntil: '2026-12-20' }] });
    const orders = [await world.submit([{}]), await world.submit([{}])];
    const answers = await Promise.all(orders.map(async (orderId) => ({ matchId: (await world.read(orderId)).matches[0].matchId, answer: 'accept' })));
    const answered = await world.producer(offer.producerId).post('/api/orders/matches/answers', { answers });
    expect(answered.body.items).toMatchObject([{ state: 'secured' }, { state: 'secured' }]);
    expect((await world.told(orders[0] ?? '')).slice(-2)).toEqual(['PurchaseOrderAccepted', 'MatchSecured']);
    expect(await world.app.facts(MatchReleased)).toEqual([]);
  });
});
