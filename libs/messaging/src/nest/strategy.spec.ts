import { CallHandler, Controller, ExecutionContext, NestInterceptor, UseInterceptors } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Fact } from '@peyvand/contracts';
import { tap } from 'rxjs';
import { newStory, type Step } from '../../test-support/contracts.js';
import { effects, newSource } from '../../test-support/database.js';
import { run, type Part, type Running } from '../../test-support/run.js';
import { asFact, listParked, OnFact, OnFacts, replay, transact, type Broker, type Source, type Tx } from '../index.js';

const { orders, financing, Began, Went, Paid } = newStory();
const note = (tx: Tx, by: string, fact: Fact<Step>) => tx.run('insert into effect (by, id, key, n) values ($1, $2, $3, $4)', [by, fact.id, fact.key, fact.data.n]);

describe('the facts strategy', () => {
  const sources: Source[] = [];
  const apps: Running[] = [];
  const source = async (service: string): Promise<Source> => {
    const made = await newSource(service);
    sources.push(made);
    return made;
  };
  const start = async (services: readonly Part[]): Promise<Running> => {
    const app = await run(services);
    apps.push(app);
    return app;
  };
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    for (const one of sources.splice(0)) await one.data.destroy();
  });

  it('binds each handler to the service that lists its class, also for one type in two services', async () => {
    @Controller()
    class InOrders {
      @OnFact([Began, Paid])
      async heard(fact: Fact<Step>, tx: Tx): Promise<void> {
        await note(tx, 'orders', fact);
        if (fact.type === Paid.type) await tx.publish(Went.of({ orderId: fact.key, n: 7 }));
      }
    }
    @Controller()
    class InFinancing {
      @OnFact(Began)
      async heard(fact: Fact<Step>, tx: Tx): Promise<void> {
        await note(tx, 'financing', fact);
      }
      @OnFacts(Began, { group: `${financing}-story` })
      async story(facts: Fact<Step>[], tx: Tx): Promise<void> {
        for (const fact of facts) await note(tx, 'story', fact);
      }
    }
    const [one, two] = [await source(orders), await source(financing)];
    const app = await start([{ source: one, controllers: [InOrders] }, { source: two, controllers: [InFinancing] }]);
    const [began, paid] = [asFact(Began.of({ orderId: 'k', n: 1 })), asFact(Paid.of({ orderId: 'k', n: 2 }))];
    expect(await app.strategy.deliver(orders, [began, paid])).toEqual({ handled: 2, duplicates: 0, diverted: 0 });
    expect(await app.strategy.deliver(financing, began)).toEqual({ handled: 2, duplicates: 0, diverted: 0 });
    expect(await app.strategy.deliver(financing, began)).toEqual({ handled: 0, duplicates: 2, diverted: 0 });
    expect((await effects(one)).map(({ by, n }) => [by, n])).toEqual([['orders', 1], ['orders', 2]]);
    expect((await effects(two)).map(({ by }) => by).sort()).toEqual(['financing', 'story']);
    const [went] = await one.data.query('select causationid, correlationid from facts');
    expect(went).toEqual({ causationid: paid.id, correlationid: paid.correlationid });
  });

  it('a batch handler that publishes without saying why fails', async () => {
    @Controller()
    class Mute {
      @OnFacts(Began)
      async began(facts: Fact<Step>[], tx: Tx): Promise<void> {
        await tx.publish(facts.map((fact) => Went.of({ orderId: fact.key, n: 1 })));
      }
    }
    const one = await source(orders);
    const app = await start([{ source: one, controllers: [Mute] }]);
    expect(await app.strategy.deliver(orders, asFact(Began.of({ orderId: 'k', n: 1 })))).toMatchObject({ handled: 0, diverted: 1 });
    expect((await listParked(one))[0]?.error).toMatch(/must say which fact caused/);
  });

  it('keeps the pipeline of Nest: interceptors run and errors pass through them unchanged', async () => {
    const seen: string[] = [];
    class Watch implements NestInterceptor {
      intercept(_context: ExecutionContext, next: CallHandler) {
        return next.handle().pipe(tap({ error: (error: Error) => seen.push(error.message), complete: () => seen.push('done') }));
      }
    }
    @Controller()
    @UseInterceptors(new Watch())
    class Watched {
      @OnFact(Began)
      async began(fact: Fact<Step>, tx: Tx): Promise<void> {
        await note(tx, 'began', fact);
        if (fact.data.n === 2) throw new Error('two');
      }
    }
    const one = await source(orders);
    const app = await start([{ source: one, controllers: [Watched] }]);
    await app.strategy.deliver(orders, [1, 2].map((n) => asFact(Began.of({ orderId: `k${n}`, n }))));
    expect(seen).toEqual(expect.arrayContaining(['done', 'two']));
    expect((await effects(one)).map(({ n }) => n)).toEqual([1]);
  });

  it('does not start with handlers that belong to no service', async () => {
    @Controller()
    class Stray {
      @OnFact(Began)
      async began(): Promise<void> {}
    }
    const one = await source(orders);
    const { Test } = await import('@nestjs/testing');
    const { createStrategy } = await import('../index.js');
    const strategy = createStrategy({ services: [{ source: one, controllers: [] }], log: () => {} });
    const module = await Test.createTestingModule({ controllers: [Stray] }).compile();
    const app = module.createNestMicroservice({ strategy, logger: false });
    await expect(app.listen()).rejects.toThrow(/Stray\.began belongs to no service/);
    await app.close();
  });

  it('says which consumer is ill', async () => {
    @Controller()
    class Fine {
      @OnFact(Began)
      async began(): Promise<void> {}
    }
    const broker: Broker = {
      name: 'ill', ensureTopics: async () => {}, produce: async () => {}, lag: async () => 3, close: async () => {},
      subscribe: async () => ({ close: async () => {}, health: () => ({ ok: false, reason: 'consumer crashed' }) }),
    };
    const app = await start([{ source: await source(orders), broker, controllers: [Fine] }]);
    expect(app.strategy.health()).toEqual({ ok: false, groups: [{ service: orders, group: orders, ok: false, reason: 'consumer crashed' }] });
    expect((await app.strategy.gauges())[orders]).toMatchObject({ lag: { [orders]: 3 }, unsent: 0, parked: 0 });
  });

  it('replays stored facts in order to a new consumer', async () => {
    const one = await source(orders);
    for (let n = 0; n < 3; n++) await transact(one, (tx) => tx.publish([Began.of({ orderId: 'k', n }), Went.of({ orderId: 'k', n })]));
    const heard: number[] = [];
    const last = await replay(one, { types: [Went.type], to: async (facts) => void heard.push(...facts.map((fact) => (fact.data as Step).n)) });
    expect(heard).toEqual([0, 1, 2]);
    await replay(one, { types: [Went.type], afterSeq: last, to: async () => void heard.push(9) });
    expect(heard).toHaveLength(3);
  });

  it('ends a replay with what was stored when it began: the topic has the rest, in order', async () => {
    const one = await source(orders);
    const publish = (n: number) => transact(one, (tx) => tx.publish(Went.of({ orderId: 'k', n })));
    for (const n of [1, 2]) await publish(n);
    const heard: number[] = [];
    await replay(one, { types: [Went.type], lot: 1, to: async ([fact]) => (heard.push((fact?.data as Step).n), publish(3)) });
    expect(heard).toEqual([1, 2]);
  });

  it('delivers to one group alone when it is named', async () => {
    @Controller()
    class Two {
      @OnFact(Began)
      async first(fact: Fact<Step>, tx: Tx): Promise<void> {
        await note(tx, 'first', fact);
      }

      @OnFact(Began, { group: 'newcomer' })
      async second(fact: Fact<Step>, tx: Tx): Promise<void> {
        await note(tx, 'second', fact);
      }
    }
    const one = await source(orders);
    const app = await start([{ source: one, controllers: [Two] }]);
    const fact = asFact(Began.of({ orderId: 'k', n: 1 }));
    expect(await app.strategy.deliver(orders, fact, 'newcomer')).toEqual({ handled: 1, duplicates: 0, diverted: 0 });
    expect((await effects(one)).map(({ by }) => by)).toEqual(['second']);
    expect(await app.strategy.deliver(orders, fact)).toEqual({ handled: 1, duplicates: 1, diverted: 0 });
    await expect(app.strategy.deliver(orders, fact, 'nobody')).rejects.toThrow(`There is no group nobody here, only ${orders}, newcomer`);
  });
});
