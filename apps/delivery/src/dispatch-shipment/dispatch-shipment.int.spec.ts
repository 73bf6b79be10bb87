import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MatchMade, MatchReleased, PurchaseOrderAccepted, ShipmentDispatched } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { transact } from '@peyvand/messaging';
import type { Caller } from '@peyvand/platform';
import { aParty } from '@peyvand/testing';
import { freshMatch, securedTrade, startDelivery, type Given } from '../../test/trade.js';
import { dispatch } from './dispatch-shipment.js';

describe('POST /shipments/:id/dispatch', () => {
  let given: Given;
  beforeAll(async () => { given = await startDelivery(); });
  afterAll(() => given?.app.close());
  const path = (id: string) => `/api/delivery/shipments/${id}/dispatch`;
  const told = async (orderId: string) => (await given.app.facts(ShipmentDispatched)).filter((fact) => fact.key === orderId);

  it('of a part plans the rest as a further shipment, which goes later', async () => {
    const { shipmentId, lineId, seller, match } = await securedTrade(given);
    const first = await seller.post(path(shipmentId), { waybill: 'W-1', plate: '۱۲ع۳۴۵', driver: 'راننده', lines: [{ lineId, quantity: 600 }] });
    expect(first).toMatchObject({ status: 200, body: { status: 'dispatched', waybill: 'W-1', lines: [{ quantity: 600 }], further: { lines: [{ quantity: 400 }] } } });
    const second = await seller.post(path(first.body.further.shipmentId), { waybill: 'W-2' });
    expect(second).toMatchObject({ status: 200, body: { lines: [{ quantity: 400 }] } });
    expect((await told(match.orderId)).map((fact) => fact.data.lines[0].quantity)).toEqual([600, 400]);
    expect(await given.app.sql('select sum(units)::int as units from shipments where match_id = $1', [match.matchId])).toEqual([{ units: 1000 }]);
  });

  it('tells facts nothing of plate and driver', async () => {
    const { shipmentId, seller, match } = await securedTrade(given);
    await seller.post(path(shipmentId), { waybill: 'W-1', plate: '۱۲ع۳۴۵', driver: 'راننده' });
    expect(JSON.stringify(await told(match.orderId))).not.toMatch(/راننده|۱۲ع۳۴۵/);
  });

  it('repeated with its key answers the same and sends once', async () => {
    const { shipmentId, seller, match } = await securedTrade(given);
    const [first, again] = [await seller.post(path(shipmentId), { waybill: 'W-1' }, { idempotencyKey: 'once' }), await seller.post(path(shipmentId), { waybill: 'W-1' }, { idempotencyKey: 'once' })];
    expect(again).toMatchObject({ status: 200, body: first.body, headers: { 'idempotency-replayed': 'true' } });
    expect(await told(match.orderId)).toHaveLength(1);
  });

  it('of two at once, one leaves', async () => {
    const { shipmentId, seller, match } = await securedTrade(given);
    const replies = await Promise.all([seller.post(path(shipmentId), { waybill: 'W-1' }), seller.post(path(shipmentId), { waybill: 'W-2' })]);
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 409]);
    expect(await told(match.orderId)).toHaveLength(1);
  });

  it('refuses one who decided on an old version', async () => {
    const { shipmentId, seller } = await securedTrade(given);
    const { headers } = await seller.get(`/api/delivery/shipments/${shipmentId}`);
    await given.app.sql('update shipments set version = version + 1 where shipment_id = $1', [shipmentId]);
    expect(await seller.post(path(shipmentId), { waybill: 'W-1' }, { headers: { 'if-match': headers['etag'] ?? '' } })).toMatchObject({ status: 412 });
  });

  it('waits for the match to be secured', async () => {
    const match = freshMatch();
    await given.app.deliver([MatchMade.of(match), PurchaseOrderAccepted.of(match)]);
    const seller = given.app.as({ party: match.sellerId, roles: ['producer'] });
    const { body } = await seller.get('/api/delivery/shipments');
    expect(await seller.post(path(body.items[0].shipmentId), { waybill: 'W-1' })).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:match-not-secured' } });
  });

  it('comes too late after the match was released', async () => {
    const { shipmentId, seller, match: { orderId, matchId, buyerId, sellerId } } = await securedTrade(given);
    await given.app.deliver(MatchReleased.of({ orderId, matchId, buyerId, sellerId, reason: 'order-cancelled', lines: [] }));
    expect(await seller.post(path(shipmentId), { waybill: 'W-1' })).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:shipment-not-planned', state: 'cancelled' } });
  });

  it('under way while its match is released leaves nothing planned behind', async () => {
    const { shipmentId, lineId, match: { orderId, matchId, buyerId, sellerId } } = await securedTrade(given);
    const caller = { party: sellerId, roles: ['producer'], subject: 's', locale: 'en', route: '', path: '', bodyHash: '', correlationid: newId(), traceparent: '' } as unknown as Caller;
    let release: Promise<unknown> = Promise.resolve();
    await transact(given.app.source, async (tx) => {
      const outcome = await dispatch(tx, caller, shipmentId, { waybill: 'W-1', lines: [{ lineId, quantity: 600 }] }, 10);
      release = given.app.deliver(MatchReleased.of({ orderId, matchId, buyerId, sellerId, reason: 'order-cancelled', lines: [] }));
      await new Promise((resolve) => setTimeout(resolve, 200));
      return outcome;
    }, { cause: { correlationid: newId() } });
    await release;
    expect(await given.app.sql('select units::int, status from shipments where match_id = $1 order by units desc', [matchId])).toEqual([{ units: 600, status: 'dispatched' }, { units: 400, status: 'cancelled' }]);
  });

  it.each<[string, object, number, string]>([
    ['more than is planned', { quantity: 1001 }, 422, 'more-than-planned'],
    ['a line of another order', { lineId: newId() }, 422, 'line-unknown'],
    ['nothing', { quantity: 0 }, 422, 'nothing-to-dispatch'],
  ])('refuses %s', async (_what, over, status, reason) => {
    const { shipmentId, lineId, seller } = await securedTrade(given);
    expect(await seller.post(path(shipmentId), { waybill: 'W-1', lines: [{ lineId, quantity: 1, ...over }] })).toMatchObject({ status, body: { type: `urn:peyvand:problem:${reason}` } });
  });

  it('lets the seller change the carrier, to one that is registered', async () => {
    const { shipmentId, seller } = await securedTrade(given);
    expect(await seller.post(path(shipmentId), { waybill: 'W-1', carrierId: newId() })).toMatchObject({ status: 422, body: { type: 'urn:peyvand:problem:carrier-unknown' } });
    const { body: { carrierId } } = await given.operator.post('/api/delivery/carriers', { name: 'باربری دیگر' });
    expect(await seller.post(path(shipmentId), { waybill: 'W-1', carrierId })).toMatchObject({ status: 200, body: { carrierId } });
    expect(await given.app.as({ party: carrierId, roles: ['carrier'] }).get(`/api/delivery/shipments/${shipmentId}`)).toMatchObject({ status: 200 });
  });

  it('is nobody else’s: unseen by strangers, refused to the buyer', async () => {
    const { shipmentId, match } = await securedTrade(given);
    expect(await given.app.as({ party: aParty(), roles: ['producer'] }).post(path(shipmentId), { waybill: 'W-1' })).toMatchObject({ status: 404 });
    expect(await given.app.as({ party: match.buyerId, roles: ['buyer'] }).post(path(shipmentId), { waybill: 'W-1' })).toMatchObject({ status: 403 });
  });
});
