// A small trade on the real messaging and a real Postgres: facts of one service, a log that repeats itself, a consumer whose connections are
// killed. Any part can be replaced by one that is wrong; the check is the same.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStrategy, OnFacts, transact } from '@peyvand/messaging';
import { contract, startCluster } from '../../bench/messaging/cluster.mjs';
import { randomOf } from '../random.mjs';

export const Moved = contract('orders', 'Moved');
const [writers, each, killsEveryMs] = [12, 25, 120];

/** Runs the trade; `relay` and `consume` left out are the platform's own. Answers what is wrong, in words; nothing when all is right. */
export const trade = async ({ seed, relay = ownRelay, consume = ownConsumer }) => {
  const [random, cluster] = [randomOf(seed), await startCluster()];
  const [from, to] = [await cluster.open('orders', 24), await cluster.open('financing', 6)];
  await to.data.query('create table effect (place bigint generated always as identity, id uuid not null, key text not null, n int not null); create table naive_inbox (id uuid primary key)');
  const log = logOf(random);
  let batches = 0;
  /** True at every third batch: there the consumer dies, at its own worst moment. */
  const dies = () => (batches += 1) % 3 === 0;
  const [stopRelay, stopConsumer] = [await relay({ source: from, log }), await consume({ source: to, log, dies })];
  try {
    let writing = true;
    const killing = (async () => {
      for (; writing; await sleep(killsEveryMs)) await killConnections(to);
    })();
    await Promise.all(Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; n < each; n++) await transact(from, async (tx) => {
        // Drawn early and committed late: numbers and commits part ways.
        await tx.run(`with f as (insert into facts (id, type, key, time, recordedtime, correlationid, parties, data)
          values (gen_random_uuid(), $1, $2, now(), clock_timestamp(), 'c', '{}', $3) returning seq, recordedtime) insert into unsent select * from f`, [Moved.type, `k${writer}`, { n }]);
        await sleep(random.whole(0, 8));
      });
    }));
    writing = false;
    await killing;
    const facts = await from.data.query('select id, key, (data ->> \'n\')::int as n from facts order by seq');
    // A quiet second is the end; what is lost does not come.
    for (let [count, quiet] = [-1, 0]; quiet < 10; await sleep(100)) {
      const [{ n }] = await to.data.query('select count(*)::int as n from effect').catch(() => [{ n: -2 }]);
      quiet = n === count && log.idle() ? quiet + 1 : 0;
      count = n;
    }
    return verdict(facts, await to.data.query('select id, key, n from effect order by place'));
  } finally {
    await Promise.all([stopRelay(), stopConsumer()]);
    await Promise.all([from.data.destroy(), to.data.destroy()]);
    await cluster.stop();
  }
};

const verdict = (facts, effects) => {
  const times = new Map();
  effects.forEach(({ id }) => times.set(id, (times.get(id) ?? 0) + 1));
  const lost = facts.filter(({ id }) => !times.has(id));
  const doubled = [...times].filter(([, n]) => n > 1);
  const last = new Map();
  const inverted = effects.filter(({ key, n }) => {
    const before = last.get(key) ?? -1;
    last.set(key, n);
    return n < before;
  });
  return [
    ...(lost.length === 0 ? [] : [`${lost.length} of ${facts.length} facts lost, the first of them ${lost[0].key} ${lost[0].n}`]),
    ...(doubled.length === 0 ? [] : [`${doubled.length} facts took effect more than once, the first of them ${doubled[0][0]}`]),
    ...(inverted.length === 0 || lost.length + doubled.length > 0 ? [] : [`${inverted.length} effects out of order, the first of them ${inverted[0].key} ${inverted[0].n}`]),
  ];
};

const killConnections = (source) => source.data.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`).catch(() => {});

/** A log in memory that hands over at least once: often some of what it handed over before comes again. */
const logOf = (random) => {
  const records = [];
  const stored = new Map();
  let busy = 0;
  const broker = {
    name: 'memory', ensureTopics: async () => {}, lag: async (group) => records.length - (stored.get(group) ?? 0), close: async () => {},
    produce: async (topic, messages) => void messages.forEach((message) => records.push({ ...message, topic, partition: 0, offset: String(records.length) })),
    subscribe: async ({ group, onBatch }) => {
      const closing = new AbortController();
      const loop = (async () => {
        while (!closing.signal.aborted) {
          const position = stored.get(group) ?? 0;
          const at = position < records.length && random.chance(0.3) ? Math.max(0, position - random.whole(1, 20)) : position;
          const batch = records.slice(at, at + random.whole(1, 60));
          if (batch.length === 0) {
            await sleep(10);
            continue;
          }
          busy += 1;
          await onBatch(batch, closing.signal).then(() => stored.set(group, Math.max(stored.get(group) ?? 0, at + batch.length)), () => sleep(10));
          busy -= 1;
          await sleep(1);
        }
      })();
      return { health: () => ({ ok: true }), close: async () => { closing.abort(); await loop; } };
    },
  };
  return { broker, records, stored, idle: () => busy === 0 && [...stored.values()].every((position) => position >= records.length) };
};

const run = async (source, broker, controllers) => {
  class Stage {}
  Module({ controllers })(Stage);
  const app = await NestFactory.createMicroservice(Stage, { strategy: createStrategy({ services: [{ source, broker, controllers }], log: () => {} }), logger: false });
  await app.listen();
  return () => app.close();
};

const ownRelay = ({ source, log }) => run(source, log.broker, []);

const ownConsumer = ({ source, log, dies }) => {
  class Consumer {
    async moved(facts, tx) {
      await addEffects(tx, facts);
      if (dies()) await killConnections(source);
    }
  }
  Controller()(Consumer);
  OnFacts(Moved, { group: 'control' })(Consumer.prototype, 'moved', Object.getOwnPropertyDescriptor(Consumer.prototype, 'moved'));
  return run(source, log.broker, [Consumer]);
};

const addEffects = (tx, facts) => tx.run('insert into effect (id, key, n) select * from unnest($1::uuid[], $2::text[], $3::int[])', [facts.map(({ id }) => id), facts.map(({ key }) => key), facts.map(({ data }) => data.n)]);

export const factsOf = (messages) => messages.map(({ key, headers, value }) => ({ id: headers.ce_id, key, data: JSON.parse(value) }));
export { addEffects, killConnections };
