import type { Fact, FactContract, NewFact } from '@peyvand/contracts';
import { instant } from '@peyvand/kernel';
import { asFact, embeddedBroker, manualClock, replay, Source, type Broker, type Settings } from '@peyvand/messaging';
import { assemble, makeLog, type Config, type Log, type Running, type ServiceDefinition } from '@peyvand/platform';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { describedBy, type Faults } from './described.js';
import { testClock, type TestClock } from './test-clock.js';
import { cloneOf, dropDatabase, emptyDatabase } from './test-database.js';
import { personOf, type Person } from './test-http.js';
import { audience, issuer, testKeys, type Actor, type TestKeys } from './test-keys.js';
import { testRun } from './testing.config.js';

export type TestOptions = {
  /** With it, facts really travel; without, `deliver` hands them over and `facts` shows what would be sent. */
  readonly broker?: 'embedded';
  /** The manual clock's first moment; 2026-03-21T06:00Z, a Saturday morning in Tehran, when left out. */
  readonly start?: string;
  readonly config?: Partial<Config>;
  readonly settings?: Partial<Settings>;
  readonly log?: Log;
};

type Delivered = { handled: number; duplicates: number; diverted: number };
type Row = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test states the columns it expects

export type TestPlatform = {
  /** Speaks HTTP as that person; without one, as nobody. */
  as(actor?: Actor): Person;
  /** Hands facts to every service that hears them, as the broker would; resolves when handled. */
  deliver(facts: NewFact | Fact | readonly (NewFact | Fact)[], options?: { id?: string; cause?: Fact }): Promise<Delivered>;
  /** Everything the services published, in order, of one contract or of all. */
  facts(of?: FactContract<any> | string): Promise<Fact<any>[]>; // eslint-disable-line @typescript-eslint/no-explicit-any
  /** Rows of one service's database, past row security. */
  sql<R extends Row = Row>(service: string, text: string, values?: readonly unknown[]): Promise<R[]>;
  /** Resolves when nothing is due, unsent or unheard; throws with the figures after 30 s. */
  settle(): Promise<void>;
  /** Facts and deadlines that gave up, with their reason: a test that ends with some has a bug to show. */
  parked(): Promise<Row[]>;
  readonly clock: TestClock;
  readonly running: Running;
  readonly fastify: FastifyInstance;
  readonly keys: TestKeys;
  source(service: string): Source;
  close(): Promise<void>;
};

export type TestApp = Omit<TestPlatform, 'sql' | 'source'> & {
  sql<R extends Row = Row>(text: string, values?: readonly unknown[]): Promise<R[]>;
  readonly source: Source;
};

/** One service as it really runs: HTTP, sign-in, row security, consumers, deadlines, on a database and a clock of its own. */
export const testService = async (definition: ServiceDefinition, options: TestOptions = {}): Promise<TestApp> => {
  const { sql, source, ...platform } = await testServices([definition], options);
  return { ...platform, sql: (text, values) => sql(definition.name, text, values), source: source(definition.name) };
};

