import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderSubmitted, ProducerRegistered } from '@peyvand/contracts';
import { newId } from '@peyvand/kernel';
import { asFact, transact } from '@peyvand/messaging';
import { testService, type TestApp } from '@peyvand/testing';
import { edge } from '../edge.module.js';
import { addToFeed } from '../store/feed.store.js';

const order = (buyerId: string) => OrderSubmitted.of({ ...OrderSubmitted.sample, orderId: newId(), buyerId });

describe('the order of the feed', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await testService(edge)));
  afterAll(() => app?.close());
  const reader = (party: string) => app.as({ party, roles: ['buyer'] });

  it('shows nothing behind an earlier fact that is not committed yet; a plain sequence would (control)', async () => {
    const party = newId();
    const [slow, quick] = [order(party), order(party)].map((fact) => asFact(fact, { at: app.clock.now() }));
    await app.sql('create table if not exists naive (place bigserial, id uuid)');
    const naive = (id = '') => app.sql('insert into naive (id) values ($1)', [id]);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const earlier = transact(app.source, async (tx) => {
      await addToFeed(tx, slow === undefined ? [] : [slow]);
      await tx.run('insert into naive (id) values ($1)', [slow?.id]);
      await held;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const later = transact(app.source, (tx) => addToFeed(tx, quick === undefined ? [] : [quick]));
    await naive(quick?.id);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { body } = await reader(party).get('/api/events?types=OrderSubmitted');
    const [{ last }] = await app.sql('select max(place) as last from naive') as [{ last: string }];
    release();
    await Promise.all([earlier, later]);
    const next = await reader(party).get(`/api/events?types=OrderSubmitted&after=${body.next}`);
    expect([body.items.length, next.body.items.map(({ id }: { id: string }) => id)]).toEqual([0, [slow?.id, quick?.id]]);
    expect(await app.sql('select id from naive where place > $1', [last])).toEqual([]);
  });

  it('has no gap for a reader while many transactions add at once and finish in another order', async () => {
    const party = newId();
    let writing = true;
    const seen: string[] = [];
    let after = (await reader(party).get('/api/events?after=now')).body.next;
    const reading = (async () => {
      for (let last = false; ;) {
        const { body } = await reader(party).get(`/api/events?after=${after}&limit=50`);
        seen.push(...body.items.map((item: { id: string }) => item.id));
        after = body.next;
        if (last && body.items.length === 0) return;
        last = !writing;
      }
    })();
    const ids: string[] = [];
    await Promise.all(Array.from({ length: 3 }, async (_, writer) => {
      for (let i = 0; i < 30; i += 1) {
        const facts = Array.from({ length: 1 + (i % 3) }, () => asFact(ProducerRegistered.of({ ...ProducerRegistered.sample, producerId: party }), { at: app.clock.now() }));
        ids.push(...facts.map(({ id }) => id));
        await transact(app.source, async (tx) => {
          await tx.sql('select pg_sleep($1::float)', [((writer * 7 + i * 3) % 5) / 1_000]);
          await addToFeed(tx, facts);
          await tx.sql('select pg_sleep($1::float)', [((writer * 3 + i * 5) % 7) / 1_000]);
        });
      }
    }));
    writing = false;
    await reading;
    expect(seen.filter((id) => ids.includes(id)).sort()).toEqual([...ids].sort());
    const [{ gaps }] = await app.sql('select count(*)::int - (max(position) - min(position) + 1)::int as gaps from heard') as [{ gaps: number }];
    expect(gaps).toBe(0);
  });
});
