import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NetworkRegistered, OfferChanged, OfferPublished, OfferWithdrawn, ProducerSuspended } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aWorld, type World } from '../../test/world.js';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.close());

describe('what orders keeps of offers', () => {
  it('is the newest revision, in whatever order they come', async () => {
    const offer = await world.offer();
    await world.deliver(OfferChanged.of({ ...offer, capacity: 30, revision: 3 }));
    await world.deliver(OfferChanged.of({ ...offer, capacity: 20, revision: 2 }), OfferPublished.of(offer));
    expect(await world.app.sql('select capacity, revision from offers')).toEqual([{ capacity: 30, revision: 3 }]);
  });

  it('an offer that shrinks below what is committed voids nothing and takes nothing new', async () => {
    const offer = await world.offer({ capacity: 150 });
    const first = await world.submit([{}]);
    await world.deliver(OfferChanged.of({ ...offer, capacity: 40, revision: 2 }));
    const second = await world.submit([{ quantity: 10 }]);
    expect((await world.read(first)).lines).toMatchObject([{ matched: 100 }]);
    expect((await world.read(second)).lines).toMatchObject([{ matched: 0, reason: 'no-capacity' }]);
    await world.answer(first, { answer: 'decline' });
    expect(await world.app.sql('select committed, ceiling from offers')).toEqual([{ committed: 0, ceiling: 40 }]);
  });

  it('a withdrawal stands, also when it is heard before its offer', async () => {
    const known = await world.offer();
    await world.deliver(OfferWithdrawn.of({ offerId: known.offerId, producerId: known.producerId, revision: 2 }));
    const early = newId();
    await world.deliver(OfferWithdrawn.of({ offerId: early, producerId: known.producerId, revision: 2 }));
    await world.offer({ offerId: early, producerId: known.producerId });
    expect((await world.read(await world.submit([{}]))).lines).toMatchObject([{ reason: 'no-offer' }]);
  });

  it('a suspended producer is not matched until it is verified again', async () => {
    const offer = await world.offer();
    await world.deliver(ProducerSuspended.of({ producerId: offer.producerId, reason: 'licence-expired' }));
    const orderId = await world.submit([{ fillPolicy: 'back-order' }]);
    expect((await world.read(orderId)).lines).toMatchObject([{ waiting: 100, reason: 'no-offer' }]);
    await world.offer({ producerId: offer.producerId, offerId: offer.offerId, revision: 1 });
    expect((await world.read(orderId)).lines).toMatchObject([{ matched: 100 }]);
  });

  it('the network’s policy counts by revision', async () => {
    await world.deliver(NetworkRegistered.of({ networkId: world.networkId, costOfFunds: [{ from: '2026-03-01', rate: 100 }], revision: 3 }));
    await world.deliver(NetworkRegistered.of({ networkId: world.networkId, costOfFunds: [{ from: '2026-03-01', rate: 2300 }], automaticAwardUpTo: '1', revision: 2 }));
    await world.offer();
    expect((await world.read(await world.submit([{}]))).matches).toMatchObject([{ state: 'proposed' }]);
  });
});
