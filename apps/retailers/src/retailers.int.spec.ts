import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CodesCrossReferenced, NetworkRegistered, ProductListed, StoreOpened } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import type { Role } from '@peyvand/platform';
import { testService, type TestApp } from '@peyvand/testing';
import { retailers } from './retailers.module.js';

const nationalIds = ['14003007078', '14003007141', '14003007215', '10380284790', '10101704295'];
const aNetwork = (more: object = {}) => ({ id: newId(), name: { fa: 'هايپر نارون', en: 'Hyper Narvan' }, nationalId: '14003007078', costOfFunds: [{ from: '2026-03-21', rate: 2300 }], automaticAwardUpTo: '50000000000', ...more });
const aPlace = (more: object = {}) => ({ kind: 'store', name: 'شعبهٔ ونک', code: `S-${newId().slice(-6)}`, city: 'تهران', province: 'تهران', latitude: 35.7, longitude: 51.4, ...more });

describe('retail networks', () => {
  let app: TestApp;
  let [narvan, sarvestan] = ['', ''];
  beforeAll(async () => {
    app = await testService(retailers);
    [narvan, sarvestan] = await Promise.all([0, 1].map(async (i) => (await operator().post('/api/retailers', aNetwork({ nationalId: nationalIds[i] }))).body.networkId as string)) as [string, string];
  });
  afterAll(() => app?.close());
  const operator = () => app.as({ party: newId(), roles: ['operator'] });
  const person = (party: string, role: Role, subject = newId()) => app.as({ party, roles: [role], subject });
  const told = async (contract: Parameters<TestApp['facts']>[0], key: string) => (await app.facts(contract)).filter((fact) => fact.key === key).map(({ data }) => data);

  it('register with a policy; names and national ids are in no fact', async () => {
    expect(await told(NetworkRegistered, narvan)).toEqual([{ networkId: narvan, costOfFunds: [{ from: '2026-03-21', rate: 2300 }], automaticAwardUpTo: '50000000000', revision: 1 }]);
  });

  it.each([
    [{ nationalId: '14003943132' }, 'network-faulty'],
    [{ nationalId: nationalIds[3], costOfFunds: [{ from: '2027-01-01', rate: 2300 }] }, 'no-rate-in-force'],
    [{ nationalId: nationalIds[3], costOfFunds: [{ from: '2026-01-01', rate: 1 }, { from: '2026-01-01', rate: 2 }] }, 'rate-twice-on-a-day'],
    [{ nationalId: nationalIds[0] }, 'network-exists'],
  ])('refuse %j', async (more, reason) => {
    expect((await operator().post('/api/retailers', aNetwork(more))).body.type).toBe(`urn:peyvand:problem:${reason}`);
  });

  it('change the policy in revisions, never its past', async () => {
    const id = (await operator().post('/api/retailers', aNetwork({ nationalId: nationalIds[2] }))).body.networkId as string;
    const approver = person(id, 'approver');
    const path = `/api/retailers/${id}/policy`;
    expect(await approver.patch(path, { costOfFunds: [{ from: '2026-06-01', rate: 2500 }], automaticAwardUpTo: '0', revision: 1 })).toMatchObject({ status: 200, body: { revision: 2, automaticAwardUpTo: '0' } });
    expect(await approver.patch(path, { automaticAwardUpTo: '1', revision: 1 })).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:policy-changed-meanwhile' } });
    expect(await approver.patch(path, { costOfFunds: [{ from: '2026-03-20', rate: 1 }] })).toMatchObject({ status: 422, body: { type: 'urn:peyvand:problem:rate-in-the-past', today: '2026-03-21' } });
    expect(await told(NetworkRegistered, id)).toMatchObject([{ revision: 1 }, { revision: 2, costOfFunds: [{ from: '2026-03-21' }, { from: '2026-06-01', rate: 2500 }] }]);
    expect((await person(narvan, 'approver').patch(path, { automaticAwardUpTo: '1' })).status).toBe(404);
    expect((await person(id, 'buyer').patch(path, { automaticAwardUpTo: '1' })).status).toBe(403);
    const both = await Promise.all([1, 2].map((n) => approver.patch(path, { automaticAwardUpTo: String(n), revision: 2 })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('open places and check their GLN', async () => {
    const buyer = person(narvan, 'buyer');
    const { status, body } = await buyer.post('/api/retailers/places', aPlace({ code: 'DC-01', kind: 'distribution-centre', gln: '6291041500213' }));
    expect(status).toBe(201);
    expect(await told(StoreOpened, narvan)).toEqual([{ networkId: narvan, kind: 'distribution-centre', code: 'DC-01', gln: '6291041500213', place: { placeId: body.placeId, city: 'تهران', province: 'تهران', latitude: 35.7, longitude: 51.4 } }]);
    expect(await buyer.post('/api/retailers/places', aPlace({ gln: '6291041500214' }), { locale: 'fa' })).toMatchObject({ status: 422, body: { errors: [{ path: 'gln', code: 'gln-check-digit-wrong', message: expect.stringContaining('GLN') }] } });
    expect(await buyer.post('/api/retailers/places', aPlace({ code: 'dc ۰۱' }))).toMatchObject({ status: 409 });
    expect((await buyer.get(`/api/retailers/places?q=${encodeURIComponent('ونك')}`)).body.items).toMatchObject([{ code: 'DC-01' }]);
    expect((await person(sarvestan, 'buyer').get('/api/retailers/places')).body.items).toEqual([]);
    expect(await person(newId(), 'buyer').post('/api/retailers/places', aPlace())).toMatchObject({ status: 404 });
  });

  it('cross-reference five thousand codes at once; the later entry of a code wins', async () => {
    const buyer = person(sarvestan, 'buyer');
    const [first, second] = [newId(), newId()];
    const codes = Array.from({ length: 5_000 }, (_, i) => ({ code: `SRV-${i}`, variantId: first }));
    expect(await buyer.post('/api/retailers/codes', { codes })).toMatchObject({ status: 201, body: { codes: 5_000, changed: 5_000 } });
    expect((await buyer.post('/api/retailers/codes', { codes: codes.slice(0, 3) })).body).toEqual({ codes: 3, changed: 0 });
    expect((await buyer.post('/api/retailers/codes', { codes: [{ code: 'srv ۰', variantId: second }] })).body).toEqual({ codes: 1, changed: 1 });
    expect((await buyer.get('/api/retailers/codes?limit=1')).body.items).toEqual([{ code: 'srv ۰', variantId: second }]);
    expect((await told(CodesCrossReferenced, sarvestan)).map(({ codes: list }) => list.length)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 1]);
    expect((await person(narvan, 'buyer').get('/api/retailers/codes')).body.items).toEqual([]);
  });

  it('name several variants with one code, the preferred first; a later request replaces them all', async () => {
    const buyer = person(sarvestan, 'buyer');
    const variants = Array.from({ length: 52 }, () => newId());
    const [first, second, third] = variants as [string, string, string];
    const before = (await told(CodesCrossReferenced, sarvestan)).length;
    const post = async (...named: [string, string][]) => (await buyer.post('/api/retailers/codes', { codes: named.map(([code, variantId]) => ({ code, variantId })) })).body;
    // The same code is found by the same letters; an entry twice counts once.
    const ranked: [string, string][] = [['AA 1', second], ['AA-2', first], ['aa1', first], ['AA1', second], ['AA-1', third]];
    expect(await post(...ranked)).toEqual({ codes: 2, changed: 2 });
    expect(await post(...ranked)).toEqual({ codes: 2, changed: 0 });
    expect((await buyer.get('/api/retailers/codes?limit=2')).body.items).toEqual([{ code: 'AA 1', variantId: second, substitutes: [first, third] }, { code: 'AA-2', variantId: first }]);
    // Another order of preference is a change.
    expect(await post(['AA 1', first], ['AA 1', second])).toEqual({ codes: 1, changed: 1 });
    expect((await buyer.get('/api/retailers/codes?limit=1')).body.items).toEqual([{ code: 'AA 1', variantId: first, substitutes: [second] }]);
    expect((await told(CodesCrossReferenced, sarvestan)).slice(before)).toMatchObject([
      { codes: [{ code: 'AA 1', variantId: second }, { code: 'AA 1', variantId: first }, { code: 'AA 1', variantId: third }, { code: 'AA-2', variantId: first }] },
      { codes: [{ code: 'AA 1', variantId: first }, { code: 'AA 1', variantId: second }] },
    ]);
    expect((await post(...variants.map((variantId): [string, string] => ['AA 1', variantId]))).errors).toMatchObject([{ path: 'codes[51].code', code: 'alternatives-too-many', message: expect.stringContaining('51') }]);
  });

  it('never part the variants of a code over two facts', async () => {
    const buyer = person(sarvestan, 'buyer');
    const before = (await told(CodesCrossReferenced, sarvestan)).length;
    const codes = Array.from({ length: 1_200 }, (_, i) => ({ code: `P-${Math.floor(i / 3)}`, variantId: newId() }));
    expect((await buyer.post('/api/retailers/codes', { codes })).body).toEqual({ codes: 400, changed: 400 });
    const lots = (await told(CodesCrossReferenced, sarvestan)).slice(before);
    expect(lots.map(({ codes: list }) => list.length)).toEqual([999, 201]);
    expect(lots.flatMap(({ codes: list }) => list)).toEqual(codes);
  });

  it('cross-reference by the GTIN of a listed variant', async () => {
    const buyer = person(narvan, 'buyer');
    const variantId = newId();
    const codes = [{ code: 'N-GTIN', gtin: '۶۲۶۱۰۰۰۰۰۰۰۱۶' }];
    expect(await buyer.post('/api/retailers/codes', { codes })).toMatchObject({ status: 422, body: { errors: [{ path: 'codes[0].gtin', code: 'gtin-unknown' }] } });
    const listed = ProductListed.of({ ...ProductListed.sample, variants: [{ variantId, code: 'A', gtin: '6261000000016' }, { variantId: newId(), code: 'B' }] });
    await app.deliver(listed, { id: newId() });
    await app.deliver(listed, { id: newId() });
    expect(await buyer.post('/api/retailers/codes', { codes })).toMatchObject({ status: 201, body: { codes: 1, changed: 1 } });
    expect((await buyer.get('/api/retailers/codes')).body.items).toEqual([{ code: 'N-GTIN', variantId }]);
    const faulty = [{ code: 'X' }, { code: 'Y', gtin: '6261000000017' }, { code: 'Z', gtin: '6261000000016', variantId }];
    expect((await buyer.post('/api/retailers/codes', { codes: faulty })).body.errors).toMatchObject([{ path: 'codes[0]', code: 'variant-or-gtin' }, { path: 'codes[1].gtin', code: 'gtin-check-digit-wrong' }, { path: 'codes[2]', code: 'variant-or-gtin' }]);
  });

  it('name their people; nobody sets their own roles; no fact tells of them', async () => {
    const before = (await app.facts()).length;
    const me = newId();
    const approver = person(narvan, 'approver', me);
    const { status, body } = await approver.post('/api/retailers/buyers', { subject: newId(), name: 'مریم كریمی', roles: ['buyer'] });
    expect([status, body.name]).toEqual([201, 'مریم کریمی']);
    expect(await approver.post('/api/retailers/buyers', { subject: me, name: 'خودم', roles: ['signatory'] })).toMatchObject({ status: 403, body: { type: 'urn:peyvand:problem:own-roles' } });
    expect(await approver.post('/api/retailers/buyers', { subject: newId(), name: 'x', roles: ['operator'] })).toMatchObject({ status: 422 });
    expect(await approver.patch(`/api/retailers/buyers/${body.buyerId}`, { roles: ['storekeeper'], version: 1 })).toMatchObject({ status: 200, body: { version: 2, roles: ['storekeeper'] } });
    expect(await approver.patch(`/api/retailers/buyers/${body.buyerId}`, { active: false, version: 1 })).toMatchObject({ status: 409 });
    expect((await person(sarvestan, 'approver').patch(`/api/retailers/buyers/${body.buyerId}`, { active: false })).status).toBe(404);
    expect((await operator().post('/api/retailers/buyers', { networkId: sarvestan, subject: newId(), name: 'علی', roles: ['approver'] })).body.networkId).toBe(sarvestan);
    expect((await person(narvan, 'buyer').get('/api/retailers/buyers')).body.items).toHaveLength(1);
    expect((await app.facts()).length).toBe(before);
  });

  it('show others their name only', async () => {
    expect((await person(newId(), 'producer').get(`/api/retailers/${narvan}`)).body).toEqual({ networkId: narvan, name: { fa: 'هایپر نارون', en: 'Hyper Narvan' } });
    expect((await person(narvan, 'storekeeper').get(`/api/retailers/${narvan}`)).body).toMatchObject({ nationalId: '14003007078', policy: { revision: 1, automaticAwardUpTo: '50000000000' } });
    expect((await person(newId(), 'producer').get(`/api/retailers?q=${encodeURIComponent('نارون')}`)).body.items).toEqual(expect.arrayContaining([{ networkId: narvan, name: { fa: 'هایپر نارون', en: 'Hyper Narvan' } }]));
  });

  it('answer a repetition with the first answer', async () => {
    const body = aPlace();
    const first = await person(narvan, 'buyer').post('/api/retailers/places', body, { idempotencyKey: 'p' });
    expect(await person(narvan, 'buyer').post('/api/retailers/places', body, { idempotencyKey: 'p' })).toMatchObject({ status: 201, body: first.body });
    expect(await person(narvan, 'buyer').post('/api/retailers/places', aPlace(), { idempotencyKey: 'p' })).toMatchObject({ status: 422, body: { type: 'urn:peyvand:problem:idempotency-key-reused' } });
  });
});
