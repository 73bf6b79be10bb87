import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startIssuer } from '../bench/story/platform.mjs';
import { startKafka } from '../libs/messaging/kafka/start-kafka.mjs';
import { imageFlags } from '../docker/image-flags.mjs';
import { scratchFolder } from '../libs/testing/scratch.mjs';
import { startCommitProxy } from './commit-proxy.mjs';
import { freePort, startPostgres } from './postgres.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
export const services = ['producers', 'retailers', 'orders', 'financing', 'delivery', 'edge'];

/**
 * The platform under fire: real processes, a real Postgres behind a proxy that can cut commits, a real Kafka; or, embedded, everything in one
 * process. Answers what can be done to it and where to look from outside. `shipped`: without the proxy and with the flags of the image, for who
 * measures.
 */
export const startPlatform = async ({ embedded, shipped = false, variables = {} }) => {
  const [postgres, issuer, kafka] = await Promise.all([startPostgres(), startIssuer(), embedded ? undefined : startBroker()]);
  const proxy = await startCommitProxy(postgres.port);
  const said = [];
  let stopping = false;
  const shared = {
    PATH: process.env.PATH, HOME: process.env.HOME, DEMO: 'true', MIGRATE: 'boot', HOST: '127.0.0.1', LOG_LEVEL: 'warn', DATABASE_POOL: '10', DATABASE_URL: postgres.urlOf('postgres', ...(shipped ? [] : [proxy.port])),
    CLOCK_START: '2026-03-21T04:30:00Z', CLOCK_RATE: '1', OIDC_ISSUER: 'urn:peyvand:bench', OIDC_JWKS_URL: issuer.url,
    ...(embedded ? { BROKER: 'embedded' } : { BROKER: 'kafka', KAFKA_BROKERS: kafka.brokers.join(), KAFKA_CREATE_TOPICS: 'true', KAFKA_SESSION_MS: '2500' }),
    ...variables,
  };
  const units = new Map();
  const add = async (unit, main, service = unit) => units.set(unit, { unit, service, main, port: await freePort(), child: undefined });
  if (embedded) await add('everything', join(root, 'faults', 'one-process.mjs'));
  else for (const service of services) await add(service, join(root, 'apps', service, 'dist', 'main.js'));
  const start = (unit) => {
    const one = units.get(unit);
    if (one === undefined || running(one.child)) return;
    one.down = false;
    one.child = spawn(process.execPath, [...(shipped ? imageFlags() : []), one.main], { cwd: root, env: { ...shared, PORT: String(one.port) }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [one.child.stdout, one.child.stderr]) stream.setEncoding('utf8').on('data', (text) => {
      said.push(`${unit}: ${text.trim()}`);
      if (said.length > 4_000) said.splice(0, 2_000);
    });
    // What ends by itself (no broker to start with, say) is started again, as a supervisor would.
    one.child.once('exit', () => setTimeout(() => one.down || stopping || start(unit), 300));
  };
  const end = async (unit, signal) => {
    const child = units.get(unit)?.child;
    if (!running(child)) return;
    units.get(unit).down = true;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    const stubborn = setTimeout(() => child.kill('SIGKILL'), 40_000);
    await ended;
    clearTimeout(stubborn);
  };
  process.once('exit', () => [...units.values()].forEach(({ child }) => child?.kill('SIGKILL')));
  const urlOf = (service) => `http://127.0.0.1:${units.get(embedded ? 'everything' : service).port}`;
  const ready = async () => {
    for (const until = Date.now() + 120_000; ; await sleep(100)) {
      const answers = await Promise.all([...units.values()].map(({ port }) => fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(3_000) }).then(({ ok }) => ok, () => false)));
      if (answers.every(Boolean)) return;
      if (Date.now() > until) throw new Error(`Not ready within two minutes: ${[...units.keys()].filter((_, at) => !answers[at])}\n${said.slice(-30).join('\n')}`);
    }
  };
  for (const unit of units.keys()) start(unit);
  await ready();
  const pools = Object.fromEntries([...services, 'clock', ...(embedded ? ['broker'] : [])].map((name) => [name, quiet(new pg.Pool({ connectionString: postgres.urlOf(`peyvand_${name}`), max: 2 }))]));
  let replicas = 0;
  return {
    embedded, postgres, proxy, kafka, said, urlOf, ready, start, tokenFor: issuer.tokenFor,
    get units() {
      return [...units.keys()];
    },
    pidOf: (unit) => units.get(unit).child.pid,
    kill: (unit) => end(unit, 'SIGKILL'),
    stopGently: (unit) => end(unit, 'SIGTERM'),
    pause: (unit) => running(units.get(unit)?.child) && units.get(unit).child.kill('SIGSTOP'),
    resume: (unit) => running(units.get(unit)?.child) && units.get(unit).child.kill('SIGCONT'),
    addReplica: async (service) => {
      const unit = `${service}-${(replicas += 1)}`;
      await add(unit, join(root, 'apps', service, 'dist', 'main.js'), service);
      start(unit);
      return unit;
    },
    removeReplica: async (unit) => {
      await end(unit, 'SIGTERM');
      units.delete(unit);
    },
    /** Straight to the server, past the proxy. */
    pool: (service) => pools[service],
    query: async (service, text, values = []) => (await pools[service].query(text, values)).rows,
    idleness: async () => Object.assign({}, ...await Promise.all([...units.values()].map(async ({ unit, service, port }) => {
      const answer = await (await fetch(`http://127.0.0.1:${port}/idlez`, { signal: AbortSignal.timeout(10_000) })).json();
      return unit === service ? answer : Object.fromEntries(Object.entries(answer).map(([name, idle]) => [`${name} (${unit})`, idle]));
    }))),
    async stop() {
      stopping = true;
      for (const pool of Object.values(pools)) await pool.end().catch(() => {});
      for (const unit of units.keys()) this.resume(unit);
      await Promise.all([...units.keys()].map((unit) => end(unit, 'SIGTERM')));
      proxy.close();
      await kafka?.stop();
      await postgres.stop();
      issuer.close();
    },
  };
};

const running = (child) => child !== undefined && child.exitCode === null && child.signalCode === null;

/** A server that goes away ends idle connections: that is the rig's own doing. */
const quiet = (pool) => pool.on('error', () => {});

/** A Kafka that can be killed and comes back on the same address with the same data. */
const startBroker = async () => {
  const [dir, port] = [await scratchFolder('peyvand-faults-kafka-'), await freePort()];
  let now = await startKafka({ dir, port });
  return {
    brokers: now.brokers,
    kill: () => now.kill(),
    restart: async () => { now = await startKafka({ dir, port }); },
    stop: async () => {
      await now.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
};
