// One event = one inbox row and one UPDATE. Three ways to consume the same topic from a real Kafka, each in rounds, interleaved.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload, Transport } from '@nestjs/microservices';
import { EntitySchema } from 'typeorm';
import { createStrategy, OnFact, OnFacts } from '@peyvand/messaging';
import { contract, figure, median } from './cluster.mjs';

const accounts = 1_000;
const rounds = 3;
const Moved = contract('orders', 'Moved');

const Inbox = new EntitySchema({ name: 'BenchInbox', tableName: 'inbox', columns: { consumerGroup: { name: 'consumer_group', type: 'text', primary: true }, id: { type: 'uuid', primary: true } } });
const Account = new EntitySchema({ name: 'BenchAccount', tableName: 'account', columns: { id: { type: 'text', primary: true }, balance: { type: 'bigint' } } });

export async function benchConsume({ cluster, kafka, broker, only }) {
  await broker.ensureTopics([Moved.topic]);
  const total = 240_000;
  await fill(broker, total);
  globalThis.afterFill?.();
  const arms = {
    stock: { events: 2_000, run: stock },
    single: { events: 40_000, run: ours(OnFact, addOne) },
    apart: { events: 80_000, run: ours((fact, options) => OnFact(fact, { ...options, apart: true }), addOne) },
    batch: {
      events: total,
      run: ours(OnFacts, async (facts, tx) => void (await tx.run(`
        update account set balance = balance + sum.n from (select id, sum(n) as n from unnest($1::text[], $2::int[]) as t(id, n) group by id order by id) sum where account.id = sum.id`,
      [facts.map((fact) => fact.key), facts.map((fact) => fact.data.n)]))),
    },
  };
  const rates = { stock: [], single: [], apart: [], batch: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [name, arm] of Object.entries(arms)) {
      if (only !== undefined && name !== only) continue;
      const source = await cluster.open('orders');
      await source.data.query(`create table account (id text primary key, balance bigint not null default 0); insert into account select 'k' || i from generate_series(0, ${accounts - 1}) i`);
      rates[name].push(await arm.run({ source, broker, kafka, events: arm.events, group: `bench-${name}-${Date.now()}` }));
      await source.data.destroy();
    }
  }
  const [a, b, c, d] = [median(rates.stock), median(rates.single), median(rates.apart), median(rates.batch)];
  console.log(`
consume one event = inbox row + one UPDATE (median of ${rounds} rounds, events per second)
  stock Nest Kafka transport, TypeORM transaction each   ${figure(a)}   (${rates.stock.map(figure).join(', ')})
  ours, one after the other (@OnFact)                    ${figure(b)}   ${figure(b / a)} ×                 (${rates.single.map(figure).join(', ')})
  ours, one at a time for each key (@OnFact, apart)      ${figure(c)}   ${figure(c / a)} ×   (goal 20 ×)   (${rates.apart.map(figure).join(', ')})
  ours, batches (@OnFacts, UNNEST)                       ${figure(d)}   ${figure(d / a)} ×   (goal 100 ×)  (${rates.batch.map(figure).join(', ')})`);
  return { stock: a, single: b, apart: c, batch: d };
}

const addOne = async (fact, tx) => void (await tx.run('update account set balance = balance + $2 where id = $1', [fact.key, fact.data.n]));

async function fill(broker, total) {
  for (let from = 0; from < total; from += 1_000) {
    await broker.produce(Moved.topic, Array.from({ length: 1_000 }, (_, i) => {
      const n = from + i;
      const id = `019aaaaa-0000-7000-8000-${String(n).padStart(12, '0')}`;
      const now = new Date().toISOString();
      return {
        key: `k${n % accounts}`, value: JSON.stringify({ orderId: `k${n % accounts}`, n: 1 }),
        headers: { ce_id: id, ce_type: Moved.type, ce_source: '/peyvand/orders', ce_specversion: '1.0', ce_time: now, ce_recordedtime: now, ce_correlationid: id, ce_partitionkey: `k${n % accounts}` },
      };
    }));
  }
}

/** Events per second from the first handled to the last of `events`, read from the database. */
async function measure(source, events) {
  const handled = async () => Number((await source.data.query('select coalesce(sum(balance), 0) as n from account'))[0].n);
  let first;
  for (;;) {
    const [n, at] = [await handled(), performance.now()];
    if (n > 0) first ??= { n, at };
    if (n >= events) return n === first.n ? Infinity : (n - first.n) / ((at - first.at) / 1_000);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function stock({ source, kafka, events, group }) {
  const data = await withEntities(source);
  class Consumer {
    async moved(value, context) {
      const id = String(context.getMessage().headers.ce_id);
      await data.transaction(async (manager) => {
        await manager.insert(Inbox, { consumerGroup: group, id });
        await manager.increment(Account, { id: value.orderId }, 'balance', value.n);
      });
    }
  }
  declare(Consumer, 'moved', EventPattern(Moved.topic));
  Payload()(Consumer.prototype, 'moved', 0);
  Ctx()(Consumer.prototype, 'moved', 1);
  const app = await NestFactory.createMicroservice(moduleOf(Consumer), {
    transport: Transport.KAFKA, logger: false,
    options: { client: { brokers: kafka.brokers, clientId: 'stock', logLevel: 0 }, consumer: { groupId: group }, subscribe: { fromBeginning: true } },
  });
  await app.listen();
  const rate = await measure(source, events);
  await app.close();
  await data.destroy();
  return rate;
}

const withEntities = async (source) => {
  const { DataSource } = await import('typeorm');
  return new DataSource({ ...source.data.options, entities: [Inbox, Account], migrations: [] }).initialize();
};

const ours = (Decorator, work) => async ({ source, broker, events, group }) => {
  class Consumer {
    moved(facts, tx) {
      return work(facts, tx);
    }
  }
  declare(Consumer, 'moved', Decorator(Moved, { group }));
  const strategy = createStrategy({ services: [{ source, broker, controllers: [Consumer] }] });
  const app = await NestFactory.createMicroservice(moduleOf(Consumer), { strategy, logger: false });
  await app.listen();
  const rate = await measure(source, events);
  await app.close();
  return rate;
};

const declare = (type, method, decorator) => {
  Controller()(type);
  decorator(type.prototype, method, Object.getOwnPropertyDescriptor(type.prototype, method));
};

const moduleOf = (controller) => {
  class Bench {}
  Module({ controllers: [controller] })(Bench);
  return Bench;
};
