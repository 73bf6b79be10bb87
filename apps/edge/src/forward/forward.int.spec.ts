import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testService, type TestApp } from '@peyvand/testing';
import { edge } from '../edge.module.js';
import { serviceUrls } from '../edge.config.js';

describe('forwarding to services of other processes', () => {
  let app: TestApp;
  let upstream: Server;
  let base = '';
  const heard: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[] = [];
  let cut = 0;
  beforeAll(async () => {
    upstream = createServer((request, response) => {
      if (request.url === '/api/orders/stream') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('id: 1\n\n');
        response.on('close', () => (cut += 1));
        return;
      }
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk)).on('end', () => {
        heard.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
        response.writeHead(201, { 'content-type': 'application/json', 'x-own': 'yes', 'keep-alive': 'timeout=5' }).end(JSON.stringify({ length: body.length }));
      });
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    process.env['SERVICE_URLS'] = `orders=http://127.0.0.1:${(upstream.address() as AddressInfo).port},financing=http://127.0.0.1:9`;
    app = await testService(edge);
    await app.fastify.listen({ port: 0, host: '127.0.0.1' });
    base = `http://127.0.0.1:${(app.fastify.server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    delete process.env['SERVICE_URLS'];
    await app?.close();
    upstream.closeAllConnections();
    upstream.close();
  });

  it('passes method, path, query, headers and body as they are, and the answer back', async () => {
    const reply = await fetch(`${base}/api/orders/1/cancel?q=%D9%86`, { method: 'POST', headers: { authorization: 'Bearer t', 'idempotency-key': 'k', 'content-type': 'application/json' }, body: '{"reason": "x"}' });
    expect([reply.status, reply.headers.get('x-own'), await reply.json()]).toEqual([201, 'yes', { length: 15 }]);
    expect(heard.at(-1)).toMatchObject({ method: 'POST', url: '/api/orders/1/cancel?q=%D9%86', body: '{"reason": "x"}', headers: { authorization: 'Bearer t', 'idempotency-key': 'k', 'x-forwarded-for': '127.0.0.1', 'x-correlation-id': reply.headers.get('x-correlation-id') } });
  });

  it('passes an upload beyond the body limit as a stream', async () => {
    const body = 'row,1\n'.repeat(2_000_000);
    expect(await (await fetch(`${base}/api/orders/import`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body })).json()).toEqual({ length: body.length });
  });

  it('passes a stream of events on, and lets go of it when the client does', async () => {
    const client = new AbortController();
    const reply = await fetch(`${base}/api/orders/stream`, { signal: client.signal });
    const { value } = await reply.body?.getReader().read() ?? {};
    expect(Buffer.from(value ?? []).toString()).toBe('id: 1\n\n');
    client.abort();
    for (const end = Date.now() + 3_000; cut === 0 && Date.now() < end;) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(cut).toBe(1);
  });

  it('says so when a service does not answer', async () => {
    const reply = await fetch(`${base}/api/financing/cases`, { headers: { 'accept-language': 'en' } });
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await reply.json()).toMatchObject({ type: 'urn:peyvand:problem:service-unreachable', instance: '/api/financing/cases', detail: expect.stringContaining('Send the request again') });
  });

  it('reaches nothing but the API of a service', async () => {
    const before = heard.length;
    for (const path of ['/api/orders/../../metrics', '/api/orders/%2e%2e/%2e%2e/metrics']) {
      await app.fastify.inject({ method: 'POST', url: path, payload: 'x', headers: { 'content-type': 'text/plain' } });
    }
    expect(heard.slice(before).filter(({ url }) => !url?.startsWith('/api/orders/'))).toEqual([]);
  });

  it('answers its own addresses itself', async () => {
    expect((await fetch(`${base}/api/auth/users`)).status).toBe(200);
    expect((await fetch(`${base}/api/openapi.json`)).status).toBe(200);
  });

  it.each([['producers'], ['producers=ftp://x'], ['a=http://x/path'], ['a=http://x,a=http://y']])('refuses the configuration %s', (urls) => {
    expect(() => serviceUrls({ SERVICE_URLS: urls })).toThrow('SERVICE_URLS');
  });
});
