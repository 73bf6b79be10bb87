import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aParty, audience, issuer, testKeys, testService, type TestApp } from '@peyvand/testing';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { z } from 'zod';
import { defineService } from '../define-service.js';
import { Replies } from '../http/replies.js';
import { reply } from '../http/reply-words.js';
import { Caller } from './caller.js';
import { Allow, Public, SignedIn } from './roles.js';
import { remoteKeys, verifier } from './verify.js';

@Controller('api/toy')
@Allow('operator')
class ToyHttp {
  @Get('mine')
  @Allow('buyer', 'approver')
  @Replies(z.object({ party: reply.uuid, roles: z.array(reply.text), subject: reply.text }))
  mine(@Caller() { party, roles, subject }: Caller) {
    return { party, roles, subject };
  }

  @Get('open')
  @Public()
  @Replies(z.object({ party: reply.text, roles: z.array(reply.text) }))
  open(@Caller() { party, roles }: Caller) {
    return { party, roles };
  }

  @Get('members')
  @SignedIn()
  @Replies(z.object({}))
  members() {
    return {};
  }

  @Get('inherited')
  @Replies(z.object({}))
  inherited() {
    return {};
  }
}

const toy = defineService({ name: 'toy', controllers: [ToyHttp] });
const now = Math.floor(Date.now() / 1_000);
const party = aParty();

