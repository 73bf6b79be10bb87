// A whole service in a process that may be killed: relay and consumer of SERVICE on DATABASE, on Kafka (BROKERS) or an embedded broker (BROKER_DATABASE).
import { Controller } from '@nestjs/common';
import pg from 'pg';
import { instant } from '@peyvand/kernel';
import type { Fact } from '@peyvand/contracts';
import { embeddedBroker, kafkaBroker, manualClock, OnFacts, type Tx } from '../src/index.js';
import { contract, type Step } from './contracts.js';
import { openSource, urlOf } from './database.js';
import { run } from './run.js';

const { SERVICE: service = '', DATABASE: database = '', BROKERS: brokers, BROKER_DATABASE: brokerDatabase = '' } = process.env;

@Controller()
class Slowly {
  @OnFacts(contract(service, 'Went'))
  async went(facts: Fact<Step>[], tx: Tx): Promise<void> {
    await tx.run('insert into effect (by, id, key, n) select $1, * from unnest($2::uuid[], $3::text[], $4::int[])',
      ['went', facts.map((fact) => fact.id), facts.map((fact) => fact.key), facts.map((fact) => fact.data.n)]);
    await tx.sql('select pg_sleep(0.01)');
  }
}

const source = await openSource(service, database, manualClock(instant('2026-03-21T06:00:00Z')));
const broker = brokers === undefined
  ? await embeddedBroker({ pool: new pg.Pool({ connectionString: urlOf(brokerDatabase), max: 6 }) })
  : await kafkaBroker({ brokers: brokers.split(','), clientId: service, createTopics: true, sessionMs: 2_000 });
const running = await run([{ source, broker, controllers: [Slowly] }], { consumeBatch: 40, relayBatch: 40, leaseMs: 500 });
process.stdout.on('error', () => process.exit(1)); // the test has ended without us
process.once('SIGTERM', () => void running.close().then(() => process.exit(0)));
console.log('ready');
