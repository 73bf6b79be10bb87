// npm run bench -- parking [--pairs 12] [--seconds 6] [--per-second 400]
// What poison costs the others: a steady stream over a thousand keys from a real Kafka, in blocks that take turns, one without and one in
// which some keys have a fact that can never be handled (retried, then parked; what follows on the key waits behind it). Told is the time
// from produce to handled of the healthy keys. The blocks of a pair stand next to each other, so that whatever else the machine does
// meets both; the median of the pairs' ratios is compared with the goal.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStrategy, kafkaBroker, OnFacts, Poison } from '@peyvand/messaging';
import { kafkaAvailable, startKafka } from '../../libs/messaging/kafka/start-kafka.mjs';
import { contract, figure, median, quantile, startCluster } from '../messaging/cluster.mjs';

const Moved = contract('orders', 'Moved');
const [keys, poisonedKeys] = [1_000, 10];

export default async function bench(args) {
  const option = (name, otherwise) => (args.includes(`--${name}`) ? Number(args[args.indexOf(`--${name}`) + 1]) : otherwise);
  const [pairs, seconds, perSecond] = [option('pairs', 12), option('seconds', 6), option('per-second', 400)];
  if ((await kafkaAvailable()) === undefined) throw new Error('This bench needs Kafka: install Java and Maven, or set KAFKA_BROKERS');
  const [cluster, kafka] = await Promise.all([startCluster(), startKafka()]);
  const broker = await kafkaBroker({ brokers: kafka.brokers, clientId: 'bench', createTopics: true });
  const source = await cluster.open('orders');
  const stage = await start({ source, broker });
  const blocks = [];
  try {
    await stage.block({ seconds: 4, perSecond, poison: 0 }); // the compiler's
    for (let pair = 0; pair < pairs; pair++) {
      const two = {};
      for (const arm of pair % 2 === 0 ? ['healthy', 'poisoned'] : ['poisoned', 'healthy']) two[arm] = await stage.block({ seconds, perSecond, poison: arm === 'poisoned' ? poisonedKeys : 0 });
      blocks.push(two);
      process.stderr.write(`pair ${pair + 1} of ${pairs}: p99 ${figure(two.healthy.p99)} ms and ${figure(two.poisoned.p99)} ms with ${two.poisoned.aside} facts aside\n`);
    }
  } finally {
    await stage.close();
    await source.data.destroy();
    await broker.close();
    await kafka.stop();
    await cluster.stop();
  }
  const ratios = (of) => blocks.map(({ healthy, poisoned }) => poisoned[of] / healthy[of]).sort((one, other) => one - other);
  const told = (of) => `healthy ${figure(median(blocks.map(({ healthy }) => healthy[of])))} ms   beside poison ${figure(median(blocks.map(({ poisoned }) => poisoned[of])))} ms   ratio ${figure(median(ratios(of)))} (${figure(ratios(of)[1])} … ${figure(ratios(of).at(-2))})`;
  console.log(`
produced → handled of healthy keys, ${perSecond} facts/s over ${keys} keys, ${poisonedKeys} of them poisoned (median of ${pairs} interleaved pairs of ${seconds} s)
  p50   ${told('p50')}
  p99   ${told('p99')}   goal 1.10
  poison and what waits behind it: ${blocks.reduce((sum, { poisoned }) => sum + poisoned.aside, 0)} facts, all in order, none of a healthy key`);
  return { p50: median(ratios('p50')), p99: median(ratios('p99')) };
}

async function start({ source, broker }) {
  await broker.ensureTopics([Moved.topic]);
  const handled = new Map();
  class Consumer {
    async moved(facts, tx) {
      const now = performance.now();
      for (const fact of facts) {
        if (fact.data.poison) throw new (fact.data.n % 2 === 0 ? Error : Poison)('cannot be handled');
        handled.set(fact.data.n, now);
      }
      await tx.run('insert into effect (key, n) select * from unnest($1::text[], $2::int[])', [facts.map(({ key }) => key), facts.map(({ data }) => data.n)]);
    }
  }
  Controller()(Consumer);
  OnFacts(Moved, { group: 'bench-parking' })(Consumer.prototype, 'moved', Object.getOwnPropertyDescriptor(Consumer.prototype, 'moved'));
  class Bench {}
  Module({ controllers: [Consumer] })(Bench);
  await source.data.query('create table effect (place bigint generated always as identity, key text not null, n int not null)');
  const app = await NestFactory.createMicroservice(Bench, { strategy: createStrategy({ services: [{ source, broker, controllers: [Consumer] }], log: () => {} }), logger: false });
  await app.listen();
  let [n, turn] = [0, 0];

  /** A stream at an even pace; answers the healthy keys' delays (ms) and how many facts stand aside at its end. */
  const block = async ({ seconds, perSecond, poison }) => {
    turn += 1;
    handled.clear();
    const [first, total, sent] = [n, perSecond * seconds, new Map()];
    const began = performance.now();
    for (let at = 0; at < total;) {
      const due = Math.min(total, Math.ceil(((performance.now() - began) / 1_000) * perSecond));
      const messages = [];
      for (; at < due; at++, n++) {
        // The poison comes in the first second; the facts behind it all along.
        const slot = at % keys;
        const poisoned = slot < poison;
        sent.set(n, { poisoned, at: performance.now() });
        messages.push(messageOf(`k${turn}-${slot}`, n, poisoned && at < keys));
      }
      if (messages.length > 0) await broker.produce(Moved.topic, messages);
      await sleep(5);
    }
    const healthy = [...sent].filter(([, { poisoned }]) => !poisoned);
    await until('every healthy fact is handled', () => healthy.every(([one]) => handled.has(one)));
    await sleep(300);
    const aside = Number((await source.data.query('select count(*) from parked'))[0].count);
    const wrong = await source.data.query('select key from (select key, n, lag(n) over (partition by key order by place) as before from effect where n >= $1) e where before >= n', [first]);
    if (wrong.length > 0 || aside !== sent.size - healthy.length) throw new Error(`${wrong.length} inversions; ${aside} facts aside, ${sent.size - healthy.length} expected`);
    await source.data.query('truncate parked; truncate effect');
    const delays = healthy.map(([one, { at }]) => handled.get(one) - at);
    return { p50: quantile(delays, 0.5), p99: quantile(delays, 0.99), aside };
  };
  return { block, close: () => app.close() };
}

const messageOf = (key, n, poison) => {
  const [id, now] = [`019aaaaa-0000-7000-8000-${String(n).padStart(12, '0')}`, new Date().toISOString()];
  return {
    key, value: JSON.stringify({ orderId: key, n, poison }),
    headers: { ce_id: id, ce_type: Moved.type, ce_source: '/peyvand/orders', ce_specversion: '1.0', ce_time: now, ce_recordedtime: now, ce_correlationid: id, ce_partitionkey: key },
  };
};

async function until(what, good) {
  for (const end = performance.now() + 60_000; !good(); await sleep(20)) if (performance.now() > end) throw new Error(`Not within a minute: ${what}`);
}
