import { setTimeout as sleep } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Fact } from '@peyvand/contracts';
import { newStory, type Step } from '../../test-support/contracts.js';
import { effects, newSource } from '../../test-support/database.js';
import { run, type Running } from '../../test-support/run.js';
import { asFact, listParked, OnFact, transact, type Source, type Tx } from '../index.js';

const { orders, Began, Went } = newStory();
const note = (tx: Tx, fact: Fact<Step>) => tx.run('insert into effect (by, id, key, n) values ($1, $2, $3, $4)', ['apart', fact.id, fact.key, fact.data.n]);
/** Facts of `keys` keys, `each` of every key, the keys taking turns. */
const factsOf = (keys: number, each: number): Fact<Step>[] =>
  Array.from({ length: keys * each }, (_, at) => asFact(Began.of({ orderId: `k${at % keys}`, n: Math.floor(at / keys) })) as Fact<Step>);

describe('handlers whose facts are apart', () => {
  const opened: { app?: Running; source: Source }[] = [];
  const start = async (controller: new () => object): Promise<{ app: Running; source: Source }> => {
    const source = await newSource(orders);
    opened.push({ source });
    const app = await run([{ source, controllers: [controller] }]);
    opened.push({ app, source });
    return { app, source };
  };
  afterEach(async () => {
    const [all, sources] = [opened.splice(0), new Set<Source>()];
    for (const { app, source } of all) {
      await app?.close();
      sources.add(source);
    }
    for (const source of sources) await source.data.destroy();
  });

  it('are under way at once, and each key still in its order', async () => {
    const busy = new Set<string>();
    const seen = { most: 0, twice: 0 };
    @Controller()
    class Abreast {
      @OnFact(Began, { apart: true })
      async began(fact: Fact<Step>, tx: Tx): Promise<void> {
        if (busy.has(fact.key)) seen.twice += 1;
        busy.add(fact.key);
        seen.most = Math.max(seen.most, busy.size);
        // The first of a key take longest: whoever began the next one early would be overtaken.
        await sleep(fact.data.n === 0 ? 20 : 0);
        await note(tx, fact);
        await tx.publish(Went.of({ orderId: fact.key, n: fact.data.n }));
        busy.delete(fact.key);
      }
    }
    const { app, source } = await start(Abreast);
    expect(await app.strategy.deliver(orders, factsOf(10, 5))).toEqual({ handled: 50, duplicates: 0, diverted: 0 });
    expect(seen).toEqual({ most: 10, twice: 0 });
    const told = (await source.data.query('select key, data, causationid from facts order by seq')) as { key: string; data: { n: number }; causationid: string }[];
    const stored = await effects(source);
    for (let k = 0; k < 10; k++) {
      expect(stored.filter(({ key }) => key === `k${k}`).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
      expect(told.filter(({ key }) => key === `k${k}`).map(({ data }) => data.n)).toEqual([0, 1, 2, 3, 4]);
    }
    // Each names its own cause, whoever else was under way.
    const ids = new Map(stored.map(({ id, key, n }) => [id, `${key}/${n}`]));
    expect(told.map(({ causationid }) => ids.get(causationid))).toEqual(told.map(({ key, data }) => `${key}/${data.n}`));
  });

  it('without the promise one comes after the other', async () => {
    let [busy, most] = [0, 0];
    @Controller()
    class InLine {
      @OnFact(Began)
      async began(fact: Fact<Step>, tx: Tx): Promise<void> {
        most = Math.max(most, (busy += 1));
        await note(tx, fact);
        busy -= 1;
      }
    }
    const { app } = await start(InLine);
    await app.strategy.deliver(orders, factsOf(10, 2));
    expect(most).toBe(1);
  });

  it('a statement that fails sets its own key aside, though it failed those sent after it', async () => {
    @Controller()
    class Picky {
      @OnFact(Began, { apart: true })
      async began(fact: Fact<Step>, tx: Tx): Promise<void> {
        await tx.sql('select 1');
        // Whoever fails here is one await deeper than its neighbours, which hear the echo no later than it hears the cause.
        if (fact.key === 'k3') await fail(tx);
        await note(tx, fact);
      }
    }
    const fail = async (tx: Tx): Promise<void> => {
      await tx.sql('select 1 / 0');
    };
    const { app, source } = await start(Picky);
    expect(await app.strategy.deliver(orders, factsOf(20, 3))).toEqual({ handled: 57, duplicates: 0, diverted: 3 });
    const stored = await effects(source);
    expect(stored).toHaveLength(57);
    expect(stored.some(({ key }) => key === 'k3')).toBe(false);
    const parked = await listParked(source, { limit: 10 });
    expect(new Set(parked.map(({ key }) => key))).toEqual(new Set(['k3']));
    expect(parked[0]?.error).toMatch(/division by zero/);
  });

  it('nothing begins after a failure, and nothing is under way when it is told', async () => {
    const { keysAbreast } = await import('./apart.js');
    const done: string[] = [];
    const facts = factsOf(200, 1);
    const told = keysAbreast(facts, async (fact) => {
      await sleep(fact.key === 'k0' ? 1 : 10);
      if (fact.key === 'k0') throw new Error('the first');
      done.push(fact.key);
    });
    await expect(told).rejects.toThrow('the first');
    expect(done).toHaveLength(63);
    await sleep(20);
    expect(done).toHaveLength(63);
  });

  it('a connection without pipelining does the same, one after the other', async () => {
    let [busy, most] = [0, 0];
    @Controller()
    class Plain {
      @OnFact(Began, { apart: true })
      async began(fact: Fact<Step>, tx: Tx): Promise<void> {
        most = Math.max(most, (busy += 1));
        await note(tx, fact);
        busy -= 1;
      }
    }
    const { app, source } = await start(Plain);
    source.pool.on('acquire', (client) => Object.assign(client, { pipeline: false }));
    await app.strategy.deliver(orders, factsOf(10, 2));
    expect(most).toBe(1);
    expect(await transact(source, (tx) => tx.sql('select 1 from effect'))).toHaveLength(20);
  });
});
