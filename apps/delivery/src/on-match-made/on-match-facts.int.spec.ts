import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MatchMade, MatchReleased, MatchSecured, PurchaseOrderAccepted, ShipmentCancelled, ShipmentPlanned } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { aParty } from '@peyvand/testing';
import { freshMatch, startDelivery, type Given, type Match } from '../../test/trade.js';

describe('what delivery does about a match', () => {
  let given: Given;
  beforeAll(async () => { given = await startDelivery(); });
  afterAll(() => given?.app.close());
  const answer = ({ orderId, matchId, buyerId, sellerId }: Match) => ({ orderId, matchId, buyerId, sellerId });
  const secured = (match: Match) => MatchSecured.of({ ...answer(match), by: 'cash' });
  const released = (match: Match) => MatchReleased.of({ ...answer(match), reason: 'declined', lines: [] });
  const shipments = ({ matchId }: Match) => given.app.sql('select status, secured, carrier_id, units::int, reason from shipments where match_id = $1', [matchId]);
  const planned = async ({ matchId }: Match) => (await given.app.facts(ShipmentPlanned)).filter((fact) => fact.data.matchId === matchId);

  it('plans nothing before both sides agree, and hides the match from the seller until then', async () => {
    const match = freshMatch();
    await given.app.deliver(MatchMade.of(match));
    expect(await shipments(match)).toEqual([]);
    expect(await given.app.sql('select status, parties from matches where match_id = $1', [match.matchId])).toEqual([{ status: 'proposed', parties: [match.buyerId] }]);
  });

  it('plans what was agreed, not what was matched, and lets it leave once secured', async () => {
    const match = freshMatch();
    const agreed = { ...match, lines: match.lines.map((line) => ({ ...line, quantity: 960, amount: '3984000000' })) };
    await given.app.deliver([MatchMade.of(match), PurchaseOrderAccepted.of(agreed)]);
    expect(await shipments(match)).toMatchObject([{ status: 'planned', secured: false, units: 960, carrier_id: given.carrierId }]);
    expect(await planned(match)).toMatchObject([{ key: match.orderId, data: { lines: [{ quantity: 960 }], promisedBy: match.promisedBy } }]);
    await given.app.deliver(secured(match));
    expect(await shipments(match)).toMatchObject([{ status: 'planned', secured: true }]);
  });

  it('plans once, however often and however worded the agreement is heard', async () => {
    const match = freshMatch();
    const id = newId();
    await given.app.deliver(MatchMade.of(match));
    await given.app.deliver(PurchaseOrderAccepted.of(match), { id });
    expect(await given.app.deliver(PurchaseOrderAccepted.of(match), { id })).toMatchObject({ duplicates: 1 });
    await given.app.deliver([PurchaseOrderAccepted.of(match), PurchaseOrderAccepted.of(match)]);
    expect(await planned(match)).toHaveLength(1);
  });

  it.each([['secured', secured], ['released', released]])('a match that is %s but was never heard of is set aside for people to see, not lost', async (_what, early) => {
    const match = freshMatch();
    expect(await given.app.deliver(early(match))).toMatchObject({ handled: 0, diverted: 1 });
    expect(await given.app.sql('select state, error from parked where key = $1', [match.orderId])).toMatchObject([{ state: 'waiting', error: expect.stringContaining(match.matchId) }]);
  });

  it('cancels the planned shipment of a released match', async () => {
    const match = freshMatch();
    await given.app.deliver([MatchMade.of(match), PurchaseOrderAccepted.of(match), released(match)]);
    expect(await shipments(match)).toMatchObject([{ status: 'cancelled', reason: 'declined' }]);
    expect((await given.app.facts(ShipmentCancelled)).filter((fact) => fact.key === match.orderId)).toMatchObject([{ data: { reason: 'declined' } }]);
  });

  it('plans hundreds in one batch, each caused by its own agreement', async () => {
    const matches = Array.from({ length: 300 }, () => freshMatch({ buyerId: aParty() }));
    const before = (await given.app.facts(ShipmentPlanned)).length;
    const { handled } = await given.app.deliver(matches.flatMap((match) => [MatchMade.of(match), PurchaseOrderAccepted.of(match), secured(match)]));
    expect(handled).toBe(900);
    const told = (await given.app.facts(ShipmentPlanned)).slice(before);
    expect(new Set(told.map((fact) => fact.causationid)).size).toBe(300);
  });

  it('lets the seller drive where no carrier is registered', async () => {
    const alone = await startDelivery();
    await alone.app.sql('delete from carriers');
    const match = freshMatch();
    await alone.app.deliver([MatchMade.of(match), PurchaseOrderAccepted.of(match)]);
    expect(await alone.app.sql('select carrier_id from shipments')).toEqual([{ carrier_id: match.sellerId }]);
    await alone.app.close();
  });
});