/** Several services in one application, as the all-in-one runs them. */
export const testServices = async (definitions: readonly ServiceDefinition[], options: TestOptions = {}): Promise<TestPlatform> => {
  const clock = manualClock(instant(options.start ?? '2026-03-21T06:00:00Z'));
  const keys = await testKeys();
  const databases = await Promise.all(definitions.map(async (definition) => ({ definition, ...(await cloneOf(definition)) })));
  const services = databases.map(({ definition, data }) => ({ definition, source: new Source(definition.name, data, clock, definition.takesTurns) }));
  const broker = options.broker === 'embedded' ? await testBroker() : undefined;
  const { app, fastify, strategy, running } = await assemble({
    config: { ...testConfig, ...options.config }, services, clock, keys: keys.keys, processMetrics: false,
    log: options.log ?? makeLog(testRun().logLevel, { test: definitions.map(({ name }) => name).join() }),
    settings: { retryMs: [5, 50], relayPollMs: [5, 50], ...options.settings },
    ...(broker === undefined ? {} : { broker: broker.broker }),
  });
  await app.startAllMicroservices();
  await fastify.ready();
  running.ready = true;

  const sourceOf = (name: string): Source => {
    const source = running.sources.get(name);
    if (source === undefined) throw new Error(`${name} is not among the services of this test`);
    return source;
  };
  const faultsOf = faultsIn(definitions, running);
  const everywhere = async (text: string): Promise<Row[]> =>
    (await Promise.all([...running.sources].map(async ([service, { pool }]) => (await pool.query<Row>(text)).rows.map((row) => ({ service, ...row }))))).flat();

  return {
    as: (actor) => personOf({ fastify, keys, faultsOf }, actor),
    deliver: async (facts, { id, cause } = {}) => {
      const envelopes = [facts as NewFact | Fact].flat().map((one) => ('contract' in one ? asFact(one, { at: clock.now(), ...(id === undefined ? {} : { id }), ...(cause === undefined ? {} : { cause }) }) : one));
      const sum = { handled: 0, duplicates: 0, diverted: 0 };
      for (const { name } of definitions) {
        const one = await strategy.deliver(name, envelopes);
        for (const figure of ['handled', 'duplicates', 'diverted'] as const) sum[figure] += one[figure];
      }
      return sum;
    },
    facts: async (of) => {
      const found: Fact[] = [];
      for (const source of running.sources.values()) {
        const types = typeof of === 'string' ? [of] : of === undefined ? (await source.pool.query<{ type: string }>('select distinct type from facts')).rows.map((row) => row.type) : [of.type];
        await replay(source, { types, to: async (lot) => found.push(...lot) });
      }
      return found;
    },
    sql: async <R extends Row>(service: string, text: string, values: readonly unknown[] = []) => (await sourceOf(service).pool.query<R>(text, [...values])).rows,
    settle: () => strategy.settle(),
    parked: () => everywhere(`
      select type as what, key, error from parked where state = 'parked' union all
      select kind, key, error from deadlines where state = 'parked'`),
    clock: testClock(clock, running, strategy),
    running, fastify, keys,
    source: sourceOf,
    close: async () => {
      await app.close();
      await broker?.close();
      await Promise.all(databases.map((one) => one.drop()));
    },
  };
};

/** Making one takes as long as many a test, and a spec may start the same services for every test anew. */
const known: { readonly definitions: readonly ServiceDefinition[]; readonly faults: Faults }[] = [];

/** Made when the first answer comes: not every spec speaks HTTP. */
const faultsIn = (definitions: readonly ServiceDefinition[], running: Running): Faults => (answer) => {
  let same = known.find((one) => one.definitions.length === definitions.length && one.definitions.every((definition, n) => definition === definitions[n]));
  if (same === undefined) known.push(same = { definitions, faults: describedBy(definitions.map(({ name }) => running.openApi(name))) });
  return same.faults(answer);
};

const testConfig: Config = {
  port: 0, host: '127.0.0.1', poolSize: 4, broker: 'embedded', oidc: { issuer, audience }, demo: true, production: false,
  databaseUrlOf: (service) => { throw new Error(`Tests make the database of ${service} themselves`); },
  clock: { kind: 'real', rate: 1 }, logLevel: 'error', migrate: 'boot', migrateWaitMs: 0, bodyLimitBytes: 8_388_608, shutdownMs: 5_000,
  rateLimit: { perSecond: 300, burst: 1_500, inFlight: 64 }, sealKeyOf: () => undefined,
};

const testBroker = async (): Promise<{ broker: Broker; close(): Promise<void> }> => {
  const url = await emptyDatabase('broker');
  const pool = new pg.Pool({ connectionString: url, max: 6 });
  pool.on('error', () => {}); // the next query opens another connection
  const broker = await embeddedBroker({ pool });
  return {
    broker,
    close: async () => {
      await broker.close();
      await pool.end();
      await dropDatabase(url);
    },
  };
};
