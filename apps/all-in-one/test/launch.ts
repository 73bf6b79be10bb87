import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

export type Launched = { readonly url: string; stop(): Promise<void> };
export type LaunchedAlone = Launched & { /** kill -9, as a power cut would. */ kill(): Promise<void>; again(): Promise<void>; output(): string };

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Journeys bring their own orders: the chains of the demo stay quiet after the hero story. */
const quiet = { DEMO_ORDER_EVERY_MS: '3600000', LOG_LEVEL: 'warn' };

/** `npm start` as a user runs it: one process, embedded Postgres and broker, a folder with a space in its path. */
export const launchAlone = async (args: readonly string[] = []): Promise<LaunchedAlone> => {
  const folder = await mkdtemp(join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), 'peyvand journey '));
  const port = await freePort();
  const env = { ...process.env, ...quiet, PEYVAND_DATA: folder, PORT: String(port), HOST: '127.0.0.1' };
  let [child, output] = [undefined as ChildProcess | undefined, ''];
  const again = async (): Promise<void> => {
    child = spawn(process.execPath, [join(root, 'tools', 'start.mjs'), ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-20_000)));
    await untilReady(`http://127.0.0.1:${port}`, child, () => output);
  };
  await again();
  return {
    url: `http://127.0.0.1:${port}`, again, output: () => output,
    kill: () => ended(child, 'SIGKILL'),
    stop: async () => {
      await ended(child, 'SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const services = ['producers', 'retailers', 'orders', 'financing', 'delivery', 'edge', 'demo'] as const;

/** A process per service, real Kafka between them, databases in the cluster at `databaseUrl`; the edge forwards to the others. */
export const launchApart = async ({ databaseUrl, brokers }: { databaseUrl: string; brokers: readonly string[] }): Promise<Launched & { kill(service: (typeof services)[number]): Promise<void>; again(service: (typeof services)[number]): Promise<void> }> => {
  const mark = `e2e_${process.pid}_${Date.now().toString(36)}`;
  const ports = Object.fromEntries(await Promise.all(services.map(async (name) => [name, await freePort()]))) as Record<(typeof services)[number], number>;
  const urlOf = (name: (typeof services)[number]): string => `http://127.0.0.1:${ports[name]}`;
  const databases = Object.fromEntries([...services, 'clock', 'broker'].map((name) => {
    const url = new URL(databaseUrl);
    url.pathname = `/${mark}_${name}`;
    return [`DATABASE_URL_${name.toUpperCase()}`, url.href];
  }));
  const env = {
    ...process.env, ...quiet, ...databases, DEMO: 'true', BROKER: 'kafka', KAFKA_BROKERS: brokers.join(','), KAFKA_CREATE_TOPICS: 'true', MIGRATE: 'boot', DATABASE_POOL: '6', HOST: '127.0.0.1',
    CLOCK_START: '2026-08-23T04:30:00Z', OIDC_JWKS_URL: `${urlOf('edge')}/api/auth/jwks.json`,
    ORDERS_ACCEPT_HOURS: '240', ORDERS_APPROVE_HOURS: '240', ORDERS_CHANGE_ANSWER_HOURS: '240', ORDERS_WORD_HOURS: '240',
    SERVICE_URLS: services.filter((name) => name !== 'edge').map((name) => `${name}=${urlOf(name)}`).join(','),
    DEMO_API_URL: urlOf('edge'), DEMO_PROCESS_URLS: services.map(urlOf).join(','),
  };
  const children = new Map<string, ChildProcess>();
  let output = '';
  const start = (name: (typeof services)[number]): Promise<void> => {
    const child = spawn(process.execPath, [join(root, 'apps', name, 'dist', 'main.js')], { cwd: root, env: { ...env, PORT: String(ports[name]) }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-20_000)));
    children.set(name, child);
    return untilReady(urlOf(name), child, () => `${name}:\n${output}`);
  };
  await Promise.all(services.map(start));
  return {
    url: urlOf('edge'),
    kill: (name) => ended(children.get(name), 'SIGKILL'),
    again: start,
    stop: async () => {
      await Promise.all([...children.values()].map((child) => ended(child, 'SIGTERM')));
      if (process.env['PEYVAND_E2E_LOG']) console.log(output);
    },
  };
};

const untilReady = async (url: string, child: ChildProcess, output: () => string): Promise<void> => {
  const end = Date.now() + 120_000;
  while (!(await fetch(`${url}/readyz`).then(({ ok }) => ok, () => false))) {
    if (child.exitCode !== null || Date.now() > end) throw new Error(`It did not start:\n${output()}`);
    await sleep(100);
  }
};

const ended = async (child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> => {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((resolve) => child.once('close', resolve));
  child.kill(signal);
  await over;
};

const freePort = (): Promise<number> => new Promise((resolve, reject) => {
  const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const address = probe.address();
    probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no free port'))));
  });
});

/** A text file of the repository. */
export const fileOf = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
