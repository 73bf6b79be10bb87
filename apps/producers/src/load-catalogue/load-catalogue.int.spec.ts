import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OfferPublished, ProductListed } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { testService, type TestApp } from '@peyvand/testing';
import { aProducer, aProduct, producerOf, someTerms } from '../../test/given.js';
import { producers } from '../producers.module.js';

describe('products, one by one and as a catalogue', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await testService(producers)));
  afterAll(() => app?.close());
  const load = (party: string, products: unknown[]) => producerOf(app, party).post('/api/producers/catalogue', { products });
  const withOffer = (code: string, more: object = {}) => aProduct({ variants: [{ code, size: '30' }], offers: [{ code, ...someTerms() }], ...more });

  it('lists a product with an assortment pack and finds it by what a buyer has on paper', async () => {
    const seller = await aProducer(app);
    const product = aProduct({
      title: { fa: 'كيف چرمي مينا', en: 'Mina bag' }, variants: [{ code: 'MN-1', gtin: '6261000000016', size: 'کوچک' }, { code: 'MN-2', model: 'بهار ۱۴۰۵' }],
      packs: [{ code: 'MN-BOX', contents: [{ code: 'MN-1', quantity: 4 }, { code: 'MN-2', quantity: 2 }] }],
    });
    const { status, body } = await producerOf(app, seller).post('/api/producers/products', product);
    expect(status).toBe(201);
    const [fact] = (await app.facts(ProductListed)).filter(({ key }) => key === body.productId);
    expect(fact?.data).toMatchObject({ title: { fa: 'کیف چرمی مینا' }, packs: [{ code: 'MN-BOX', contents: [{ variantId: body.variants[0].variantId, quantity: 4 }, { quantity: 2 }] }] });
    for (const q of ['کیف چرمی', '6261000000016', '۶۲۶۱۰۰۰۰۰۰۰۱۶', 'mn-2', 'بهار 1405']) {
      const found = await app.as({ party: newId(), roles: ['buyer'] }).get(`/api/producers/products?q=${encodeURIComponent(q)}`);
      expect({ q, ids: found.body.items.map((item: { productId: string }) => item.productId) }).toEqual({ q, ids: [body.productId] });
    }
  });

  it('states its origin with the proof of it', async () => {
    const seller = await aProducer(app);
    const origin = { country: 'IR', domesticShare: 8_500, evidence: 'گواهی ۱۴۰۵/۲۲' };
    const { body } = await producerOf(app, seller).post('/api/producers/products', aProduct({ origin }));
    expect((await producerOf(app, newId()).get(`/api/producers/products?producerId=${seller}&domesticFrom=8000`)).body.items).toMatchObject([{ productId: body.productId, origin }]);
    expect((await producerOf(app, newId()).get(`/api/producers/products?producerId=${seller}&domesticFrom=9000`)).body.items).toEqual([]);
    expect((await app.facts(ProductListed)).find(({ key }) => key === body.productId)?.data.origin).toEqual(origin);
    expect(await producerOf(app, seller).post('/api/producers/products', aProduct({ origin: { country: 'IR', domesticShare: 100 } }))).toMatchObject({ status: 400, body: { errors: [{ path: 'origin.evidence' }] } });
  });

  it.each([
    [{ variants: [{ code: 'A', gtin: '6261000000017' }] }, 'variants[0].gtin', 'gtin-check-digit-wrong'],
    [{ variants: [{ code: 'A-1' }, { code: 'a ۱' }] }, 'variants[1].code', 'code-repeated'],
    [{ packs: [{ code: 'P', contents: [{ code: 'unknown', quantity: 1 }] }] }, 'packs[0].contents[0]', 'variant-not-of-product'],
  ])('refuses %j and names the field', async (more, path, code) => {
    expect(await producerOf(app, await aProducer(app)).post('/api/producers/products', aProduct(more))).toMatchObject({ status: 422, body: { errors: [{ path, code }] } });
  });

  it('takes a code once per producer and a GTIN once at all', async () => {
    const [one, other] = [await aProducer(app), await aProducer(app)];
    const product = aProduct({ variants: [{ code: 'X-1', gtin: '4006381333931' }] });
    expect((await producerOf(app, one).post('/api/producers/products', product)).status).toBe(201);
    expect((await producerOf(app, one).post('/api/producers/products', product)).body.errors).toMatchObject([{ path: 'variants[0].code', code: 'code-taken' }, { path: 'variants[0].gtin', code: 'gtin-taken' }]);
    expect((await producerOf(app, other).post('/api/producers/products', product)).body.errors).toMatchObject([{ code: 'gtin-taken' }]);
  });

  it('loads a thousand products with their offers in one transaction and few statements', async () => {
    const seller = await aProducer(app);
    const before = (await app.facts(OfferPublished)).length;
    const reply = await load(seller, Array.from({ length: 1_000 }, (_, i) => withOffer(`BULK-${i}`)));
    expect(reply).toMatchObject({ status: 201, body: { products: 1_000, variants: 1_000, offers: 1_000, told: 1_000 } });
    expect(await app.sql('select count(distinct xmin::text)::int as transactions, count(*)::int as rows from offers where producer_id = $1', [seller])).toEqual([{ transactions: 1, rows: 1_000 }]);
    expect((await app.facts(OfferPublished)).length - before).toBe(1_000);
  });

  it('loads all or nothing and says where the faults are', async () => {
    const seller = await aProducer(app);
    const reply = await load(seller, [withOffer('OK-1'), withOffer('BAD-1', { offers: [{ code: 'BAD-2', ...someTerms({ minimum: 7 }) }] }), withOffer('ok ۱')]);
    expect(reply).toMatchObject({ status: 422, body: { faults: 3, errors: [
      { path: 'products[1].offers[0].variantId', code: 'variant-not-of-product' }, { path: 'products[1].offers[0].minimum', code: 'minimum-not-in-lots' }, { path: 'products[2].variants[0].code', code: 'code-repeated' }] } });
    expect(await app.sql('select 1 from products where producer_id = $1', [seller])).toEqual([]);
  });

  it('keeps the offers of an unverified producer untold', async () => {
    const newcomer = await aProducer(app, { licence: false });
    expect(await load(newcomer, [withOffer('N-1')])).toMatchObject({ status: 201, body: { products: 1, offers: 1, told: 0 } });
  });

  it('refuses a stranger to the register', async () => {
    expect(await load(newId(), [withOffer('Z-1')])).toMatchObject({ status: 404, body: { type: 'urn:peyvand:problem:producer-not-found' } });
  });
});
