import { afterAll, beforeAll, describe } from '@jest/globals';
import { kafkaAvailable, startKafka } from '../../../libs/messaging/kafka/start-kafka.mjs';
import { badInputJourney } from './bad-input.journey.js';
import { clientOf, type Client } from './client.js';
import { heroJourney } from './hero.journey.js';
import { importJourney } from './import.journey.js';
import { launchApart } from './launch.js';
import { scenarioJourney } from './scenario.journey.js';

// CI has Java and Maven (.ci/run), and there npm test calls a skip a failure.
const kafka = await kafkaAvailable();

(kafka === undefined ? describe.skip : describe)('a process per service on real Kafka', () => {
  let broker: Awaited<ReturnType<typeof startKafka>>;
  let platform: Awaited<ReturnType<typeof launchApart>>;
  let client: Client;
  beforeAll(async () => {
    broker = await startKafka();
    platform = await launchApart({ databaseUrl: process.env['PEYVAND_TEST_PG'] ?? '', brokers: broker.brokers });
    client = clientOf(platform.url);
  }, 300_000);
  afterAll(async () => {
    await platform?.stop();
    await broker?.stop();
  }, 120_000);

  describe('the hero story', () => heroJourney(() => client));
  describe('bad input', () => badInputJourney(() => client));
  describe('scenarios', () => scenarioJourney(() => client, ['dishonour']));
  describe('import', () => importJourney(() => client));
});
