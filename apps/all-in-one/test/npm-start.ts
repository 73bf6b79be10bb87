import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { runningPostgres } from '../src/running-postgres.js';

export type NpmStart = {
  readonly url: string;
  stop(): Promise<void>;
  /** kill -9, as a power cut would. */ kill(): Promise<void>;
  again(): Promise<void>;
  /** What a second start in the same folder says before it ends. */ second(): Promise<string>;
  /** Status and words of another command of the workspace, about this start. */ command(tool: string, ...args: readonly string[]): Promise<string>;
  /** Runs a statement in one of its databases, behind the platform's back. */ sql(service: string, text: string): Promise<void>;
};

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { scratchFolder } = await import(new URL('../../../libs/testing/scratch.mjs', import.meta.url).href) as { scratchFolder(prefix: string): Promise<string> };
/** Journeys bring their own orders: the chains of the demo stay quiet after the hero story. */
const quiet = { DEMO_ORDER_EVERY_MS: '3600000', LOG_LEVEL: 'warn' };

/** `npm start` as a user runs it: one process, embedded Postgres and broker, a folder with a space in its path. */
export const npmStart = async (args: readonly string[] = [], variables: Readonly<Record<string, string>> = {}): Promise<NpmStart> => {
  const folder = await scratchFolder('peyvand journey ');
  const port = await freePort();
  const env = { ...process.env, ...quiet, PEYVAND_DATA: folder, PORT: String(port), HOST: '127.0.0.1', ...variables };
  let [child, output] = [undefined as ChildProcess | undefined, ''];
  const again = async (): Promise<void> => {
    child = spawn(process.execPath, [join(root, 'tools', 'start.mjs'), ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-20_000)));
    await untilReady(`http://127.0.0.1:${port}`, child, () => output);
  };
  await again();
  return {
    url: `http://127.0.0.1:${port}`, again,
    second: () => said('start.mjs', [], env),
    command: (tool, ...more) => said(tool, more, env),
    sql: async (service, text) => {
      const client = new pg.Client({ connectionString: Object.assign(new URL((await runningPostgres(folder)) ?? ''), { pathname: `/peyvand_${service}` }).href });
      await client.connect();
      await client.query(text).finally(() => client.end());
    },
    kill: () => ended(child, 'SIGKILL'),
    stop: async () => {
      await ended(child, 'SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const said = async (tool: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> => {
  const other = spawn(process.execPath, [join(root, 'tools', tool), ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  for (const stream of [other.stdout, other.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (words += text));
  await new Promise((resolve) => other.once('close', resolve));
  return `${other.exitCode}: ${words}`;
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
