import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LineUnmatched, MatchMade, OfferChanged, OrderSubmitted } from '@peyvand/contracts';
import { aParty } from '@peyvand/testing';
import { aWorld, cash, warehouse, type World } from '../../test/world.js';

let world: World;
let other: string;
beforeEach(async () => {
  world = await aWorld();
  other = await world.list();
  await world.refer('NRV-1', world.variantId, other);
});
afterEach(() => world.close());

/** An offer in cash from next door: what it costs is its price. */
const offerAt = (price: number, parts: object = {}) =>
  world.offer({ prices: [{ terms: cash, price: { amount: String(price), per: 1 }, validUntil: '2026-12-20' }], place: warehouse, ...parts });
type Row = any; // eslint-disable-line @typescript-eslint/no-explicit-any -- replies are looked at field by field
const filled = async (orderId: string) => (await world.read(orderId)).matches.flatMap(({ sellerId, lines }: Row) => lines.map(({ variantId, quantity }: Row) => ({ sellerId, variantId, quantity })));

describe('producers compete for a line', () => {
  it('whose code names several variants; the cheaper wins, and the buyer sees what it was chosen over', async () => {
    const dear = await offerAt(4_000_000);
    const cheap = await offerAt(3_900_000, { variantId: other });
    const orderId = await world.submit([{}]);
    expect((await world.app.facts(OrderSubmitted)).at(-1)?.data.lines).toMatchObject([{ variantId: world.variantId, substitutes: [other] }]);
    expect((await world.app.facts(MatchMade)).at(-1)?.data).toMatchObject({ sellerId: cheap.producerId, lines: [{ variantId: other, offerId: cheap.offerId, quantity: 100 }] });

    const order = await world.read(orderId);
    expect(order.lines).toMatchObject([{ variantId: world.variantId, substitutes: [other], matched: 100 }]);
    expect(order.matches).toMatchObject([{ sellerId: cheap.producerId, lines: [{
      variantId: other, title: { en: 'Other sneakers' }, variantCode: expect.stringContaining('OTH'), landed: '3900000', freight: '0', distanceKm: 0,
      runnerUp: { sellerId: dear.producerId, variantId: world.variantId, landed: '4000000', difference: '100000' },
    }] }]);
    const [seen] = (await world.producer(cheap.producerId).get('/api/orders/matches')).body.items;
    expect(seen).toMatchObject({ matchId: order.matches[0].matchId, lines: [{ variantId: other }] });
    expect(JSON.stringify([seen, await world.app.facts(MatchMade)])).not.toMatch(/runnerUp|landed/);
  });

  it.each(['the preferred', 'the other'])('and where both cost the same, %s comes first in the code and wins', async (which) => {
    const first = which === 'the preferred' ? world.variantId : other;
    await world.refer('NRV-1', first, first === other ? world.variantId : other);
    for (const variantId of [world.variantId, other]) await offerAt(4_000_000, { variantId });
    expect(await filled(await world.submit([{}]))).toMatchObject([{ variantId: first }]);
  });

  it('and several fill it together, each by a purchase order of its own', async () => {
    const [a, b] = [await offerAt(3_900_000, { capacity: 60 }), await offerAt(4_000_000, { variantId: other, capacity: 500 })];
    const orderId = await world.submit([{}]);
    expect(await filled(orderId)).toEqual(expect.arrayContaining([{ sellerId: a.producerId, variantId: world.variantId, quantity: 60 }, { sellerId: b.producerId, variantId: other, quantity: 40 }]));
    expect(await world.read(orderId)).toMatchObject({ lines: [{ matched: 100 }], matches: [{ state: 'issued' }, { state: 'issued' }] });
    // What one declines, the other may take.
    const [match] = (await world.read(orderId)).matches.filter(({ sellerId }: Row) => sellerId === a.producerId);
    await world.producer(a.producerId).post(`/api/orders/matches/${match.matchId}/answer`, { answer: 'decline' });
    await world.app.settle();
    expect(await world.app.sql('select matched, waiting from lines')).toEqual([{ matched: 100, waiting: 0 }]);
    expect(await world.app.sql('select committed from offers order by capacity')).toEqual([{ committed: 0 }, { committed: 100 }]);
  });

  it('and one that fills it with two variants gets a match for each, because shipments tell goods apart by the line', async () => {
    const producerId = aParty();
    await offerAt(3_900_000, { producerId, capacity: 60 });
    await offerAt(4_000_000, { producerId, variantId: other });
    const orderId = await world.submit([{}]);
    expect((await world.read(orderId)).matches.map(({ lines }: Row) => lines.map(({ variantId, quantity }: Row) => [variantId, quantity]))).toEqual(
      expect.arrayContaining([[[world.variantId, 60]], [[other, 40]]]));
  });

  it('but only with what the line names', async () => {
    await offerAt(3_000_000, { variantId: await world.list() });
    await offerAt(3_500_000, { variantId: other });
    const brand = await world.submit([{ code: undefined, variantId: world.variantId }]);
    expect((await world.read(brand)).lines).toMatchObject([{ substitutes: [], matched: 0, reason: 'no-offer' }]);
    expect(await filled(await world.submit([{ code: undefined, variantId: world.variantId, substitutes: [other] }]))).toMatchObject([{ variantId: other }]);
  });

  it('and when none will do, the reason and the cure are of the nearest of all', async () => {
    await offerAt(4_000_000);
    await offerAt(3_900_000, { variantId: other });
    const orderId = await world.submit([{ priceCeiling: '3500000' }]);
    expect((await world.app.facts(LineUnmatched)).at(-1)?.data).toMatchObject({ orderId, variantId: world.variantId, reason: 'above-ceiling', cure: { priceCeiling: '3900000' } });
  });
});

