import { expect } from '@jest/globals';
import type { Idleness } from '@peyvand/messaging';
import { peopleOf, personOf, type Reply } from './api.js';
import { dayIn, settled, type Platform } from './platform.js';
import { goodsId, ids, terms } from './world.js';

/** What a careless or curious client sends; each answer is a problem that names what is wrong, and nothing is written anywhere. */
export const badInputJourney = async (platform: Platform): Promise<void> => {
  const as = peopleOf(platform.url);
  const buyer = as('narvan.buyer');
  const line = { variantId: ids.sneakers, quantity: 100, shipTo: ids.centre, neededBy: await dayIn(platform, 30), terms: terms.barat90 };
  const order = (change: object, lineChange: object = {}) => ({ poNumber: 'BAD-1', lines: [{ ...line, ...lineChange }], ...change });
  const key = 'bad-input-same-key';
  const { orderId } = await buyer.wantPost('/api/orders', order({ poNumber: 'GOOD-1' }), { key });
  await settled(platform);
  const before = await written(platform);
  const answers: [what: string, reply: Reply, status: number, type: string, path?: string][] = [
    ['malformed JSON', await buyer.post('/api/orders', '{"poNumber": "X", '), 400, 'malformed-json'],
    ['an unknown field', await buyer.post('/api/orders', order({ colour: 'red' })), 400, 'validation-failed', 'colour'],
    ['an unknown field of a line', await buyer.post('/api/orders', order({}, { qty: 1 })), 400, 'validation-failed', 'lines[0].qty'],
    ['a negative quantity', await buyer.post('/api/orders', order({}, { quantity: -5 })), 400, 'validation-failed', 'lines[0].quantity'],
    ['half a pair', await buyer.post('/api/orders', order({}, { quantity: 0.5 })), 400, 'validation-failed', 'lines[0].quantity'],
    ['a day that is none', await buyer.post('/api/orders', order({}, { neededBy: '2026-02-30' })), 400, 'validation-failed', 'lines[0].neededBy'],
    ['no lines', await buyer.post('/api/orders', order({ lines: [] })), 400, 'validation-failed', 'lines'],
    ['an unknown product', await buyer.post('/api/orders', order({}, { variantId: goodsId(99_999) })), 422, 'order-invalid', 'lines[0].variantId'],
    ['a place of nobody', await buyer.post('/api/orders', order({}, { shipTo: goodsId(99_998) })), 422, 'order-invalid', 'lines[0].shipTo'],
    ['a Sheba with a wrong check digit', await as('gamak.producer').post('/api/financing/accounts', { sheba: 'IR620120000000004000000203' }), 400, 'account-not-valid'],
    ['a national id with a wrong check digit', await as('operator').post('/api/retailers', { name: { fa: 'نمونه', en: 'Sample' }, nationalId: '14003007079', costOfFunds: [{ from: '2026-03-21', rate: 2300 }] }), 422, 'network-faulty', 'nationalId'],
    ['another party’s order', await as('mehrayin.buyer').post(`/api/orders/${orderId}/cancel`, { reason: 'test' }), 404, 'order-not-found'],
    ['another party’s story', await as('mehrayin.buyer').get(`/api/orders/${orderId}/story`), 404, 'not-found'],
    ['an id that is none', await buyer.get('/api/orders/1234'), 404, 'not-found'],
    ['a role that may not', await as('narvan.storekeeper').post('/api/orders', order({})), 403, 'role-not-allowed'],
    ['nobody', await personOf(platform.url, Promise.resolve('')).post('/api/orders', order({})), 401, 'token-missing'],
    ['a forged token', await personOf(platform.url, forged(platform)).post('/api/orders', order({})), 401, 'token-invalid'],
    ['no Idempotency-Key', await buyer.post('/api/orders', order({}), { key: null }), 400, 'idempotency-key-missing'],
    ['the same key with another body', await buyer.post('/api/orders', order({ poNumber: 'BAD-2' }), { key }), 422, 'idempotency-key-reused'],
    ['a purchase order number used before', await buyer.post('/api/orders', order({ poNumber: 'GOOD-1' })), 409, 'po-number-taken'],
    ['an address that is none', await buyer.get('/api/orders/no/such/route'), 404, 'route-not-found'],
    ['an unknown service', await buyer.get('/api/nothing'), 404, 'route-not-found'],
    ['a picture instead of JSON', await buyer.post('/api/orders', 'GIF89a', { headers: { 'content-type': 'image/gif' } }), 415, 'media-type-not-supported'],
    ['more days than the demo goes', await as('operator').post('/api/demo/clock', { advanceDays: -1 }), 400, 'validation-failed', 'advanceDays'],
  ];
  const told = answers.map(([what, { status, body }]) => [what, status, String(body?.type).replace('urn:peyvand:problem:', '')]);
  expect(told).toEqual(answers.map(([what, , status, type]) => [what, status, type]));
  for (const [what, { status, body, headers }, , , path] of answers) {
    expect([what, headers.get('content-type')]).toEqual([what, expect.stringMatching(/^application\/problem\+json/)]);
    expect([what, body]).toEqual([what, expect.objectContaining({ title: expect.stringMatching(/./), detail: expect.stringMatching(/./), status, instance: expect.stringMatching(/^\/api\//) })]);
    if (path !== undefined) expect([what, body.errors?.map((error: { path: string }) => error.path)]).toEqual([what, expect.arrayContaining([path])]);
  }
  const persian = await buyer.post('/api/orders', order({}, { quantity: -5 }), { headers: { 'accept-language': 'fa-IR' } });
  expect(persian.body.detail).toMatch(/[آ-ی]/);
  await settled(platform);
  expect(await written(platform)).toEqual(before);
};

/** How far each service's facts have come, and the operator's totals. */
const written = async ({ url, processUrls }: Platform) => {
  const all = await Promise.all(processUrls.map(async (one) => (await fetch(`${one}/idlez`)).json() as Promise<Record<string, Idleness>>));
  const facts = Object.fromEntries(all.flatMap((one) => Object.entries(one).map(([name, { lastSeq }]) => [name, lastSeq])));
  return { facts, totals: await peopleOf(url)('operator').want('/api/orders/totals') };
};

/** A good token whose expiry was moved into the past: neither its signature nor its time is right any more. */
const forged = async ({ url }: Platform): Promise<string> => {
  const response = await fetch(`${url}/api/auth/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"user":"narvan.buyer"}' });
  const [header, payload = '', signature] = ((await response.json()) as { access_token: string }).access_token.split('.');
  const claims = { ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), exp: 1 };
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
};
