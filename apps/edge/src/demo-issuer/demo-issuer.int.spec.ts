import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isUuid } from '@peyvand/kernel';
import { testService, type TestApp } from '@peyvand/testing';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { edge } from '../edge.module.js';
import { signingKey } from '../store/signing-key.store.js';
import { demoParties } from './parties.js';
import { demoUsers } from './users.js';

describe('the demo issuer', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await testService(edge)));
  afterAll(() => app?.close());
  const signIn = (user: string) => app.as().post('/api/auth/token', { user }, { idempotencyKey: null });

  it('signs a demo user in for eight hours, with keys that it publishes', async () => {
    const { status, body, headers } = await signIn('gamak.producer');
    expect([status, body.token_type, body.expires_in, headers['cache-control']]).toEqual([200, 'Bearer', 28_800, 'no-store']);
    const keys = createLocalJWKSet((await app.as().get('/api/auth/jwks.json')).body);
    const { oidc } = app.running.config;
    const { payload } = await jwtVerify(body.access_token, keys, { issuer: oidc.issuer, audience: oidc.audience, algorithms: ['ES256'] });
    expect(payload).toMatchObject({ sub: '0199a000-0000-7000-9000-000000020201', memberships: [{ party: '0199a000-0000-7000-8000-000000000202', roles: ['producer', 'buyer', 'storekeeper', 'signatory'] }] });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(28_800);
  });

  it('publishes no private part of its key', async () => {
    expect(JSON.stringify((await app.as().get('/api/auth/jwks.json')).body)).not.toMatch(/"d":/);
  });

  it('keeps its key, so that a restart keeps tokens valid, and two processes share it', async () => {
    await signIn('narvan.buyer');
    const [one, other] = await Promise.all([signingKey(app.source), signingKey(app.source)]);
    expect(one).toEqual(other);
    expect((await app.as().get('/api/auth/jwks.json')).body.keys[0].kid).toBe(one.kid);
  });

  it('tells who there is and how to find its keys', async () => {
    const { body } = await app.as().get('/api/auth/users');
    expect(body.items).toHaveLength(demoUsers.length);
    expect(body.items[0]).toMatchObject({ user: 'narvan.buyer', name: { fa: expect.stringMatching(/[آ-ی]/), en: 'Hyper Narvan, buyer' }, party: { kind: 'network' }, roles: ['buyer'] });
    expect((await app.as().get('/.well-known/openid-configuration')).body).toMatchObject({ issuer: app.running.config.oidc.issuer, jwks_uri: expect.stringMatching(/\/api\/auth\/jwks\.json$/) });
  });

  it('knows no other user', async () => {
    expect(await signIn('root')).toMatchObject({ status: 404, body: { type: 'urn:peyvand:problem:demo-user-unknown' } });
    expect(await signIn('')).toMatchObject({ status: 400 });
  });

  it('does not exist without DEMO=true, and makes no key', async () => {
    const serious = await testService(edge, { config: { demo: false } });
    for (const path of ['/api/auth/users', '/api/auth/jwks.json', '/.well-known/openid-configuration']) expect((await serious.as().get(path)).status).toBe(404);
    expect((await serious.as().post('/api/auth/token', { user: 'operator' })).status).toBe(404);
    expect(await serious.sql('select 1 from signing_key')).toEqual([]);
    await serious.close();
  });
});

describe('the demo’s people', () => {
  it('have ids, names and subjects of their own', () => {
    for (const list of [demoParties.map(({ id }) => id), demoParties.map(({ slug }) => slug), demoUsers.map(({ user }) => user), demoUsers.map(({ subject }) => subject)]) expect(new Set(list).size).toBe(list.length);
    expect([...demoParties.map(({ id }) => id), ...demoUsers.map(({ subject }) => subject)].every(isUuid)).toBe(true);
  });

  it('never check what they made: no one is both buyer and approver', () => {
    expect(demoUsers.filter(({ roles }) => roles.includes('buyer') && roles.includes('approver'))).toEqual([]);
  });
});
