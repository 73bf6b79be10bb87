// Commit → ack of a steady stream of single-fact transactions, with a real Kafka.
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { createStrategy, transact } from '@peyvand/messaging';
import { contract, figure, quantile } from './cluster.mjs';

export async function benchRelay({ cluster, broker, perSecond = 2_000, seconds = 14 }) {
  const Moved = contract('financing', 'Moved');
  const source = await cluster.open('financing', 24);
  const [committed, acked] = [new Map(), new Map()];
  const watched = {
    ...broker,
    produce: async (topic, messages) => {
      await broker.produce(topic, messages);
      const now = performance.now();
      for (const message of messages) acked.set(JSON.parse(message.value).n, now);
    },
  };
  const strategy = createStrategy({ services: [{ source, broker: watched, controllers: [] }] });
  class Bench {}
  Module({})(Bench);
  const app = await NestFactory.createMicroservice(Bench, { strategy, logger: false });
  await app.listen();
  const total = perSecond * seconds;
  let [next, late] = [0, 0];
  const started = performance.now();
  await Promise.all(Array.from({ length: 20 }, async () => {
    for (let n = next++; n < total; n = next++) {
      const due = started + (n / perSecond) * 1_000;
      const wait = due - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      if (wait < -50) late++;
      await transact(source, (tx) => tx.publish(Moved.of({ orderId: `k${n % 500}`, n })));
      committed.set(n, performance.now());
    }
  }));
  const took = (performance.now() - started) / 1_000;
  await strategy.settle({ timeoutMs: 60_000 });
  await app.close();
  await source.data.destroy();
  // The first seconds are the compiler's.
  const warm = [...committed].filter(([n]) => n > 4 * perSecond).map(([n, at]) => Math.max(0, acked.get(n) - at));
  const p = (q) => figure(quantile(warm, q));
  console.log(`
relay, commit → ack at ${figure(total / took)} events/s (wanted ${figure(perSecond)}; ${figure((100 * late) / total)} % of commits begun late)
  p50 ${p(0.5)} ms   p95 ${p(0.95)} ms   p99 ${p(0.99)} ms (goal 60)   max ${p(1)} ms`);
  return { p99: quantile(warm, 0.99), perSecond: total / took };
}
