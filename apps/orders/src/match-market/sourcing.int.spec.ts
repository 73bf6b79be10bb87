import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LineUnmatched, OfferNotChosen, OrderSubmitted, ProducerRegistered } from '@peyvand/contracts';
import { aParty } from '@peyvand/testing';
import { aWorld, market, onAccount, warehouse, type World } from '../../test/world.js';
import { settings } from '../orders.config.js';
import { matchMarket } from './match-market.js';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.close());

const priced = (amount: string) => ({ prices: [{ terms: onAccount, price: { amount, per: 1 }, validUntil: '2026-12-20' }] });
const sellersOf = async (orderId: string): Promise<Record<string, number>> => {
  const { matches } = (await world.read(orderId)) as { matches: { sellerId: string; state: string; lines: { quantity: number }[] }[] };
  const units: Record<string, number> = {};
  for (const { sellerId, state, lines } of matches) if (state !== 'released') units[sellerId] = (units[sellerId] ?? 0) + lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return units;
};
const unmatched = async () => (await world.app.facts(LineUnmatched)).map(({ data: { quantity, reason, limit, cure } }) => ({ quantity, reason, limit, cure }));

describe('prices that break by quantity', () => {
  const broken = (kind: 'all-units' | 'incremental') => ({ prices: [{ terms: onAccount, price: { amount: '4200000', per: 1 }, breaks: { kind, steps: [{ from: 51, amount: '3800000' }] }, validUntil: '2026-12-20' }] });

  it('for all units: a large line buys at the step it reaches, a small one elsewhere', async () => {
    const [cheaper, flat] = [await world.offer(broken('all-units')), await world.offer(priced('4000000'))];
    const [large, small] = [await world.submit([{ quantity: 60 }]), await world.submit([{ quantity: 40 }])];
    expect((await world.read(large)).matches).toMatchObject([{ sellerId: cheaper.producerId, amount: '228000000', lines: [{ price: { amount: '3800000', per: 1 } }] }]);
    expect((await world.read(small)).matches).toMatchObject([{ sellerId: flat.producerId, amount: '160000000' }]);
  });

  it('by increments: the match tells its exact total as the price of its whole quantity', async () => {
    await world.offer(broken('incremental'));
    const orderId = await world.submit([{ quantity: 60 }]);
    expect((await world.read(orderId)).matches).toMatchObject([{ amount: '248000000', lines: [{ quantity: 60, price: { amount: '248000000', per: 60 } }] }]);
  });
});

describe('a producer whose offer got nothing', () => {
  it('learns by how much it missed, where the buyer allows it, and nothing else', async () => {
    const [won, lost] = [await world.offer(priced('4000000')), await world.offer(priced('4080000'))];
    await world.submit([{}]);
    expect(await world.app.facts(OfferNotChosen)).toEqual([]);
    const orderId = await world.submit([{ tellsLosers: true }]);
    const [fact, ...others] = await world.app.facts(OfferNotChosen);
    expect(others).toEqual([]);
    expect(fact?.data).toEqual({ offerId: lost.offerId, sellerId: lost.producerId, variantId: world.variantId, market: 'children-shoes', asOf: '2026-03-21', band: '1-to-3' });
    const said = JSON.stringify(fact);
    for (const secret of [orderId, world.networkId, won.producerId, won.offerId, '4000000', ...(await world.app.facts(OrderSubmitted)).map(({ id, correlationid }) => `${id}|${correlationid}`).join('|').split('|')]) expect(said).not.toContain(secret);
  });
});

describe('a share for small units, where the operator keeps one', () => {
  it('goes to producers that registered as small, as far as the tolerance allows', async () => {
    const [large, small] = [await world.offer(priced('4000000')), await world.offer({ capacity: 40, ...priced('4010000') })];
    await world.deliver(ProducerRegistered.of({ producerId: small.producerId, kind: 'workshop', place: warehouse, site: 'none', small: true }));
    const fair = { ...settings, matching: { fairness: { floorShare: 40, tolerance: 100 } } };
    const orderId = await world.submit([{ quantity: 100, neededBy: '2026-03-22' }]);
    await world.app.sql(`update lines set needed_by = '2026-06-01', waiting = quantity, unmatched = 0`);
    await world.app.sql(`insert into queue (line_id, order_id, market, variant_id, causationid, correlationid) select line_id, order_id, market, variant_id, 'test', gen_random_uuid()::text from lines`);
    await matchMarket(world.app.source, market, fair);
    expect(await sellersOf(orderId)).toEqual({ [large.producerId]: 60, [small.producerId]: 40 });
  });
});

