import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { clusterUrl, freshDatabases, serviceNames } from './databases.js';
import { freePort } from './one-process.js';
import { demoVariables, type Platform } from './platform.js';

const apps = new URL('../../', import.meta.url);

type Running = { readonly service: string; readonly url: string; readonly start: () => ChildProcess; child: ChildProcess };

/** One process per service on a real Kafka, as on a cluster: people know the edge, which forwards to the others. Needs a build. */
export const startProcesses = async (kafkaBrokers: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Required<Platform>> => {
  const databases = await freshDatabases();
  const addresses = new Map(await Promise.all(serviceNames.map(async (service) => [service, `http://127.0.0.1:${await freePort()}`] as const)));
  const addressOf = (service: string): string => addresses.get(service as (typeof serviceNames)[number]) ?? '';
  const shared = {
    ...demoVariables(clusterUrl()), ...databases.variables, BROKER: 'kafka', KAFKA_BROKERS: kafkaBrokers.join(','), KAFKA_CREATE_TOPICS: 'true',
    OIDC_JWKS_URL: `${addressOf('edge')}/api/auth/jwks.json`,
    SERVICE_URLS: serviceNames.filter((service) => service !== 'edge').map((service) => `${service}=${addressOf(service)}`).join(','),
    DEMO_API_URL: addressOf('edge'), DEMO_PROCESS_URLS: [...addresses.values()].join(','), ...variables,
  };
  const run = (service: string, url: string): Running => {
    const start = () => startProcess(service, { ...shared, PORT: new URL(url).port });
    return { service, url, start, child: start() };
  };
  const running = serviceNames.map((service) => run(service, addressOf(service)));
  const stop = async () => {
    await Promise.all(running.map(({ child }) => ended(child, 'SIGTERM')));
    await databases.drop();
  };
  try {
    await Promise.all(running.map(ready));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: addressOf('edge'), stop,
    get processUrls() {
      return running.map(({ url }) => url);
    },
    startAnother: async (service) => {
      const one = run(service, `http://127.0.0.1:${await freePort()}`);
      running.push(one);
      await ready(one);
    },
    killAndRestart: async (service) => {
      const one = running.find((any) => any.service === service);
      if (one === undefined) throw new Error(`No process of ${service}`);
      await ended(one.child, 'SIGKILL');
      one.child = one.start();
      await ready(one);
    },
  };
};

const startProcess = (service: string, variables: Record<string, string>): ChildProcess => {
  const main = fileURLToPath(new URL(`${service}/dist/main.js`, apps));
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [main], { env: { ...(PATH === undefined ? {} : { PATH }), ...(HOME === undefined ? {} : { HOME }), ...variables }, stdio: ['ignore', 'pipe', 'pipe'] });
  // Errors only (LOG_LEVEL): whoever reads a failed run wants them.
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => process.stderr.write(`[${service}] ${text.toString()}`));
  return child;
};

const ready = async ({ service, url, child }: Running): Promise<void> => {
  for (const end = Date.now() + 90_000; Date.now() < end; await sleep(100)) {
    if (child.exitCode !== null) throw new Error(`${service} ended with ${child.exitCode}`);
    if (await fetch(`${url}/readyz`).then(({ ok }) => ok, () => false)) return;
  }
  throw new Error(`${service} was not ready within 90 s`);
};

const ended = async (child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  const stubborn = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await exit;
  clearTimeout(stubborn);
};
