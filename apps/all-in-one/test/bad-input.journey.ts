import { createHash } from 'node:crypto';

import { expect, it } from '@jest/globals';
import type { Client, Reply } from './client.js';

/** What is wrong is said as problem+json, in the caller's language, and nothing is written. */
export const badInputJourney = (platform: () => Client): void => {
  const variantId = '0199a000-0000-7000-a0d0-000002020206';
  const shipTo = '0199a000-0000-7000-a000-000000101000';
  const line = { variantId, quantity: 100, shipTo, neededBy: '2099-01-01' };
  const order = (more: object = {}) => ({ poNumber: `BAD-${Math.random()}`, lines: [line], ...more });
  const json = { 'content-type': 'application/json' };
  const countOf = async () => Number(Object.values((await platform().get('operator', '/api/orders/totals')).body.orders as Record<string, number>).reduce((sum, one) => sum + one, 0));

  const expired = async (): Promise<string> => {
    const token = await platform().token('narvan.buyer');
    const [head = '', body = '', signature] = token.split('.');
    const claims = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), exp: 1_600_000_000 };
    return [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
  };

  const cases: readonly [what: string, status: readonly number[], send: (client: Client) => Promise<Reply>][] = [
    ['malformed JSON', [400], (client) => client.send('POST', 'narvan.buyer', '/api/orders', '{"lines": [', { ...json, 'idempotency-key': 'bad-1' })],
    ['an unknown field', [400], (client) => client.post('narvan.buyer', '/api/orders', order({ colour: 'red' }))],
    ['a negative quantity', [400], (client) => client.post('narvan.buyer', '/api/orders', order({ lines: [{ ...line, quantity: -5 }] }))],
    ['an unknown product', [404, 422], (client) => client.post('narvan.buyer', '/api/orders', order({ lines: [{ ...line, variantId: '0199a000-0000-7000-8fff-000000000000' }] }))],
    ['a wrong check digit', [400, 422], (client) => client.post('operator', '/api/retailers', { name: { fa: 'آزمون', en: 'Test' }, nationalId: '14003007079', costOfFunds: [{ from: '2026-03-21', rate: 2300 }] })],
    ['no token', [401], (client) => client.post(undefined, '/api/orders', order())],
    ['a token that expired or was changed', [401], async (client) => client.send('POST', undefined, '/api/orders', JSON.stringify(order()), { ...json, 'idempotency-key': 'bad-2', authorization: `Bearer ${await expired()}` })],
    ['a role that may not', [403], (client) => client.post('narvan.storekeeper', '/api/orders', order())],
    ['another party’s order', [404], (client) => client.get('mehrayin.buyer', '/api/orders/0199a000-0000-7000-a0f0-000000000001')],
    ['a missing Idempotency-Key', [400], (client) => client.send('POST', 'narvan.buyer', '/api/orders', JSON.stringify(order()), json)],
  ];

  it.each(cases)('%s is a clear problem and writes nothing', async (_, status, send) => {
    const before = await countOf();
    const reply = await send(platform());
    expect(status).toContain(reply.status);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(reply.body).toEqual(expect.objectContaining({ type: expect.stringMatching(/^urn:peyvand:problem:/), title: expect.any(String), status: reply.status, detail: expect.any(String) }));
    expect(await countOf()).toBe(before);
  });

  it('the same Idempotency-Key with another body is refused, with the same body it is the same answer', async () => {
    const client = platform();
    const key = `bad-${createHash('sha256').update(String(Date.now())).digest('hex').slice(0, 12)}`;
    const body = order();
    const first = await client.post('narvan.buyer', '/api/orders', body, { 'idempotency-key': key });
    expect(first.status).toBe(201);
    const after = await countOf();
    expect((await client.post('narvan.buyer', '/api/orders', body, { 'idempotency-key': key })).body).toEqual(first.body);
    const other = await client.post('narvan.buyer', '/api/orders', { ...body, lines: [{ ...line, quantity: 101 }] }, { 'idempotency-key': key });
    expect([other.status, other.body.type]).toEqual([422, 'urn:peyvand:problem:idempotency-key-reused']);
    expect(await countOf()).toBe(after);
  });

  it('says it in Persian to who reads Persian', async () => {
    const { body } = await platform().post('narvan.buyer', '/api/orders', order({ lines: [{ ...line, quantity: -5 }] }), { 'accept-language': 'fa' });
    expect(body.detail).toMatch(/[\u0600-\u06ff]/);
  });
};
