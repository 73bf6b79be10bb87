import type { Server } from 'node:http';
import { instant } from '@peyvand/kernel';
import { embeddedBroker, kafkaBroker, realClock, sharedClock, Source, type Broker, type Clock } from '@peyvand/messaging';
import pg from 'pg';
import { assemble, type Assembled } from './assemble.js';
import { remoteKeys, type Keys } from './auth/verify.js';
import { ensureDatabase, openDatabase, prepare } from './database.js';
import type { ServiceDefinition } from './define-service.js';
import { makeLog, type Log } from './observe/log.js';
import { ConfigError, readConfig, type Config } from './platform.config.js';
import { shutDown, type Closing } from './shut-down.js';

/** What a caller may bring instead of what the environment says. */
export type Overrides = {
  readonly config?: Partial<Config>; readonly keys?: Keys; readonly clock?: Clock; readonly broker?: Broker; readonly log?: Log;
  /** false: the caller ends the process itself and calls `close`. */
  readonly signals?: false;
};

export type Handle = Assembled & { readonly url: string; readonly sources: Assembled['running']['sources']; close(): Promise<void> };

/** A service alone in its process. */
export const startService = (definition: ServiceDefinition, overrides: Overrides = {}): Promise<Handle> => startServices([definition], overrides);

/**
 * Starts services in this process: configuration, databases with migrations, clock, broker, HTTP, then consumers. SIGTERM and SIGINT
 * close in order. With MIGRATE=only it migrates and ends the process. A fault at start is printed and ends it with status 1.
 */
export const startServices = async (definitions: readonly ServiceDefinition[], overrides: Overrides = {}): Promise<Handle> => {
  const closing: Closing[] = [];
  try {
    return await start(definitions, overrides, closing);
  } catch (error) {
    await shutDown(closing, 5_000, () => {});
    throw error;
  }
};

const start = async (definitions: readonly ServiceDefinition[], overrides: Overrides, closing: Closing[]): Promise<Handle> => {
  const [environment] = allOf([() => readConfig(databasesOf(definitions, overrides), { keys: overrides.keys !== undefined }), ...definitions.map((one) => one.config ?? (() => {}))]);
  const config: Config = { ...environment, ...overrides.config };
  const log = overrides.log ?? makeLog(config.logLevel, { service: definitions.length === 1 ? definitions[0]?.name : 'all' });
  const keys = overrides.keys ?? remoteKeys(config.oidc.jwksUrl ?? '');
  const clock = overrides.clock ?? await clockOf(config, closing);
  const services = await Promise.all(definitions.map(async (definition) => {
    const data = await openDatabase(definition, config.databaseUrlOf(definition.name), config.poolSize);
    closing.unshift({ name: `database of ${definition.name}`, close: () => data.destroy() });
    await prepare(definition, data, { how: config.migrate, waitMs: config.migrateWaitMs, directUrl: config.directUrlOf?.(definition.name) });
    return { definition, source: new Source(definition.name, data, clock, definition.takesTurns) };
  }));
  if (config.migrate === 'only') return await migratedOnly(closing, log);
  const broker = overrides.broker ?? await brokerOf(config, definitions, closing);
  const assembled = await assemble({ config, services, clock, broker, keys, log, processMetrics: true });
  const { app, running, strategy } = assembled;
  closing.unshift(
    { name: 'http', close: () => stopHttp(app.getHttpServer()) },
    // What is still open now hangs or streams without end (SSE): its client comes back.
    { name: 'connections', close: async () => void app.getHttpServer().closeAllConnections() },
    { name: 'unsent facts', close: () => flushed(running) },
    { name: 'consumers', close: () => strategy.close() },
    { name: 'application', close: () => app.close() },
  );
  await app.listen(config.port, config.host);
  await app.startAllMicroservices();
  running.ready = true;
  const url = (await app.getUrl()).replace('[::1]', 'localhost');
  log.info({ url, services: definitions.map(({ name }) => name) }, 'started');
  const close = once(async () => {
    running.ready = false;
    signals.forEach((signal) => process.off(signal, end));
    await shutDown(closing, config.shutdownMs, (name, reason) => log.warn({ name, reason }, 'closing went wrong'));
    log.info({}, 'closed');
  });
  const signals = overrides.signals === false ? [] : (['SIGTERM', 'SIGINT'] as const);
  const end = (): void => void close().finally(() => process.exit(0));
  signals.forEach((signal) => process.once(signal, end));
  return { ...assembled, url, sources: running.sources, close };
};

const databasesOf = (definitions: readonly ServiceDefinition[], overrides: Overrides): string[] =>
  overrides.config?.databaseUrlOf === undefined ? definitions.map(({ name }) => name) : [];

/** Every configuration's result, or one `ConfigError` with the faults of all. */
const allOf = <T>(readers: readonly [() => T, ...(() => unknown)[]]): [T] => {
  const faults: string[] = [];
  const results = readers.map((read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(...error.faults);
      return undefined;
    }
  });
  if (faults.length > 0) throw new ConfigError(faults);
  return [results[0] as T];
};

/** The demo's clock lives in a database that every process shares: peyvand_clock, or DATABASE_URL_CLOCK. */
const clockOf = async (config: Config, closing: Closing[]): Promise<Clock> => {
  if (config.clock.kind === 'real') return realClock();
  const pool = await poolOf(config.databaseUrlOf('clock'), 2, 'clock', closing);
  const clock = await sharedClock({ pool, rate: config.clock.rate, ...(config.clock.start === undefined ? {} : { start: instant(config.clock.start) }) });
  closing.unshift({ name: 'clock', close: () => clock.close() });
  return clock;
};

const brokerOf = async (config: Config, definitions: readonly ServiceDefinition[], closing: Closing[]): Promise<Broker> => {
  const broker = config.broker === 'kafka' && config.kafka !== undefined
    ? await kafkaBroker({ ...config.kafka, clientId: `peyvand-${definitions.map(({ name }) => name).join('-')}` })
    : await embeddedBroker({ pool: await poolOf(config.databaseUrlOf('broker'), 10, 'broker', closing) });
  closing.unshift({ name: 'broker', close: () => broker.close() });
  return broker;
};

const poolOf = async (url: string, max: number, name: string, closing: Closing[]): Promise<pg.Pool> => {
  await ensureDatabase(url);
  const pool = new pg.Pool({ connectionString: url, max, application_name: `peyvand-${name}` });
  pool.on('error', () => {}); // an idle connection was cut; the next query opens another
  closing.unshift({ name: `database of ${name}`, close: () => pool.end() });
  return pool;
};

/** MIGRATE=only: a job of its own before the new pods, where start-up must not wait for long migrations. */
const migratedOnly = async (closing: Closing[], log: Log): Promise<never> => {
  await shutDown(closing, 5_000, () => {});
  log.info({}, 'migrated');
  process.exit(0);
};

/** Takes no new connection and waits for the requests in hand. Connections kept alive are cut as they fall idle, or each would hold the end for a minute. */
const stopHttp = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    if (!server.listening) return resolve();
    const sweep = setInterval(() => server.closeIdleConnections(), 20);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
  });

/** Waits until the broker has what the last requests published; what stays is sent at the next start. */
const flushed = async (running: Assembled['running']): Promise<void> => {
  while (Object.values(await running.idleness()).some(({ unsent }) => unsent > 0)) await new Promise((resolve) => setTimeout(resolve, 25));
};

const once = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let under: Promise<T> | undefined;
  return () => (under ??= work());
};
