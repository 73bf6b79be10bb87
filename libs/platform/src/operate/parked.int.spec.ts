import { setTimeout as sleep } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NetworkRegistered, type DataOf, type Fact } from '@peyvand/contracts';
import { OnDeadline, OnFact, Poison, type Due, type Tx } from '@peyvand/messaging';
import { aParty, testService, type TestApp } from '@peyvand/testing';
import { defineService } from '../define-service.js';

let mended = false;

@Controller()
class Fragile {
  @OnFact(NetworkRegistered)
  async registered({ data }: Fact<DataOf<typeof NetworkRegistered>>, tx: Tx): Promise<void> {
    if (!mended && data.revision === 1) throw new Poison('cannot be read');
    await tx.schedule({ kind: 'test/noted', key: `${data.networkId}/${data.revision}`, dueAt: tx.now });
  }

  @OnDeadline('test/noted')
  async noted({ key }: Due): Promise<void> {
    if (key.endsWith('/13') && !mended) throw new Poison('an unlucky number');
    effects.push(key);
  }
}

const effects: string[] = [];
const service = defineService({ name: 'orders', controllers: [], consumers: [Fragile] });

describe('the operator', () => {
  let app: TestApp;
  const operator = () => app.as({ party: aParty(), roles: ['operator'] });
  const group = 'orders';
  const [bad, good] = [aParty(), aParty()];
  const told = (networkId: string, revision: number) => app.deliver(NetworkRegistered.of({ ...NetworkRegistered.sample, networkId, revision }));
  /** The running group comes back to its side queues by itself. */
  const clear = async (): Promise<void> => {
    for (const until = Date.now() + 20_000; (await parked()).length > 0 && Date.now() < until;) await sleep(50);
    await app.settle();
  };
  const parked = async (query = '') => (await operator().get(`/api/orders/parked${query}`)).body.items;

  beforeEach(async () => {
    mended = false;
    effects.length = 0;
    app = await testService(service);
    for (const [network, revision] of [[bad, 1], [bad, 2], [good, 2]] as const) await told(network, revision);
    await app.settle();
  });
  afterEach(() => app.close());

  it('sees what was set aside, why, and what waits behind it; the others went on', async () => {
    expect(effects).toEqual([`${good}/2`]);
    expect(await parked()).toMatchObject([
      { group, key: bad, type: NetworkRegistered.type, state: 'parked', attempts: 1, error: expect.stringContaining('cannot be read') }, { group, key: bad, state: 'queued' }]);
    const [{ id }] = await parked('?state=parked');
    expect((await operator().get(`/api/orders/parked/${group}/${id}`)).body).toMatchObject({ id, fact: { data: { networkId: bad, revision: 1 } } });
    expect((await operator().get(`/api/orders/parked/${group}/${aParty()}`)).status).toBe(404);
    expect((await app.as({ party: bad, roles: ['buyer'] }).get('/api/orders/parked')).status).toBe(403);
  });

  it('looks at what a redrive would do, does it, and each takes effect once and in order', async () => {
    const which = { group, type: NetworkRegistered.type };
    expect((await operator().post('/api/orders/parked/redrive', { ...which, dryRun: true })).body).toMatchObject({ dryRun: true, items: [{ key: bad }] });
    expect(await parked('?state=parked')).toHaveLength(1);
    mended = true;
    const key = 'redrive-1';
    const replies = await Promise.all([1, 2].map(() => operator().post('/api/orders/parked/redrive', which, { idempotencyKey: key })));
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    await clear();
    expect(effects.slice(1)).toEqual([`${bad}/1`, `${bad}/2`]);
    expect(await parked()).toEqual([]);
  });

  it('must say which, and what is not parked is not found', async () => {
    for (const body of [{ group }, { group, all: false }, { group, key: bad, all: true }]) {
      expect(await operator().post('/api/orders/parked/redrive', body)).toMatchObject({ status: 400, body: { type: 'urn:peyvand:problem:say-which' } });
    }
    expect(await operator().post(`/api/orders/parked/${group}/${aParty()}/discard`, { reason: 'gone' })).toMatchObject({ status: 404, body: { type: 'urn:peyvand:problem:not-parked' } });
  });

  it('gives one up, and its key goes on', async () => {
    const [{ id }] = await parked('?state=parked');
    expect((await operator().post(`/api/orders/parked/${group}/${id}/discard`, { reason: 'made by a broken import' })).body).toMatchObject({ discarded: { id, key: bad }, reason: 'made by a broken import' });
    await clear();
    expect(effects.slice(1)).toEqual([`${bad}/2`]);
  });

  it('sets a parked deadline going again', async () => {
    await told(good, 13);
    await app.settle();
    expect(await parked('?group=deadlines')).toMatchObject([{ type: 'test/noted', key: `${good}/13`, state: 'parked' }]);
    mended = true;
    expect((await operator().post('/api/orders/parked/redrive', { group: 'deadlines', all: true })).body.items).toHaveLength(1);
    await app.settle();
    expect(effects).toContain(`${good}/13`);
  });
});