describe('how a line is spread over producers', () => {
  it('is told by its facts and read back; a change keeps what it does not name', async () => {
    await world.offer();
    const preferredSellers = [aParty(), aParty()];
    const said = { minimumFill: 40, maximumSuppliers: 2, shareCap: 60, preferredSellers, tellsLosers: true };
    const orderId = await world.submit([{ quantity: 100, neededBy: '2026-03-22', ...said }]);
    expect((await world.app.facts(OrderSubmitted))[0]?.data.lines[0]).toMatchObject(said);
    const { lines: [line] } = await world.read(orderId);
    expect(line).toMatchObject({ ...said, unmatched: 100 });
    await world.buyer.patch(`/api/orders/${orderId}`, { lines: [{ lineId: line.lineId, shareCap: 100 }] });
    expect((await world.read(orderId)).lines[0]).toMatchObject({ ...said, shareCap: 100 });
  });

  it('a minimum fill above the quantity is refused, when the order comes and when it changes', async () => {
    const submitted = await world.buyer.post('/api/orders', { poNumber: 'PO-X', lines: [{ code: 'NRV-1', quantity: 10, shipTo: 'DC-01', neededBy: '2026-09-20', minimumFill: 11 }] });
    expect(submitted).toMatchObject({ status: 422, body: { errors: [{ path: 'lines[0].minimumFill', code: 'minimum-fill-above-quantity' }] } });
    const orderId = await world.submit([{ quantity: 100, minimumFill: 80 }]);
    const [{ lineId }] = (await world.read(orderId)).lines;
    expect(await world.buyer.patch(`/api/orders/${orderId}`, { lines: [{ lineId, quantity: 50 }] })).toMatchObject({ status: 422, body: { errors: [{ path: 'lines[0].quantity', code: 'minimum-fill-above-quantity' }] } });
  });

  it('less than the minimum fill is not matched, and the buyer is told what there is', async () => {
    await world.offer({ capacity: 60 });
    const orderId = await world.submit([{ quantity: 100, minimumFill: 80 }]);
    expect((await world.read(orderId)).lines[0]).toMatchObject({ matched: 0, unmatched: 100, reason: 'no-capacity', cure: { minimumFill: 60 } });
    await world.offer({ capacity: 30 });
    const second = await world.submit([{ quantity: 100, minimumFill: 80 }]);
    expect((await world.read(second)).lines[0]).toMatchObject({ matched: 90, unmatched: 10 });
  });

  it('the share cap holds for the line and names its cure', async () => {
    await world.offer({ capacity: 500, ...priced('4000000') });
    await world.submit([{ quantity: 100, shareCap: 70 }]);
    expect(await unmatched()).toEqual([{ quantity: 30, reason: 'seller-not-allowed', limit: 'share-cap', cure: { shareCap: 100 } }]);
  });

  it('a producer that declines is made up for within the limits, counting who supplies the line already', async () => {
    const [cheap, fair, dear] = [await world.offer({ capacity: 60, ...priced('4000000') }), await world.offer({ capacity: 500, ...priced('4100000') }), await world.offer({ capacity: 500, ...priced('4200000') })];
    const orderId = await world.submit([{ quantity: 100, maximumSuppliers: 2, shareCap: 60 }]);
    expect(await sellersOf(orderId)).toEqual({ [cheap.producerId]: 60, [fair.producerId]: 40 });
    const { matches } = (await world.read(orderId)) as { matches: { matchId: string; sellerId: string }[] };
    const declined = matches.find(({ sellerId }) => sellerId === cheap.producerId)?.matchId ?? '';
    await world.producer(cheap.producerId).post(`/api/orders/matches/${declined}/answer`, { answer: 'decline' });
    await world.app.settle();
    // 20 more for who has 40 already, and the other 40 for the one further supplier the line may have.
    expect(await sellersOf(orderId)).toEqual({ [fair.producerId]: 60, [dear.producerId]: 40 });
  });
});
