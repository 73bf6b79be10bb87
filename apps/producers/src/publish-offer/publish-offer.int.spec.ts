import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OfferChanged, OfferPublished, OfferWithdrawn, ProducerVerified } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { testService, type TestApp } from '@peyvand/testing';
import { aProducer, aProduct, operator, producerOf, someTerms } from '../../test/given.js';
import { producers } from '../producers.module.js';

describe('an offer', () => {
  let app: TestApp;
  let seller: string;
  let variantId: string;
  beforeAll(async () => void (app = await testService(producers)));
  afterAll(async () => {
    expect(await app.parked()).toEqual([]);
    await app.close();
  });
  const listed = async (party: string): Promise<string> => (await producerOf(app, party).post('/api/producers/products', aProduct())).body.variants[0].variantId;
  const told = async (offerId: string) => [...(await app.facts(OfferPublished)), ...(await app.facts(OfferChanged)), ...(await app.facts(OfferWithdrawn))]
    .filter(({ key }) => key === offerId).map(({ type, data }) => [type.split('.')[3], data.revision]);
  beforeEach(async () => {
    seller = await aProducer(app);
    variantId = await listed(seller);
  });

  it('is told with its product’s market and the producer’s place', async () => {
    const reply = await producerOf(app, seller).post('/api/producers/offers', { variantId, ...someTerms() });
    expect(reply).toMatchObject({ status: 201, body: { state: 'open', revision: 1 } });
    const [fact] = (await app.facts(OfferPublished)).filter(({ key }) => key === reply.body.offerId);
    expect(fact?.data).toMatchObject({ producerId: seller, variantId, market: 'children-shoes', unit: 'PR', place: { city: 'هیدج' }, capacity: 12_000, prices: someTerms().prices });
  });

  it('may have prices that break by quantity; steps that go the wrong way are refused where they stand', async () => {
    const [quote] = someTerms().prices;
    const priced = (...steps: [from: number, amount: string][]) => ({ variantId, ...someTerms(), prices: [{ ...quote, price: { amount: '4150000', per: 1 }, breaks: { kind: 'all-units', steps: steps.map(([from, amount]) => ({ from, amount })) } }] });
    const reply = await producerOf(app, seller).post('/api/producers/offers', priced([500, '4000000'], [2_000, '3900000']));
    expect(reply.status).toBe(201);
    const { prices } = priced([500, '4000000'], [2_000, '3900000']);
    expect((await app.facts(OfferPublished)).find(({ key }) => key === reply.body.offerId)?.data.prices).toEqual(prices);
    expect((await producerOf(app, seller).get(`/api/producers/offers/${reply.body.offerId}`)).body.prices).toEqual(prices);
    const faulty = await producerOf(app, seller).post('/api/producers/offers', priced([500, '4000000'], [500, '4000000']));
    expect(faulty).toMatchObject({ status: 422, body: { errors: [{ path: 'prices[0].breaks.steps[1].from', code: 'steps-not-rising' }, { path: 'prices[0].breaks.steps[1].amount', code: 'steps-not-falling' }] } });
  });

  it('waits, untold, until its producer is verified; then it is told with the verification', async () => {
    const newcomer = await aProducer(app, { licence: false });
    const id = newId();
    const variant = await listed(newcomer);
    expect(await producerOf(app, newcomer).post('/api/producers/offers', { id, variantId: variant, ...someTerms() })).toMatchObject({ status: 201, body: { state: 'waiting' } });
    expect(await producerOf(app, newcomer).patch(`/api/producers/offers/${id}`, { capacity: 9_000 })).toMatchObject({ status: 200, body: { state: 'waiting', revision: 2 } });
    expect(await told(id)).toEqual([]);
    await operator(app).post(`/api/producers/${newcomer}/licences`, { kind: 'operation', number: newId(), validUntil: '2027-01-01' });
    await app.settle();
    expect(await told(id)).toEqual([['OfferPublished', 2]]);
    const verified = (await app.facts(ProducerVerified)).find(({ key }) => key === newcomer);
    const published = (await app.facts(OfferPublished)).find(({ key }) => key === id);
    expect(published?.time).toBe(verified?.time);
    expect((await producerOf(app, newcomer).get(`/api/producers/offers/${id}`)).body).toMatchObject({ state: 'open', capacity: 9_000 });
  });

  it('posted at the moment of the verification is told exactly once', async () => {
    const newcomer = await aProducer(app, { licence: false });
    const variant = await listed(newcomer);
    const ids = Array.from({ length: 12 }, () => newId());
    await Promise.all([
      operator(app).post(`/api/producers/${newcomer}/licences`, { kind: 'guild', number: newId(), validUntil: '2027-01-01' }),
      ...ids.map((id) => producerOf(app, newcomer).post('/api/producers/offers', { id, variantId: variant, ...someTerms() })),
    ]);
    await app.settle();
    for (const id of ids) expect(await told(id)).toEqual([['OfferPublished', 1]]);
  });

  it('of a suspended producer changes in silence and is withdrawn aloud', async () => {
    const [first, second] = [newId(), newId()];
    for (const id of [first, second]) await producerOf(app, seller).post('/api/producers/offers', { id, variantId, ...someTerms() });
    await operator(app).post(`/api/producers/${seller}/suspend`);
    expect(await producerOf(app, seller).patch(`/api/producers/offers/${first}`, { capacity: 100 })).toMatchObject({ body: { state: 'waiting' } });
    expect(await producerOf(app, seller).delete(`/api/producers/offers/${second}`)).toMatchObject({ status: 200, body: { state: 'withdrawn' } });
    expect([await told(first), await told(second)]).toEqual([[['OfferPublished', 1]], [['OfferPublished', 1], ['OfferWithdrawn', 2]]]);
    await operator(app).post(`/api/producers/${seller}/reinstate`);
    expect(await told(first)).toEqual([['OfferPublished', 1], ['OfferChanged', 2]]);
  });

  it('changes at the revision that was looked at, and at no other', async () => {
    const { body: { offerId } } = await producerOf(app, seller).post('/api/producers/offers', { variantId, ...someTerms() });
    expect(await producerOf(app, seller).patch(`/api/producers/offers/${offerId}`, { capacity: 10, minimum: 10, revision: 1 })).toMatchObject({ status: 200, body: { revision: 2 } });
    expect(await producerOf(app, seller).patch(`/api/producers/offers/${offerId}`, { capacity: 20, revision: 1 })).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:offer-changed-meanwhile', revision: 2 } });
    expect(await told(offerId)).toEqual([['OfferPublished', 1], ['OfferChanged', 2]]);
  });

  it('of which two are changed at once keeps every revision', async () => {
    const { body: { offerId } } = await producerOf(app, seller).post('/api/producers/offers', { variantId, ...someTerms() });
    const replies = await Promise.all(Array.from({ length: 6 }, (_, i) => producerOf(app, seller).patch(`/api/producers/offers/${offerId}`, { capacity: 1_000 + i })));
    const done = replies.filter(({ status }) => status === 200).length;
    expect(replies.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect((await told(offerId)).map(([, revision]) => revision)).toEqual(Array.from({ length: done + 1 }, (_, i) => i + 1));
  });

  it.each([
    [{ from: '2026-05-01', until: '2026-04-01' }, 'until', 'window-ends-before-it-begins'],
    [{ from: '2025-01-01', until: '2025-12-31' }, 'until', 'window-is-over'],
    [{ minimum: 55 }, 'minimum', 'minimum-not-in-lots'],
    [{ capacity: 40 }, 'minimum', 'minimum-above-capacity'],
    [{ prices: [...someTerms().prices, ...someTerms().prices] }, 'prices[1].terms', 'terms-repeated'],
    [{ prices: [{ terms: { days: 30, base: 'invoice', instrument: 'cash' }, price: { amount: '1', per: 1 }, validUntil: '2026-12-20' }] }, 'prices[0].terms.days', 'cash-has-no-days'],
    [{ prices: [{ terms: { days: 0, base: 'invoice', instrument: 'cash' }, price: { amount: '0', per: 1 }, validUntil: '2026-12-20' }] }, 'prices[0].price.amount', 'price-is-zero'],
    [{ prices: [{ terms: { days: 0, base: 'invoice', instrument: 'cash' }, price: { amount: '9223372036854775807', per: 1 }, validUntil: '2026-12-20' }] }, 'prices[0].price.amount', 'worth-too-much'],
  ])('that cannot hold is refused with the field: %j', async (more, path, code) => {
    expect(await producerOf(app, seller).post('/api/producers/offers', { variantId, ...someTerms(more) })).toMatchObject({ status: 422, body: { errors: expect.arrayContaining([expect.objectContaining({ path, code })]) } });
  });

  it('belongs to its producer: others find neither the offer nor the variant', async () => {
    const { body: { offerId } } = await producerOf(app, seller).post('/api/producers/offers', { variantId, ...someTerms() });
    const stranger = producerOf(app, await aProducer(app));
    expect((await stranger.get(`/api/producers/offers/${offerId}`)).status).toBe(404);
    expect((await stranger.patch(`/api/producers/offers/${offerId}`, { capacity: 1 })).status).toBe(404);
    expect((await stranger.delete(`/api/producers/offers/${offerId}`)).status).toBe(404);
    expect((await stranger.post('/api/producers/offers', { variantId, ...someTerms() })).status).toBe(404);
    expect((await stranger.get('/api/producers/offers')).body.items).toEqual([]);
    expect((await producerOf(app, seller).get('/api/producers/offers?limit=1')).body.items).toMatchObject([{ offerId }]);
  });

  it('is published once, however often it is sent', async () => {
    const body = { id: newId(), variantId, ...someTerms() };
    await producerOf(app, seller).post('/api/producers/offers', body, { idempotencyKey: 'same' });
    expect(await producerOf(app, seller).post('/api/producers/offers', body, { idempotencyKey: 'same' })).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } });
    expect(await producerOf(app, seller).post('/api/producers/offers', body)).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:offer-exists' } });
    expect(await told(body.id)).toHaveLength(1);
  });
});
