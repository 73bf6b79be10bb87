import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { peopleOf } from './api.js';
import { badInputJourney } from './bad-input-journey.js';
import { heroJourney } from './hero-journey.js';
import { registerSupply, retailImportJourney, retailSlice, smallImportJourney } from './import-journey.js';
import { parkedIn, settled, type Platform } from './platform.js';
import { startProcesses } from './processes.js';
import { registerWorld } from './world.js';

jest.setTimeout(300_000);

type Kafka = { readonly brokers: string[]; stop(): Promise<void> };
// Test support of the messaging library, not part of its package: found by its address.
const { kafkaAvailable, startKafka } = await import(new URL('../../../libs/messaging/kafka/start-kafka.mjs', import.meta.url).href) as { kafkaAvailable(): Promise<string | undefined>; startKafka(): Promise<Kafka> };

const available = await kafkaAvailable();
// In CI a missing Kafka is a failure: there everything must have run.
const required = process.env['CI'] === 'true';
if (available === undefined && !required) console.warn('SKIPPED: one process per service on a real Kafka. Install Java and Maven, or set KAFKA_BROKERS.');

(available === undefined && !required ? describe.skip : describe)('one process per service, on a real Kafka', () => {
  let platform: Required<Platform>;
  let kafka: Kafka;
  beforeAll(async () => {
    if (available === undefined) throw new Error('CI needs a Kafka: install Java and Maven, or set KAFKA_BROKERS');
    const [started] = await Promise.all([startKafka(), promisify(execFile)(process.execPath, [fileURLToPath(new URL('../../../tools/build.mjs', import.meta.url))])]);
    kafka = started;
    platform = await startProcesses(kafka.brokers);
    await registerWorld(peopleOf(platform.url));
  });
  afterAll(async () => {
    await platform?.stop();
    await kafka?.stop();
  });

  // First: its clock goes on by months, past every deadline there is.
  it('takes an order from a shelf that needs filling to a settled debt', async () => {
    await heroJourney(platform);
  });

  it('answers what it cannot take with a problem, and writes nothing', () => badInputJourney(platform));

  it('takes a small file of the buyer’s own', () => smallImportJourney(platform));

  // Four times as many are taken by one process that is killed (npm-start-import).
  it('takes five thousand real order lines while processes join, every service is killed and comes back, and everybody’s books agree', async () => {
    const slice = retailSlice(5_000);
    await registerSupply(platform, slice);
    const killInTurn = async (services: readonly string[]) => {
      for (const service of services) await platform.killAndRestart(service);
    };
    await retailImportJourney(platform, slice, {
      submitting: async () => {
        await Promise.all([platform.killAndRestart('orders'), platform.startAnother('orders'), platform.startAnother('financing')]);
        await killInTurn(['financing', 'delivery', 'producers', 'retailers', 'edge', 'orders']);
      },
      carryingOn: () => killInTurn(['financing', 'orders', 'delivery']),
    });
  }, 900_000);

  it('ends with nothing parked', async () => {
    await settled(platform);
    expect(await parkedIn(platform)).toEqual({});
  });
});