describe('a line on back-order', () => {
  it('is woken by an offer of a substitute', async () => {
    const orderId = await world.submit([{ fillPolicy: 'back-order' }]);
    expect(await world.app.sql('select ready, substitutes::text[] from queue')).toEqual([{ ready: false, substitutes: [other] }]);
    await offerAt(4_000_000, { variantId: await world.list() });
    expect((await world.read(orderId)).lines).toMatchObject([{ waiting: 100 }]);
    await offerAt(4_000_000, { variantId: other });
    expect(await world.read(orderId)).toMatchObject({ lines: [{ matched: 100, waiting: 0 }], matches: [{ lines: [{ variantId: other }] }] });
    expect(await world.app.sql('select from queue')).toEqual([]);
  });

  it('is woken when capacity of a substitute is released, or grows', async () => {
    const offer = await offerAt(4_000_000, { variantId: other, capacity: 100 });
    const taker = await world.submit([{}]);
    const waiting = await world.submit([{ fillPolicy: 'back-order', quantity: 150 }]);
    expect((await world.read(waiting)).lines).toMatchObject([{ matched: 0, waiting: 150, reason: 'no-capacity' }]);
    await world.buyer.post(`/api/orders/${taker}/cancel`, { reason: 'test' });
    await world.app.settle();
    expect((await world.read(waiting)).lines).toMatchObject([{ matched: 100, waiting: 50 }]);
    await world.deliver(OfferChanged.of({ ...offer, capacity: 200, revision: 2 }));
    expect((await world.read(waiting)).lines).toMatchObject([{ matched: 150, waiting: 0 }]);
  });

  it('is woken by what the buyer newly accepts', async () => {
    await offerAt(4_000_000, { variantId: other });
    const orderId = await world.submit([{ code: undefined, variantId: world.variantId, fillPolicy: 'back-order' }]);
    const [{ lineId }] = (await world.read(orderId)).lines;
    const change = (substitutes: string[]) => world.buyer.patch(`/api/orders/${orderId}`, { lines: [{ lineId, substitutes }] });
    const elsewhere = await world.list({ market: 'boots' });
    expect((await change([other, elsewhere])).body.errors).toMatchObject([{ path: 'lines[0].substitutes[1]', code: 'market-differs', message: expect.stringContaining('same market') }]);
    expect((await change([other])).body).toEqual({ orderId, revision: 2 });
    await world.app.settle();
    expect(await world.read(orderId)).toMatchObject({ lines: [{ substitutes: [other], matched: 100 }] });
  });
});

describe('a code', () => {
  it('names what its last cross-reference said, however it is spelled; orders that were submitted keep theirs', async () => {
    const third = await world.list();
    const before = await world.submit([{ code: 'nrv ۱' }]);
    await world.refer('NRV1', third);
    await offerAt(4_000_000, { variantId: other });
    expect((await world.read(await world.submit([{ code: 'NRV-1' }]))).lines).toMatchObject([{ variantId: third, substitutes: [] }]);
    await world.refer('NRV-1', other, third, other, world.variantId);
    expect((await world.read(await world.submit([{ code: 'NRV-1' }]))).lines).toMatchObject([{ variantId: other, substitutes: [third, world.variantId] }]);
    expect((await world.read(before)).lines).toMatchObject([{ variantId: world.variantId, substitutes: [other] }]);
  });
});
