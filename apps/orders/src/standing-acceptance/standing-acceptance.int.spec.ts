import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aParty } from '@peyvand/testing';
import { aWorld, type World } from '../../test/world.js';

const path = '/api/orders/standing-acceptance';
let world: World;
beforeAll(async () => { world = await aWorld(); });
afterAll(() => world.close());

describe('a producer’s standing acceptance', () => {
  it('accepts what is awarded, up to its ceiling and in the round itself; by hand again when it ends', async () => {
    const { producerId } = await world.offer();
    const producer = world.producer(producerId);
    expect((await producer.get(path)).body).toEqual({ accept: 'by-hand' });
    expect(await producer.put(path, { accept: 'automatic', upTo: '415000000' })).toMatchObject({ status: 200, body: { accept: 'automatic', upTo: '415000000' } });
    const within = await world.submit([{}]);
    expect(await world.told(within)).toEqual(['OrderSubmitted', 'MatchMade', 'AwardApproved', 'PurchaseOrderIssued', 'PurchaseOrderAccepted']);
    const match = (await world.read(within)).matches[0];
    expect(match).toMatchObject({ state: 'accepted' });
    expect(await world.app.sql(`select (due_at > now() - interval '100 years') as due from deadlines where kind = 'orders/match-overdue' and key = $1`, [match.matchId])).toEqual([{ due: true }]);
    const beyond = await world.submit([{ quantity: 101 }]);
    expect((await world.read(beyond)).matches[0]).toMatchObject({ state: 'issued' });
    expect(await producer.put(path, { accept: 'by-hand' })).toMatchObject({ status: 200, body: { accept: 'by-hand' } });
    expect((await world.read(await world.submit([{}]))).matches[0]).toMatchObject({ state: 'issued' });
  });

  it('accepts what an approver awards', async () => {
    const { producerId } = await world.offer({ prices: [{ terms: { days: 90, base: 'invoice', instrument: 'barat' }, price: { amount: '4000000', per: 1 }, validUntil: '2026-12-20' }] });
    await world.producer(producerId).put(path, { accept: 'automatic' });
    const orderId = await world.submit([{}], { award: 'approver' });
    expect((await world.read(orderId)).matches[0]).toMatchObject({ state: 'proposed', sellerId: producerId });
    await world.app.as({ party: world.networkId, roles: ['approver'], subject: 'someone-else' }).post(`/api/orders/${orderId}/award`, { decision: 'approve' });
    await world.app.settle();
    expect((await world.read(orderId)).matches[0]).toMatchObject({ state: 'accepted' });
  });

  it('repeated with its key is one word; it is nobody else’s, and a ceiling needs it', async () => {
    const producer = world.producer(aParty());
    const [first, again] = [await producer.put(path, { accept: 'automatic' }, { idempotencyKey: 'word' }), await producer.put(path, { accept: 'automatic' }, { idempotencyKey: 'word' })];
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect((await world.producer(aParty()).get(path)).body).toEqual({ accept: 'by-hand' });
    expect(await world.buyer.put(path, { accept: 'automatic' })).toMatchObject({ status: 403 });
    expect(await producer.put(path, { accept: 'by-hand', upTo: '5' })).toMatchObject({ status: 422, body: { type: 'urn:peyvand:problem:ceiling-without-acceptance' } });
  });
});
