import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ProducerRegistered } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { testService, type TestApp } from '@peyvand/testing';
import { aProducer, aRegistration, operator, producerOf } from '../../test/given.js';
import { producers } from '../producers.module.js';

describe('registering a producer', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await testService(producers)));
  afterAll(() => app?.close());

  it('stores Persian letter forms and tells nothing personal', async () => {
    const body = aRegistration({ sheba: 'IR26 0220 1700 0101 0001 1010 01', phone: '۰۹۱۲۱۲۳۴۵۶۷', postalCode: '۱۹۶۹۸۳۳۱۱۴' });
    expect(await operator(app).post('/api/producers', body)).toMatchObject({ status: 201, body: { producerId: body.id, status: 'registered' } });
    expect((await operator(app).get(`/api/producers/${body.id}`)).body).toMatchObject({
      name: { fa: 'کفش گامک' }, nationalId: body.nationalId, sheba: 'IR260220170001010001101001', phone: '09121234567', postalCode: '1969833114' });
    const [fact] = (await app.facts(ProducerRegistered)).filter(({ key }) => key === body.id);
    expect(fact?.data).toEqual({ producerId: body.id, kind: 'workshop', place: { placeId: expect.any(String), ...body.place }, site: 'workshop-complex', small: true });
  });

  it.each([
    ['nationalId', { nationalId: '14003943132' }, 'legal-id-check-digit-wrong'],
    ['nationalId', { kind: 'guild-unit', nationalId: '0076229646' }, 'national-id-check-digit-wrong'],
    ['nationalId', { kind: 'guild-unit', nationalId: '1111111111' }, 'national-id-never-issued'],
    ['sheba', { sheba: 'IR260220170001010001101002' }, 'sheba-check-digits-wrong'],
    ['postalCode', { postalCode: '0969833114' }, 'postal-code-never-issued'],
  ])('names the faulty field: %s of %j', async (path, more, code) => {
    const reply = await operator(app).post('/api/producers', aRegistration(more), { locale: 'fa' });
    expect(reply).toMatchObject({ status: 422, body: { type: 'urn:peyvand:problem:producer-faulty', errors: [{ path, code, message: expect.stringMatching(/[آ-ی]/) }] } });
  });

  it('names every faulty field at once', async () => {
    const reply = await operator(app).post('/api/producers', aRegistration({ nationalId: '1', sheba: 'x', postalCode: '1' }));
    expect(reply.body.errors.map(({ path }: { path: string }) => path)).toEqual(['nationalId', 'sheba', 'postalCode']);
  });

  it('registers an id and a national id once, and a repetition not again', async () => {
    const body = aRegistration();
    const first = await operator(app).post('/api/producers', body);
    expect(first.status).toBe(201);
    expect(await operator(app).post('/api/producers', { ...body, nationalId: aRegistration().nationalId })).toMatchObject({ status: 409 });
    expect(await operator(app).post('/api/producers', { ...body, id: newId() })).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:producer-exists' } });
    const person = operator(app);
    const again = aRegistration();
    const once = await person.post('/api/producers', again, { idempotencyKey: 'k' });
    expect(await person.post('/api/producers', again, { idempotencyKey: 'k' })).toMatchObject({ status: 201, body: once.body });
    expect(await app.sql('select 1 from producers where id = $1', [again.id])).toHaveLength(1);
  });

  it('knows the parks and refuses an unknown one', async () => {
    const { body } = await operator(app).get('/api/producers/parks');
    const park = body.items.find(({ name }: { name: { fa: string } }) => name.fa === 'چرمشهر تبریز');
    expect((await operator(app).post('/api/producers', aRegistration({ parkId: park.parkId }))).status).toBe(201);
    expect(await operator(app).post('/api/producers', aRegistration({ parkId: newId() }))).toMatchObject({ status: 422, body: { type: 'urn:peyvand:problem:park-not-found' } });
  });

  it('shows others the public profile only', async () => {
    const id = await aProducer(app, { phone: '09121234567' });
    const own = (await producerOf(app, id).get(`/api/producers/${id}`)).body;
    expect(own).toMatchObject({ phone: '09121234567', licences: [{ state: 'confirmed' }] });
    const others = (await producerOf(app, newId()).get(`/api/producers/${id}`)).body;
    expect(others).toMatchObject({ producerId: id, standing: { status: 'verified', licence: 'operation', until: '2028-03-19' } });
    for (const secret of ['nationalId', 'sheba', 'phone', 'postalCode', 'licences']) expect(others).not.toHaveProperty(secret);
  });

  it('finds by park, city and a name however it is spelled', async () => {
    const id = await aProducer(app, { name: { fa: 'چرم‌سازی آذرگون', en: 'Azargoun' }, place: { city: 'تبریز', province: 'آذربایجان شرقی', latitude: 38, longitude: 46 }, parkId: '0199a000-0000-7000-b000-000000000001' });
    for (const query of ['q=چرمسازي', 'q=azargoun', 'park=چرمشهر%20تبريز&q=آذرگون', 'park=0199a000-0000-7000-b000-000000000001&q=azar', 'city=تبریز&q=آذرگون']) {
      const { body } = await producerOf(app, newId()).get(`/api/producers?${encodeURI(decodeURI(query))}`);
      expect({ query, ids: body.items.map((item: { producerId: string }) => item.producerId) }).toEqual({ query, ids: [id] });
    }
    await aProducer(app, { licence: false });
    const first = (await operator(app).get('/api/producers?limit=1')).body;
    expect((await operator(app).get(`/api/producers?limit=1&cursor=${first.next}`)).body.items[0].producerId).not.toBe(first.items[0].producerId);
  });

  it('is the operator’s to do', async () => {
    expect(await producerOf(app, newId()).post('/api/producers', aRegistration())).toMatchObject({ status: 403 });
  });
});