describe('signing in', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await testService(toy);
  });
  afterAll(() => app?.close());

  const ask = async (authorization: string | undefined, headers: Record<string, string> = {}, path = '/api/toy/mine') =>
    app.as().get(path, { headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) } });
  const buyer = async (claims: JWTPayload = {}, header = {}) => `Bearer ${await app.keys.tokenFor({ party, roles: ['buyer'] }, claims, header)}`;

  it('takes a good token and hands its party, roles and subject to the handler', async () => {
    expect(await ask(await buyer({ sub: 'someone' }))).toMatchObject({ status: 200, body: { party, roles: ['buyer'], subject: 'someone' } });
  });

  const bad: [string, () => Promise<string | undefined>, string][] = [
    ['no token', async () => undefined, 'token-missing'],
    ['another scheme', async () => 'Basic YTpi', 'token-invalid'],
    ['rubbish', async () => 'Bearer x.y.z', 'token-invalid'],
    ['an expired token', () => buyer({ exp: now - 60 }), 'token-expired'],
    ['a token that never expires', () => buyer({ exp: undefined }), 'token-invalid'],
    ['a token of tomorrow', () => buyer({ nbf: now + 3_600 }), 'token-not-yet-valid'],
    ['another audience', () => buyer({ aud: 'another' }), 'token-audience-wrong'],
    ['another issuer', () => buyer({ iss: 'https://else.test' }), 'token-issuer-wrong'],
    ['no subject', () => buyer({ sub: undefined }), 'token-invalid'],
    ['an unknown key id', () => buyer({}, { kid: 'other' }), 'token-invalid'],
    ['memberships of another shape', () => buyer({ memberships: 'all' }), 'token-invalid'],
    ['no signature (alg none)', async () => `Bearer ${new UnsecuredJWT({ memberships: [{ party, roles: ['buyer'] }] }).setIssuer(issuer).setAudience(audience).setSubject('x').setExpirationTime('1h').encode()}`, 'token-invalid'],
    ['a shared-secret signature (HS256)', async () => `Bearer ${await signed(new TextEncoder().encode('a secret of at least 32 bytes ......'), 'HS256')}`, 'token-invalid'],
    ['a signature by another key', async () => `Bearer ${await signed((await generateKeyPair('ES256')).privateKey, 'ES256')}`, 'token-invalid'],
  ];
  it.each(bad)('refuses %s with 401', async (_name, make, code) => {
    const reply = await ask(await make());
    expect(reply).toMatchObject({ status: 401, body: { type: `urn:peyvand:problem:${code}` } });
    expect(reply.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it('asks which party when a person has several, and takes only one of theirs', async () => {
    const other = aParty();
    const token = `Bearer ${await app.keys.tokenFor({ memberships: [{ party, roles: ['buyer'] }, { party: other, roles: ['approver', 'no-such-role'] }] })}`;
    expect(await ask(token)).toMatchObject({ status: 400, body: { type: 'urn:peyvand:problem:party-required', parties: [party, other] } });
    expect(await ask(token, { 'peyvand-party': other.toUpperCase() })).toMatchObject({ status: 200, body: { party: other, roles: ['approver'] } });
    expect(await ask(token, { 'peyvand-party': aParty() })).toMatchObject({ status: 403, body: { type: 'urn:peyvand:problem:not-a-member' } });
    expect(await ask(`Bearer ${await app.keys.tokenFor({})}`)).toMatchObject({ status: 403, body: { type: 'urn:peyvand:problem:not-a-member' } });
  });

  it('adds up the roles of one party named twice', async () => {
    const token = await app.keys.tokenFor({ memberships: [{ party, roles: ['buyer'] }, { party, roles: ['approver'] }] });
    expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 200, body: { roles: ['buyer', 'approver'] } });
  });

  it('lets in only the roles a route declares; a class speaks for its routes', async () => {
    expect(await app.as({ party, roles: ['carrier'] }).get('/api/toy/mine')).toMatchObject({ status: 403, body: { type: 'urn:peyvand:problem:role-not-allowed', detail: expect.stringContaining('buyer, approver') } });
    expect(await app.as({ party, roles: ['buyer'] }).get('/api/toy/inherited')).toMatchObject({ status: 403 });
    expect(await app.as({ party, roles: ['operator'] }).get('/api/toy/inherited')).toMatchObject({ status: 200 });
  });

  it('lets in whoever acts for a party where a route says no more than that', async () => {
    expect(await app.as({ party, roles: ['union'] }).get('/api/toy/members')).toMatchObject({ status: 200 });
    expect(await app.as({ party, roles: [] }).get('/api/toy/members')).toMatchObject({ status: 403 });
    expect(await app.as().get('/api/toy/members')).toMatchObject({ status: 401 });
  });

  it('sees nobody behind a public route, whatever token comes', async () => {
    expect(await ask(await buyer(), {}, '/api/toy/open')).toMatchObject({ status: 200, body: { roles: [], party: '00000000-0000-0000-0000-000000000000' } });
  });

  it('lets a party send no more than its share, says so in RateLimit fields, and lets others and the operator go on', async () => {
    const limited = await testService(toy, { config: { rateLimit: { perSecond: 1, burst: 5, inFlight: 4 } } });
    try {
      const [greedy, modest] = [limited.as({ party, roles: ['buyer'] }), limited.as({ party: aParty(), roles: ['buyer'] })];
      const answers = [];
      for (let n = 0; n < 12; n++) answers.push(await greedy.get('/api/toy/mine'));
      const refused = answers.filter(({ status }) => status === 429);
      expect(answers[0]).toMatchObject({ status: 200, headers: { 'ratelimit-policy': '"party";q=5;w=5', 'ratelimit': '"party";r=3;t=0' } });
      expect(refused.length).toBeGreaterThanOrEqual(5);
      expect(refused[0]).toMatchObject({ body: { type: 'urn:peyvand:problem:too-many-requests' }, headers: { 'retry-after': '1', 'ratelimit': expect.stringMatching(/^"party";r=0;t=1$/) } });
      expect((await modest.get('/api/toy/mine')).status).toBe(200);
      // Whoever asks for a stream of what is none counts like everybody else; beyond its share it is refused before its path is looked at.
      expect((await greedy.get('/api/toy/mine', { headers: { accept: 'text/event-stream' } })).status).toBe(429);
      expect((await greedy.get('/api/toy/no-such-path')).status).toBe(429);
      expect((await ask('Bearer not.a.token')).status).toBe(401);
      for (let n = 0; n < 12; n++) expect((await limited.as({ party, roles: ['operator'] }).get('/api/toy/inherited')).status).toBe(200);
      for (let n = 0; n < 12; n++) expect((await limited.as().get('/api/toy/open')).status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  it('answers each of a flood that comes on one connection, and stays when others hang up on their refusals', async () => {
    const limited = await testService(toy, { config: { rateLimit: { perSecond: 0.01, burst: 1, inFlight: 4 } } });
    try {
      await limited.fastify.listen({ port: 0, host: '127.0.0.1' });
      const { port } = limited.fastify.server.address() as AddressInfo;
      const asked = `GET /api/toy/mine HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${await limited.keys.tokenFor({ party, roles: ['buyer'] })}\r\n`;
      const say = (bytes: string, hangUp: boolean): Promise<string> => new Promise((resolve, reject) => {
        let heard = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes, () => hangUp && socket.resetAndDestroy()));
        socket.on('data', (chunk) => (heard += chunk.toString('latin1'))).on('close', () => resolve(heard)).on('error', reject);
      });
      expect(await say(`${asked}Connection: close\r\n\r\n`, false)).toMatch(/^HTTP\/1\.1 200 /);
      const one = await say(`${`${asked}\r\n`.repeat(30)}${asked}Connection: close\r\n\r\n`, false);
      expect(one.match(/HTTP\/1\.1 \d+/g)).toEqual(Array.from({ length: 31 }, () => 'HTTP/1.1 429'));
      await Promise.all(Array.from({ length: 200 }, () => say(`${asked}\r\n`.repeat(3), true)));
      expect(await say(`${asked}Connection: close\r\n\r\n`, false)).toMatch(/^HTTP\/1\.1 429 /);
      expect((await limited.as({ party: aParty(), roles: ['buyer'] }).get('/api/toy/mine')).status).toBe(200);
    } finally {
      await limited.close();
    }
  });
});

describe('keys from the address of an issuer', () => {
  let server: Server | undefined;
  afterAll(() => void server?.close());

  it('are fetched and used; an issuer that is away is 503 and not a bad token', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'remote', alg: 'RS256' };
    server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }))).listen(0);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    const token = `Bearer ${await signed(privateKey, 'RS256', 'remote')}`;
    await expect(verifier({ keys: remoteKeys(url), issuer, audience })(token)).resolves.toMatchObject({ subject: 'x', memberships: [{ party, roles: ['buyer'] }] });
    await expect(verifier({ keys: remoteKeys('http://127.0.0.1:1/jwks'), issuer, audience })(token)).rejects.toMatchObject({ code: 'identity-unavailable' });
    await expect(verifier({ keys: (await testKeys()).keys, issuer, audience })(token)).rejects.toMatchObject({ code: 'token-invalid' });
  });
});

const signed = (key: Parameters<SignJWT['sign']>[0], alg: string, kid = 'test') =>
  new SignJWT({ memberships: [{ party, roles: ['buyer'] }] }).setProtectedHeader({ alg, kid }).setIssuer(issuer).setAudience(audience).setSubject('x').setExpirationTime('1h').sign(key);
