import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, refuse } from '@peyvand/kernel';
import { newStory } from '../test-support/contracts.js';
import { effects, newSource } from '../test-support/database.js';
import { protect, Source, transact, withCause } from './index.js';

describe('transact', () => {
  const { orders, Began, Paid } = newStory();
  let source: Source;
  beforeAll(async () => {
    source = await newSource(orders);
    await source.data.query(`create table shop (id int primary key, parties uuid[] not null); ${protect('shop')}`);
  });
  afterAll(() => source.data.destroy());

  const facts = () => source.data.query('select id, type, key, causationid, correlationid, traceparent, parties, data from facts order by seq') as Promise<Record<string, unknown>[]>;
  const unsent = async () => Number((await source.data.query('select count(*) from unsent'))[0].count);

  it('stores facts and their publishing state with the effects, or none of it', async () => {
    const buyerId = newId();
    await transact(source, async (tx) => {
      await tx.run('insert into effect (by, n) values ($1, $2)', ['kept', 1]);
      await tx.publish(Began.of({ orderId: 'k', n: 1, buyerId }));
    });
    await expect(transact(source, async (tx) => {
      await tx.publish(Began.of({ orderId: 'k', n: 2 }));
      await tx.run('insert into effect (by, n) values ($1, $2)', ['lost', 1]);
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await facts()).toMatchObject([{ type: Began.type, key: 'k', parties: [buyerId], data: { orderId: 'k', n: 1 } }]);
    expect((await effects(source)).map((effect) => effect.by)).toEqual(['kept']);
    expect(await unsent()).toBe(1);
  });

  it('a refusal rolls back and is returned as it is', async () => {
    const refusal = refuse('credit-limit-exceeded', { limit: '1' });
    const answer = await transact(source, async (tx) => {
      await tx.run('insert into effect (by, n) values ($1, $2)', ['refused', 1]);
      await tx.publish(Began.of({ orderId: 'k', n: 3 }));
      return refusal;
    });
    expect(answer).toBe(refusal);
    expect(await unsent()).toBe(1);
    expect((await effects(source)).map((effect) => effect.by)).not.toContain('refused');
  });

  it('carries the cause given, or the one of the async context; the first fact names the story', async () => {
    await source.data.query('truncate facts, unsent');
    await transact(source, (tx) => tx.publish(Began.of({ orderId: 'a', n: 1 })), { cause: { causationid: 'c1', correlationid: 's1', traceparent: '00-ab-cd-01' } });
    await withCause({ causationid: 'c2', correlationid: 's2' }, () => transact(source, (tx) => tx.publish(Began.of({ orderId: 'b', n: 1 }))));
    await transact(source, (tx) => tx.publish(Began.of({ orderId: 'c', n: 1 })));
    const [first, second, third] = await facts();
    expect(first).toMatchObject({ causationid: 'c1', correlationid: 's1', traceparent: '00-ab-cd-01' });
    expect(second).toMatchObject({ causationid: 'c2', correlationid: 's2' });
    expect(third).toMatchObject({ causationid: null, correlationid: third?.id });
  });

  it('refuses to publish what another service owns', async () => {
    await expect(transact(source, (tx) => tx.publish(Paid.of({ orderId: 'k', n: 1 })))).rejects.toThrow(/belongs to/);
  });

  it('shows and takes only rows of the parties given, and still publishes and schedules', async () => {
    const [mine, theirs] = [newId(), newId()];
    const as = { role: 'http', parties: [mine] } as const;
    await transact(source, (tx) => tx.run('insert into shop values (1, $1::uuid[]), (2, $2::uuid[])', [[mine], [theirs]]));
    expect(await transact(source, (tx) => tx.sql('select id from shop'), { as })).toEqual([{ id: 1 }]);
    expect(await transact(source, (tx) => tx.run('update shop set id = 3 where id = 2'), { as })).toBe(0);
    await expect(transact(source, (tx) => tx.run('insert into shop values (4, $1::uuid[])', [[theirs]]), { as })).rejects.toThrow(/row-level security/);
    await transact(source, async (tx) => {
      await tx.publish(Began.of({ orderId: 'k', n: 9 }));
      await tx.schedule({ kind: 'a', key: 'k', dueAt: tx.now });
      await tx.unschedule('a', 'k');
    }, { as });
    await expect(transact(source, (tx) => tx.sql('select data from facts'), { as })).rejects.toThrow(/permission denied/);
    expect(await transact(source, (tx) => tx.sql('select id from shop order by id'))).toHaveLength(2);
    await expect(transact(source, async () => 1, { as: { role: 'http', parties: [`x}'); drop table shop; --`] } })).rejects.toThrow(/Not a party id/);
  });

  it('begins anew after a deadlock', async () => {
    await source.data.query(`insert into effect (by, n) values ('p', 0), ('q', 0)`);
    const rise = (first: string, second: string) => transact(source, async (tx) => {
      await tx.run('update effect set n = n + 1 where by = $1', [first]);
      await new Promise((resolve) => setTimeout(resolve, 60));
      await tx.run('update effect set n = n + 1 where by = $1', [second]);
    });
    await Promise.all([rise('p', 'q'), rise('q', 'p')]);
    expect(await source.data.query(`select n from effect where by in ('p', 'q')`)).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it('takes turns where a service asks for it, without waiting for people', async () => {
    const turns = new Source('orders', source.data, source.clock, true);
    await source.data.query(`insert into effect (by, n) values ('t', 0), ('u', 0)`);
    let [begun, most, now] = [0, 0, 0];
    const rise = (first: string, second: string, options = {}) => transact(turns, async (tx) => {
      [begun, now] = [begun + 1, now + 1];
      most = Math.max(most, now);
      await tx.run('update effect set n = n + 1 where by = $1', [first]);
      await new Promise((resolve) => setTimeout(resolve, 60));
      await tx.run('update effect set n = n + 1 where by = $1', [second]);
      now -= 1;
    }, options);
    await Promise.all([rise('t', 'u'), rise('u', 't'), rise('t', 'u')]);
    // None began twice, as one of two that close a circle must.
    expect([begun, most, await source.data.query(`select n from effect where by in ('t', 'u')`)]).toEqual([3, 1, [{ n: 3 }, { n: 3 }]]);

    const as = { role: 'http', parties: [newId()] } as const;
    await transact(turns, async () => {
      expect(await transact(turns, (tx) => tx.sql('select 1 as one'), { as })).toEqual([{ one: 1 }]);
      expect(await transact(turns, (tx) => tx.sql('select 1 as one'), { readOnly: true })).toEqual([{ one: 1 }]);
    });
  });

  it('says so when work swallowed a failed statement', async () => {
    await expect(transact(source, (tx) => tx.run('select 1/0').catch(() => 0))).rejects.toThrow(/rolled back/);
  });

  it('somebody listens to a connection from its first moment: one ended while it opens must not end the process', async () => {
    // The pool was opened with one connection; the others are new.
    const clients = await Promise.all([1, 2, 3].map(() => source.pool.connect()));
    try {
      expect(clients.filter((client) => client.listenerCount('error') > 0).length).toBeGreaterThanOrEqual(2);
    } finally {
      for (const client of clients) client.release(true);
    }
  });
});
