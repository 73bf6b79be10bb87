import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import type { Fact } from '@peyvand/contracts';
import { kafkaAvailable, startKafka } from '../../kafka/start-kafka.mjs';
import { conformance } from '../../test-support/conformance.js';
import { newStory, type Step } from '../../test-support/contracts.js';
import { effects, newSource } from '../../test-support/database.js';
import { run, until } from '../../test-support/run.js';
import { OnFact, transact, type Tx } from '../index.js';
import { kafkaBroker } from './kafka.js';

const available = await kafkaAvailable();

if (available === undefined) {
  describe('messaging on the kafka broker', () => {
    const why = 'no KAFKA_BROKERS and no Java with Maven: nothing here was tried against a real Kafka';
    if (process.env.CI === 'true') it('needs a Kafka in CI', () => expect(why).toBe(''));
    else it.skip(`SKIPPED: ${why}`, () => {});
    if (process.env.CI !== 'true') console.warn(`\n*** KAFKA TESTS SKIPPED: ${why} ***\n`);
  });
} else {
  const open = async () => {
    const kafka = await startKafka();
    const broker = await kafkaBroker({ brokers: kafka.brokers, clientId: 'conformance', createTopics: true });
    return { broker, child: { BROKERS: kafka.brokers.join(',') }, close: async () => (await broker.close(), await kafka.stop()) };
  };
  conformance('kafka', open);

  describe('the kafka broker', () => {
    const killable = process.env.KAFKA_BROKERS === undefined ? it : it.skip;
    killable('is waited for when it is killed: nothing is lost, doubled or out of order once it is back', async () => {
      const dir = await mkdtemp(join(tmpdir(), 'peyvand-kafka-kill-'));
      const port = 20_000 + Math.floor(Math.random() * 10_000);
      let kafka = await startKafka({ dir, port });
      const broker = await kafkaBroker({ brokers: kafka.brokers, clientId: 'kill', createTopics: true, sessionMs: 3_000 });
      const { orders, Went } = newStory();
      const source = await newSource(orders);
      @Controller()
      class Noting {
        @OnFact(Went)
        async went(fact: Fact<Step>, tx: Tx): Promise<void> {
          await tx.run('insert into effect (by, id, key, n) values ($1, $2, $3, $4)', ['went', fact.id, fact.key, fact.data.n]);
        }
      }
      const app = await run([{ source, broker, controllers: [Noting] }]);
      const publish = (from: number) => transact(source, (tx) => tx.publish(Array.from({ length: 50 }, (_, i) => Went.of({ orderId: `k${i % 5}`, n: from + i }))));
      await publish(0);
      await until('the first', async () => (await effects(source)).length === 50);
      await kafka.kill();
      await publish(50);
      await until('complaints', () => app.logs.some((entry) => entry.message === 'The relay waits'), 60_000);
      await publish(100);
      kafka = await startKafka({ dir, port });
      await until('the rest', async () => (await effects(source)).length >= 150, 90_000);
      const seen = await effects(source);
      for (let k = 0; k < 5; k++) expect(seen.filter((one) => one.key === `k${k}`).map((one) => one.n)).toEqual(Array.from({ length: 30 }, (_, i) => i * 5 + k));
      await until('health', () => app.strategy.health().ok);
      await app.close();
      await broker.close();
      await kafka.stop();
      await source.data.destroy();
      await rm(dir, { recursive: true, force: true });
    }, 150_000);

    it('refuses a missing topic when it may not make topics', async () => {
      const kafka = await startKafka();
      const broker = await kafkaBroker({ brokers: kafka.brokers, clientId: 'strict' });
      await expect(broker.ensureTopics([newStory().Went.topic])).rejects.toThrow(/has no topic peyvand\.orders/);
      await broker.close();
      await kafka.stop();
    });
  });
}
