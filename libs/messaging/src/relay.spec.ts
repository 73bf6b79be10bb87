import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { contract, newStory } from '../test-support/contracts.js';
import { newSource } from '../test-support/database.js';
import { run, until } from '../test-support/run.js';
import { transact, type Broker, type BrokerMessage, type Source } from './index.js';

/** Keeps what is produced; `away` makes it refuse. */
const memory = () => {
  const sent: BrokerMessage[] = [];
  const state = { away: false };
  const broker: Broker = {
    name: 'memory', ensureTopics: async () => {}, lag: async () => 0, close: async () => {},
    produce: async (_topic, messages) => {
      if (state.away) throw new Error('the broker is away');
      sent.push(...messages);
    },
    subscribe: async () => ({ close: async () => {}, health: () => ({ ok: true }) }),
  };
  return { sent, state, broker };
};

describe('the relay', () => {
  let source: Source;
  const { orders } = newStory();
  const Went = contract(orders, 'Went');
  afterEach(() => source.data.destroy());

  /** 16 writers whose transactions stay open for different times after their facts got their numbers. */
  const writers = async (each: number): Promise<void> => {
    await Promise.all(Array.from({ length: 16 }, async (_, w) => {
      for (let n = 0; n < each; n++) {
        await transact(source, (tx) => tx.publish(Went.of({ orderId: `w${w}`, n })));
      }
    }));
  };

  /** The same load with the facts inserted a moment before COMMIT, which is where numbers and commits part ways. */
  const slowWriters = async (each: number): Promise<void> => {
    await Promise.all(Array.from({ length: 12 }, async (_, w) => {
      for (let n = 0; n < each; n++) {
        await transact(source, async (tx) => {
          await tx.run(`with f as (insert into facts (id, type, key, time, recordedtime, correlationid, parties, data)
            values (gen_random_uuid(), $1, $2, now(), clock_timestamp(), 'c', '{}', $3) returning seq, recordedtime) insert into unsent select * from f`, [Went.type, `w${w}`, { n }]);
          await sleep(Math.random() * 6);
        });
      }
    }));
  };

  it('sends every fact once, in order per key, and forgets it after the ack', async () => {
    source = await newSource(orders);
    const { sent, broker } = memory();
    const app = await run([{ source, broker, controllers: [] }]);
    await writers(30);
    await slowWriters(20);
    await app.strategy.settle();
    await app.close();
    expect(new Set(sent.map((message) => message.headers.ce_id)).size).toBe(720);
    expect(sent).toHaveLength(720);
    for (let w = 0; w < 12; w++) {
      const order = sent.filter((message) => message.key === `w${w}`).map((message) => JSON.parse(message.value).n as number);
      expect(order).toEqual([...Array.from({ length: 30 }, (_, n) => n), ...Array.from({ length: 20 }, (_, n) => n)]);
    }
    expect(sent[0]?.headers).toMatchObject({ ce_specversion: '1.0', ce_type: Went.type, ce_source: `/peyvand/${orders}`, ce_partitionkey: sent[0]?.key });
  });

  it('control: a relay that reads by id > last loses facts', async () => {
    source = await newSource(orders);
    let [last, seen, stop] = ['0', 0, false];
    const cursor = (async () => {
      for (let empty = 0; !stop || empty < 3; ) {
        const { rows } = await source.pool.query<{ seq: string }>('select seq from facts where seq > $1 order by seq limit 1000', [last]);
        seen += rows.length;
        last = rows.at(-1)?.seq ?? last;
        empty = rows.length === 0 ? empty + 1 : 0;
        await sleep(1);
      }
    })();
    await slowWriters(60);
    stop = true;
    await cursor;
    expect(seen).toBeLessThan(720);
  });

  it('waits for a broker that is away and drops nothing', async () => {
    source = await newSource(orders);
    const { sent, state, broker } = memory();
    state.away = true;
    const app = await run([{ source, broker, controllers: [] }]);
    await transact(source, (tx) => tx.publish([1, 2, 3].map((n) => Went.of({ orderId: 'k', n }))));
    await until('complaints', () => app.logs.length >= 2);
    expect((await app.strategy.gauges())[orders]).toMatchObject({ unsent: 3 });
    state.away = false;
    await app.strategy.settle();
    await app.close();
    expect(sent.map((message) => JSON.parse(message.value).n)).toEqual([1, 2, 3]);
  });

  it('runs once per service: a second process stands by and takes over', async () => {
    source = await newSource(orders);
    const [one, two] = [memory(), memory()];
    const first = await run([{ source, broker: one.broker, controllers: [] }], { leaseMs: 400 });
    await transact(source, (tx) => tx.publish(Went.of({ orderId: 'k', n: 1 })));
    await until('the first', () => one.sent.length === 1);
    const second = await run([{ source, broker: two.broker, controllers: [] }], { leaseMs: 400 });
    await transact(source, (tx) => tx.publish(Went.of({ orderId: 'k', n: 2 })));
    await until('the first again', () => one.sent.length === 2);
    await first.close();
    await transact(source, (tx) => tx.publish(Went.of({ orderId: 'k', n: 3 })));
    await until('the second', () => two.sent.length === 1);
    await second.close();
    expect([one.sent.length, two.sent.length]).toEqual([2, 1]);
  });
});
