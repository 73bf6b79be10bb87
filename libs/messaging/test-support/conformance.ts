import { setTimeout as sleep } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fact } from '@peyvand/contracts';
import { discard, listParked, NotYet, OnFact, OnFacts, Poison, redrive, transact, type Broker, type Source, type Tx } from '../src/index.js';
import { startChild } from './child-process.js';
import { contract, newStory, type Step } from './contracts.js';
import { effects, newSource } from './database.js';
import { run, until, type Part, type Running } from './run.js';

const note = (tx: Tx, by: string, fact: Fact<Step>): Promise<number> =>
  tx.run('insert into effect (by, id, key, n) values ($1, $2, $3, $4)', [by, fact.id, fact.key, fact.data.n]);

const noteAll = (tx: Tx, by: string, facts: readonly Fact<Step>[]): Promise<number> =>
  tx.run('insert into effect (by, id, key, n) select $1, * from unnest($2::uuid[], $3::text[], $4::int[])',
    [by, facts.map((fact) => fact.id), facts.map((fact) => fact.key), facts.map((fact) => fact.data.n)]);

/** `child` tells a child process how to reach the same kind of broker. */
export type Opened = { readonly broker: Broker; readonly child: Readonly<Record<string, string>>; close(): Promise<void> };

/** What every broker adapter must keep, whatever fails: run against each. */
export const conformance = (name: string, open: () => Promise<Opened>): void => {
  describe(`messaging on the ${name} broker`, () => {
    let broker: Broker;
    let child: Opened['child'];
    let closeBroker: () => Promise<void>;
    const sources: Source[] = [];
    const apps: Running[] = [];

    beforeAll(async () => ({ broker, child, close: closeBroker } = await open()), 180_000);
    afterAll(async () => {
      await closeBroker?.();
    });
    afterEach(async () => {
      for (const app of apps.splice(0)) await app.close();
      for (const source of sources.splice(0)) if (source.data.isInitialized) await source.data.destroy();
    });

    const source = async (service: string): Promise<Source> => {
      const made = await newSource(service);
      sources.push(made);
      return made;
    };
    const start = async (services: readonly Part[], settings: Parameters<typeof run>[1] = {}): Promise<Running> => {
      const app = await run(services, settings);
      apps.push(app);
      return app;
    };

    it('16 concurrent writers lose nothing and each key keeps its order', async () => {
      const { orders, financing, Went } = newStory();
      const [writer, reader] = [await source(orders), await source(financing)];
      await writer.data.query('create table counter (key text primary key, n int not null default 0)');
      await writer.data.query(`insert into counter select 'k' || i from generate_series(1, 12) i`);
      @Controller()
      class Counting {
        @OnFact(Went)
        async went(fact: Fact<Step>, tx: Tx): Promise<void> {
          await note(tx, 'went', fact);
        }
      }
      await start([{ source: writer, broker, controllers: [] }, { source: reader, broker, controllers: [Counting] }]);
      await Promise.all(Array.from({ length: 16 }, async (_, w) => {
        for (let i = 0; i < 40; i++) {
          await transact(writer, async (tx) => {
            const key = `k${((w * 7 + i * 5) % 12) + 1}`;
            const [row] = await tx.sql<{ n: number }>('update counter set n = n + 1 where key = $1 returning n', [key]);
            if (i % 7 === 0) await sleep(Math.random() * 8);
            await tx.publish(Went.of({ orderId: key, n: row?.n ?? 0 }));
          });
        }
      }));
      await until('640 effects', async () => (await effects(reader)).length >= 640);
      const seen = await effects(reader);
      for (let key = 1; key <= 12; key++) {
        const order = seen.filter((one) => one.key === `k${key}`).map((one) => one.n);
        expect(order).toEqual(order.map((_, i) => i + 1));
      }
      expect(seen).toHaveLength(640);
    });

    it('keeps the order of a key across types and across batch and single handlers', async () => {
      const { orders, financing, Began, Went } = newStory();
      const [writer, reader] = [await source(orders), await source(financing)];
      @Controller()
      class Mixed {
        @OnFacts(Began)
        async began(facts: Fact<Step>[], tx: Tx): Promise<void> {
          await noteAll(tx, 'began', facts);
        }
        @OnFact(Went)
        async went(fact: Fact<Step>, tx: Tx): Promise<void> {
          await note(tx, 'went', fact);
        }
      }
      await transact(writer, async (tx) => {
        for (let n = 0; n < 60; n++) await tx.publish((n % 3 === 0 ? Began : Went).of({ orderId: `k${n % 2}`, n }));
      });
      await start([{ source: writer, broker, controllers: [] }, { source: reader, broker, controllers: [Mixed] }]);
      await until('60 effects', async () => (await effects(reader)).length === 60);
      for (const key of ['k0', 'k1']) {
        const order = (await effects(reader)).filter((one) => one.key === key).map((one) => one.n);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
    });

    it('a message delivered twice takes effect once', async () => {
      const { orders, Went } = newStory();
      const one = await source(orders);
      @Controller()
      class Once {
        @OnFact(Went)
        async went(fact: Fact<Step>, tx: Tx): Promise<void> {
          await note(tx, 'went', fact);
        }
      }
      const twice: Broker = { ...broker, produce: async (topic, messages) => { await broker.produce(topic, messages); await broker.produce(topic, messages); } };
      const app = await start([{ source: one, broker: twice, controllers: [Once] }]);
      await transact(one, (tx) => tx.publish([1, 2, 3].map((n) => Went.of({ orderId: 'k', n }))));
      await app.strategy.settle();
      expect((await effects(one)).map((effect) => effect.n)).toEqual([1, 2, 3]);
    });

    it('a crash between the commit and the offset doubles nothing', async () => {
      const { orders, Went } = newStory();
      const one = await source(orders);
      let crashes = 0;
      const crashing: Broker = {
        ...broker,
        subscribe: (options) => broker.subscribe({
          ...options,
          onBatch: async (messages, signal) => {
            await options.onBatch(messages, signal);
            if (crashes++ < 2) throw new Error('died before the offset was stored');
          },
        }),
      };
      @Controller()
      class Once {
        @OnFact(Went)
        async went(fact: Fact<Step>, tx: Tx): Promise<void> {
          await note(tx, 'went', fact);
        }
      }
      const app = await start([{ source: one, broker: crashing, controllers: [Once] }]);
      await transact(one, (tx) => tx.publish([1, 2, 3].map((n) => Went.of({ orderId: 'k', n }))));
      await app.strategy.settle();
      expect(crashes).toBeGreaterThanOrEqual(2);
      expect((await effects(one)).map((effect) => effect.n)).toEqual([1, 2, 3]);
    });

    it('control: without an inbox the same crash doubles', async () => {
      const { orders, Went } = newStory();
      const one = await source(orders);
      await start([{ source: one, broker, controllers: [] }]);
      await transact(one, (tx) => tx.publish(Went.of({ orderId: 'k', n: 1 })));
      let crashes = 0;
      const naive = await broker.subscribe({
        group: `naive-${orders}`, topics: [Went.topic], batch: 10, atOnce: 1,
        onBatch: async (messages) => {
          for (const message of messages) await one.data.query('insert into effect (by, id, key, n) values ($1, $2, $3, 1)', ['naive', message.headers.ce_id, message.key]);
          if (crashes++ === 0) throw new Error('died before the offset was stored');
        },
      });
      await until('a second delivery', async () => (await effects(one)).length > 1);
      expect((await effects(one)).length).toBe(2);
      await naive.close();
    });

    it('poison parks its key, the others go on, later facts queue behind it, and a redrive takes effect once and in order', async () => {
      const { orders, Went } = newStory();
      const one = await source(orders);
      let poisonous = true;
      @Controller()
      class Picky {
        @OnFacts(Went)
        async went(facts: Fact<Step>[], tx: Tx): Promise<void> {
          await noteAll(tx, 'went', facts);
          if (poisonous && facts.some((fact) => fact.key === 'bad' && fact.data.n === 2)) throw new Poison('cannot be read');
        }
      }
      const app = await start([{ source: one, broker, controllers: [Picky] }]);
      await transact(one, (tx) => tx.publish([1, 2, 3].flatMap((n) => ['good', 'bad', 'fine'].map((orderId) => Went.of({ orderId, n })))));
      await app.strategy.settle();
      await transact(one, (tx) => tx.publish([4, 5].flatMap((n) => ['bad', 'good'].map((orderId) => Went.of({ orderId, n })))));
      await app.strategy.settle();
      const of = async (key: string) => (await effects(one)).filter((effect) => effect.key === key).map((effect) => effect.n);
      expect([await of('good'), await of('fine'), await of('bad')]).toEqual([[1, 2, 3, 4, 5], [1, 2, 3], [1]]);
      expect((await listParked(one)).map(({ state, fact }) => [state, (fact as Fact<Step>).data.n])).toEqual([['parked', 2], ['queued', 3], ['queued', 4], ['queued', 5]]);

      poisonous = false;
      expect(await redrive(one, { group: orders, key: 'bad', dryRun: true })).toHaveLength(1);
      expect(await of('bad')).toEqual([1]);
      await redrive(one, { group: orders, key: 'bad' });
      await until('the key to catch up', async () => (await of('bad')).length >= 5);
      expect(await of('bad')).toEqual([1, 2, 3, 4, 5]);
      expect(await listParked(one)).toEqual([]);
    });

    it('a parked fact can be given up: it leaves without effect and its key goes on', async () => {
      const { orders, Went } = newStory();
      const one = await source(orders);
      @Controller()
      class Picky {
        @OnFact(Went)
        async went(fact: Fact<Step>, tx: Tx): Promise<void> {
          if (fact.data.n === 1) throw new Poison('never');
          await note(tx, 'went', fact);
        }
      }
      const app = await start([{ source: one, broker, controllers: [Picky] }]);
      await transact(one, (tx) => tx.publish([1, 2, 3].map((n) => Went.of({ orderId: 'k', n }))));
      await app.strategy.settle();
      const [stuck] = await listParked(one);
      expect(await discard(one, { group: orders, id: stuck?.id ?? '' })).toMatchObject({ data: { n: 1 } });
      await until('the key to go on', async () => (await effects(one)).length === 2);
      expect((await effects(one)).map((effect) => effect.n)).toEqual([2, 3]);
      expect(await listParked(one)).toEqual([]);
    });

    it('a message our relay did not write is kept for people and blocks nobody', async () => {
      const { orders, Went } = newStory();
      const one = await source(orders);
      @Controller()
      class Fine {
        @OnFact(Went)
        async went(fact: Fact<Step>, tx: Tx): Promise<void> {
          await note(tx, 'went', fact);
        }
      }
      const app = await start([{ source: one, broker, controllers: [Fine] }]);
      await broker.produce(Went.topic, [{ key: 'k', headers: { ce_type: Went.type }, value: '{' }, { key: 'k', headers: {}, value: 'noise' }]);
      await transact(one, (tx) => tx.publish(Went.of({ orderId: 'k', n: 1 })));
      await app.strategy.settle();
      expect((await effects(one)).map((effect) => effect.n)).toEqual([1]);
      expect(await listParked(one)).toMatchObject([{ state: 'parked', error: expect.stringMatching(/no header ce_id/) }]);
    });

    it('an error is tried again and parks after its last try', async () => {
      const { orders, Went } = newStory();
      const one = await source(orders);
      let tries = 0;
      @Controller()
      class Failing {
        @OnFact(Went)
        async went(fact: Fact<Step>, tx: Tx): Promise<void> {
          await note(tx, 'went', fact);
          if (fact.key === 'bad') throw new Error(`no ${++tries}`);
          if (fact.key === 'shaky' && ++tries < 3) throw new Error('not now');
        }
      }
      const app = await start([{ source: one, broker, controllers: [Failing] }], { factAttempts: 3 });
      await transact(one, (tx) => tx.publish(['bad', 'good'].map((orderId) => Went.of({ orderId, n: 1 }))));
      await until('parking', async () => (await listParked(one)).some((row) => row.state === 'parked' && row.attempts === 3));
      tries = 0;
      await transact(one, (tx) => tx.publish(Went.of({ orderId: 'shaky', n: 1 })));
      await until('the shaky one', async () => (await effects(one)).length === 2);
      await app.strategy.settle();
      expect((await effects(one)).map((effect) => effect.key)).toEqual(['good', 'shaky']);
    });

    it('an early fact waits for its predecessor from another topic, and parks when it never comes', async () => {
      const { orders, financing, Began, Paid } = newStory();
      const [one, bank] = [await source(orders), await source(financing)];
      @Controller()
      class Patient {
        @OnFact(Began)
        async began(fact: Fact<Step>, tx: Tx): Promise<void> {
          await note(tx, 'began', fact);
        }
        @OnFact(Paid)
        async paid(fact: Fact<Step>, tx: Tx): Promise<void> {
          const [before] = await tx.sql('select 1 from effect where by = $1 and key = $2', ['began', fact.key]);
          if (before === undefined) throw new NotYet('Began', fact.key);
          await note(tx, 'paid', fact);
        }
      }
      await start([{ source: one, broker, controllers: [Patient] }, { source: bank, broker, controllers: [] }], { waitRetryMs: [50, 400], waitMs: 1_500 });
      await transact(bank, (tx) => tx.publish([...[1, 2].map((n) => Paid.of({ orderId: 'k', n })), Paid.of({ orderId: 'never', n: 1 })]));
      await until('three to wait', async () => (await listParked(one)).length === 3);
      await transact(one, (tx) => tx.publish(Began.of({ orderId: 'k', n: 0 })));
      await until('both payments', async () => (await effects(one)).length === 3);
      expect((await effects(one)).map(({ by, n }) => [by, n])).toEqual([['began', 0], ['paid', 1], ['paid', 2]]);
      await until('the other to park', async () => (await listParked(one)).some((row) => row.key === 'never' && row.state === 'parked'));
      expect((await listParked(one))[0]?.error).toMatch(/NotYet: Began never/);
    });

    it('connections that die in the middle lose and double nothing, and park nothing', async () => {
      const { orders, financing, Went } = newStory();
      const [writer, reader] = [await source(orders), await source(financing)];
      @Controller()
      class Slow {
        @OnFact(Went)
        async went(fact: Fact<Step>, tx: Tx): Promise<void> {
          await note(tx, 'went', fact);
        }
      }
      await start([{ source: writer, broker, controllers: [] }, { source: reader, broker, controllers: [Slow] }], { consumeBatch: 20, relayBatch: 25 });
      await transact(writer, (tx) => tx.publish(Array.from({ length: 400 }, (_, n) => Went.of({ orderId: `k${n % 10}`, n }))));
      const other = await source('other');
      const names = await Promise.all([writer, reader].map(async (one) => String((await one.pool.query<{ name: string }>('select current_database() as name')).rows[0]?.name)));
      let killed = 0;
      for (let i = 0; i < 6; i++) {
        await sleep(40);
        killed += (await other.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = any($1)`, [names])).rowCount ?? 0;
      }
      expect(killed).toBeGreaterThan(6);
      await until('400 effects', async () => (await effects(reader).catch(() => [])).length >= 400);
      const seen = await effects(reader);
      expect(new Set(seen.map((effect) => effect.id)).size).toBe(seen.length);
      for (let key = 0; key < 10; key++) expect(seen.filter((effect) => effect.key === `k${key}`).map((effect) => effect.n)).toEqual(Array.from({ length: 40 }, (_, i) => i * 10 + key));
      expect(await listParked(reader)).toEqual([]);
    });

    it('a process killed again and again in the middle loses and doubles nothing', async () => {
      const { orders } = newStory();
      const Went = contract(orders, 'Went');
      const one = await source(orders);
      const writing = (async () => {
        for (let i = 0; i < 250; i++) {
          await transact(one, (tx) => tx.publish(Array.from({ length: 10 }, (_, k) => Went.of({ orderId: `k${k}`, n: i }))));
          await sleep(25);
        }
      })();
      const { name: database } = (await one.pool.query<{ name: string }>('select current_database() as name')).rows[0] ?? { name: '' };
      const env = { ...process.env, ...child, SERVICE: orders, DATABASE: database };
      for (let kill = 0; kill < 3; kill++) {
        const victim = await startChild(env);
        const already = (await effects(one)).length;
        await until('the child to get going', async () => (await effects(one)).length > already + 20);
        await sleep(20 * kill);
        await victim.kill('SIGKILL');
      }
      const before = (await effects(one)).length;
      const last = await startChild(env);
      await writing;
      await until('2,500 effects', async () => (await effects(one)).length >= 2_500);
      await last.kill('SIGTERM');
      expect(before).toBeLessThan(2_500);
      const seen = await effects(one);
      for (let k = 0; k < 10; k++) expect(seen.filter((effect) => effect.key === `k${k}`).map((effect) => effect.n)).toEqual(Array.from({ length: 250 }, (_, n) => n));
      expect(await listParked(one)).toEqual([]);
    }, 120_000);

    it('a graceful stop finishes the batch in hand, stores its offset and leaves nothing to redeliver', async () => {
      const { orders, Went } = newStory();
      const one = await source(orders);
      let begun = false;
      let duplicates = 0;
      @Controller()
      class Slow {
        @OnFact(Went)
        async went(fact: Fact<Step>, tx: Tx): Promise<void> {
          begun = true;
          await sleep(20);
          await note(tx, 'went', fact);
        }
      }
      const first = await run([{ source: one, broker, controllers: [Slow] }], { consumeBatch: 10 });
      await transact(one, (tx) => tx.publish(Array.from({ length: 40 }, (_, n) => Went.of({ orderId: 'k', n }))));
      await until('the first fact', () => begun);
      await first.close();
      const done = (await effects(one)).length;
      expect(done).toBeGreaterThan(0);
      expect(done % 10 === 0 || done === 40).toBe(true);
      const second = await start([{ source: one, broker, controllers: [Slow] }], { consumeBatch: 10 });
      await until('the rest', async () => (await effects(one)).length === 40);
      await second.strategy.settle();
      duplicates = second.logs.filter((entry) => entry.level !== 'info').length;
      expect(duplicates).toBe(0);
      expect((await effects(one)).map((effect) => effect.n)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    });
  });
};
