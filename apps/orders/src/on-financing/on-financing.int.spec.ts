import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FinancingDeclined, LimitReserved, MatchSecured } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aParty } from '@peyvand/testing';
import { aWorld, type World } from '../../test/world.js';

let world: World;
beforeEach(async () => {
  world = await aWorld();
  await world.offer();
});
afterEach(() => world.close());

const accepted = async () => {
  const orderId = await world.submit([{}]);
  const matchId = await world.answer(orderId);
  return { orderId, matchId, names: await world.names(orderId, matchId) };
};

describe('securing a match on account', () => {
  it('a reserved limit secures it once, however often it is heard', async () => {
    const { orderId, matchId, names } = await accepted();
    const reserved = LimitReserved.of({ ...names, limitId: newId(), grantorId: newId(), amount: '1', kind: 'seller' });
    const id = newId();
    await world.app.deliver(reserved, { id });
    expect(await world.app.deliver(reserved, { id })).toMatchObject({ handled: 0 });
    await world.deliver(reserved);
    expect((await world.read(orderId)).matches).toMatchObject([{ matchId, state: 'secured', securedBy: 'seller-limit' }]);
    expect((await world.app.facts(MatchSecured)).map(({ data }) => data)).toEqual([{ ...names, by: 'seller-limit' }]);
  });

  it('without a limit the seller’s word does, given in time', async () => {
    const { orderId, matchId, names } = await accepted();
    const path = `/api/orders/matches/${matchId}/security`;
    await world.deliver(FinancingDeclined.of({ ...names, reason: 'no-limit', amount: '1' }));
    expect((await world.read(orderId)).matches).toMatchObject([{ state: 'accepted', financingDeclined: true }]);
    expect((await world.producer(aParty()).post(path, { by: 'open-terms' })).status).toBe(404);
    expect((await world.producer(names.sellerId).post(path, { by: 'open-terms' })).body).toEqual({ matchId, state: 'secured', by: 'open-terms' });
    expect((await world.producer(names.sellerId).post(path, { by: 'cash' })).body.type).toBe('urn:peyvand:problem:match-already-secured');
    await world.app.clock.advance({ days: 5 });
    expect((await world.read(orderId)).matches).toMatchObject([{ state: 'secured', securedBy: 'open-terms' }]);
  });

  it.each([['after a refusal of cover', 73], ['when financing stays silent', 169]])('%s the match is released at its deadline', async (when, hours) => {
    const { orderId, names } = await accepted();
    if (when === 'after a refusal of cover') await world.deliver(FinancingDeclined.of({ ...names, reason: 'no-limit', amount: '1' }));
    await world.app.clock.advance({ hours: hours - 2 });
    expect((await world.read(orderId)).matches[0].state).toBe('accepted');
    await world.app.clock.advance({ hours: 2 });
    expect((await world.read(orderId)).matches[0]).toMatchObject({ state: 'released', reason: 'not-secured' });
  });

  it('a limit for a match that is not known yet waits for it', async () => {
    const delivered = await world.app.deliver(LimitReserved.of({ orderId: newId(), matchId: newId(), buyerId: aParty(), sellerId: aParty(), limitId: newId(), grantorId: newId(), amount: '1', kind: 'funder' }));
    expect(delivered).toMatchObject({ handled: 1, diverted: 1 });
  });
});

describe('a secured match', () => {
  it('that never leaves the producer is released, and its units are matched anew', async () => {
    const { orderId, names } = await accepted();
    await world.deliver(LimitReserved.of({ ...names, limitId: newId(), grantorId: newId(), amount: '1', kind: 'funder' }));
    const second = await world.offer();
    await world.app.clock.advance({ days: 23 });
    expect((await world.read(orderId)).matches).toMatchObject([{ state: 'released', reason: 'not-dispatched' }, { sellerId: second.producerId }]);
  });
});
