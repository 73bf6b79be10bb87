import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderSubmitted } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { testService, type TestApp } from '@peyvand/testing';
import { edge } from '../edge.module.js';
import { FeedStreams } from './feed-streams.js';
import { streamDefaults } from './stream-feed.js';

const order = (buyerId: string) => OrderSubmitted.of({ ...OrderSubmitted.sample, orderId: newId(), buyerId });
const streams = new FeedStreams({ ...streamDefaults, heartbeatMs: 100, stuckMs: 300, idleMs: 2_500, chunk: 10, gatherMs: 5 });
const impatient = { ...edge, providers: edge.providers.map((one) => ('provide' in one && one.provide === FeedStreams ? { provide: FeedStreams, useValue: streams } : one)) };

describe('the feed as a stream', () => {
  let app: TestApp;
  let port = 0;
  const requests: ClientRequest[] = [];
  beforeAll(async () => {
    app = await testService(impatient);
    await app.fastify.listen({ port: 0, host: '127.0.0.1' });
    port = (app.fastify.server.address() as { port: number }).port;
  });
  afterEach(() => requests.splice(0).forEach((request) => request.destroy()));
  afterAll(() => app?.close());

  /** A client that collects what it hears. */
  const listen = async (party: string, { after = 'now', ...headers }: Record<string, string> = {}) => {
    const token = await app.keys.tokenFor({ party, roles: ['buyer'] });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      requests.push(get({ port, host: '127.0.0.1', path: `/api/events?after=${after}`, headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers } }, resolve).on('error', reject));
    });
    let text = '';
    let ended = false;
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('close', () => (ended = true)).on('error', () => {});
    const until = async (holds: () => boolean): Promise<void> => {
      for (const end = Date.now() + 5_000; !holds();) {
        if (Date.now() > end) throw new Error(`Heard only: ${text}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const events = () => text.split('\n\n').slice(0, -1).flatMap((block) => {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      return data === undefined ? [] : [{ id: /^id: (.*)$/m.exec(block)?.[1] ?? '', data: JSON.parse(data) }];
    });
    return { response, events, until, text: () => text, ended: () => ended };
  };

  it('brings a fact within moments of its commit, to its parties only', async () => {
    const [buyer, stranger] = [newId(), newId()];
    const [mine, theirs] = [await listen(buyer), await listen(stranger)];
    expect(mine.response.headers['content-type']).toContain('text/event-stream');
    await mine.until(() => mine.text().includes('id: '));
    const began = performance.now();
    await app.deliver(order(buyer));
    await mine.until(() => mine.events().length === 1);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(mine.events()[0]).toMatchObject({ data: { specversion: '1.0', type: OrderSubmitted.type, data: { buyerId: buyer } } });
    expect(theirs.events()).toEqual([]);
  });

  it('goes on after the last id a client heard, whatever its address says', async () => {
    const buyer = newId();
    await app.deliver([order(buyer), order(buyer), order(buyer)]);
    const first = await listen(buyer, { after: '' });
    await first.until(() => first.events().length === 3);
    const [, second] = first.events();
    const again = await listen(buyer, { after: '', 'last-event-id': second?.id ?? '' });
    await again.until(() => again.events().length === 1);
    expect(again.events()[0]?.id).toBe(first.events()[2]?.id);
  });

  it('brings a backlog larger than its buffer whole and in order', async () => {
    const buyer = newId();
    await app.deliver(Array.from({ length: 95 }, () => order(buyer)));
    const client = await listen(buyer, { after: '' });
    await client.until(() => client.events().length === 95);
    const page = await app.as({ party: buyer, roles: ['buyer'] }).get('/api/events?limit=200');
    expect(client.events().map(({ data }) => data.id)).toEqual(page.body.items.map(({ id }: { id: string }) => id));
  });

  it('beats while nothing happens and ends when nothing happens for long', async () => {
    const client = await listen(newId());
    await client.until(() => client.text().includes(': still here'));
    await client.until(client.ended);
  });

  it('cuts off a client that takes nothing', async () => {
    const buyer = newId();
    const lines = Array.from({ length: 400 }, () => OrderSubmitted.sample.lines[0]).filter((line) => line !== undefined);
    await app.deliver(Array.from({ length: 150 }, () => OrderSubmitted.of({ ...OrderSubmitted.sample, orderId: newId(), buyerId: buyer, lines })));
    const client = await listen(buyer, { after: '' });
    client.response.pause();
    await client.until(() => streams.of(buyer) === 0);
    client.response.resume();
    await client.until(client.ended);
    expect(client.events().length).toBeLessThan(150);
  });

  it('lets a party have twenty at most and forgets those that ended', async () => {
    const party = newId();
    const clients = await Promise.all(Array.from({ length: 20 }, () => listen(party)));
    expect((await listen(party)).response.statusCode).toBe(429);
    clients[0]?.response.destroy();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await listen(party)).response.statusCode).toBe(200);
  });

  it('ends at once when the process closes, so that nobody waits for it', async () => {
    const client = await listen(newId());
    await client.until(() => client.text().includes('id: '));
    app.running.ready = false;
    const began = performance.now();
    await client.until(client.ended);
    app.running.ready = true;
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  it('refuses a bad cursor before the stream begins', async () => {
    const { response } = await listen(newId(), { after: 'nonsense' });
    expect([response.statusCode, response.headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
  });
});
