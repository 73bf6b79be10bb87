import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BidPlaced, LimitReserved } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aParty } from '@peyvand/testing';
import { aWorld, type World } from '../../test/world.js';

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.close());

type Fact = { name: string; data: Record<string, unknown>; id: string; causationid?: string };
const namesOf = (facts: readonly Fact[]) => facts.map(({ name }) => name);

describe('the story of an order', () => {
  it('is told to each party as far as it may see it', async () => {
    const offer = await world.offer();
    const orderId = await world.submit([{}]);
    const names = await world.names(orderId, await world.answer(orderId));
    const [funderId, other] = [aParty(), aParty()];
    const reserved = LimitReserved.of({ ...names, limitId: newId(), grantorId: funderId, amount: '7', kind: 'funder' });
    const bid = { ...names, caseId: newId(), bidId: newId(), rate: 2300, fee: '0', maxFace: '1', validUntil: '2026-05-01T00:00:00.000Z' };
    await world.deliver(reserved, BidPlaced.of({ ...bid, funderId }), BidPlaced.of({ ...bid, bidId: newId(), funderId: other }));
    const story = async (person: { get(path: string): Promise<{ status: number; body: { facts: Fact[] } }> }) => (await person.get(`/api/orders/${orderId}/story`)).body.facts;

    const buyers = await story(world.buyer);
    expect(namesOf(buyers)).toEqual(['OrderSubmitted', 'MatchMade', 'AwardApproved', 'PurchaseOrderIssued', 'PurchaseOrderAccepted', 'LimitReserved', 'MatchSecured']);
    expect(buyers.find(({ name }) => name === 'LimitReserved')?.data).not.toHaveProperty('grantorId');
    expect(namesOf(await story(world.producer(offer.producerId)))).toEqual(['PurchaseOrderIssued', 'PurchaseOrderAccepted', 'LimitReserved', 'BidPlaced', 'BidPlaced', 'MatchSecured']);
    expect(namesOf(await story(world.app.as({ party: funderId, roles: ['funder'] })))).toEqual(['LimitReserved', 'BidPlaced']);
    expect(namesOf(await story(world.operator))).toHaveLength(9);
    // Effects follow their causes: the security follows the reservation.
    expect(buyers.at(-1)?.causationid).toBe(buyers.at(-2)?.id);
  });

  it('does not exist for anybody else', async () => {
    const orderId = await world.submit([{}]);
    expect((await world.app.as({ party: aParty(), roles: ['buyer'] }).get(`/api/orders/${orderId}/story`)).status).toBe(404);
    expect((await world.app.as({ party: aParty(), roles: ['union'] }).get(`/api/orders/${orderId}/story`)).status).toBe(403);
  });
});
