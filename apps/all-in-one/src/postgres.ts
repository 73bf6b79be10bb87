import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { postgresEnvironment } from './all-in-one.config.js';
import { CannotStart } from './cannot-start.js';
import { diskFull, keep } from './data-folder.js';
import { settle, type Home } from './postgres-home.js';

export type Cluster = {
  readonly port: number;
  /** The server's process, for whoever measures it. */
  readonly pid: number;
  url(database: string): string;
  stop(): Promise<void>;
};

/** Small on purpose: everything here shares a laptop. synchronous_commit stays on: a fact that was told must survive a power cut. */
const settings = {
  listen_addresses: '127.0.0.1',
  // The length of a socket's path is limited to 107 bytes; a clone may lie deeper.
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '96MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '512MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  synchronous_commit: 'on',
  // Containers often have 64 MB of /dev/shm.
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
};

/**
 * Starts the embedded Postgres on a free port; makes the cluster on the first start and takes over after a crash.
 * @param say tells a line of progress that concerns the user.
 * @param onDeath is called when the server ends without being asked, with the reason.
 */
export const startPostgres = async (dataFolder: string, say: (line: string) => void, onDeath: (why: string) => void): Promise<Cluster> => {
  const home = await settle(dataFolder, say);
  const password = await keep(join(home.folder, 'password'), () => randomBytes(18).toString('base64url'));
  const data = join(home.folder, 'cluster');
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(home, data, password);
  await endOrphan(data);
  const port = await freePort();
  const { server, stop } = await launch(home, data, port, onDeath);
  return { port, pid: server.pid ?? 0, stop, url: (database) => addressOf(password, port, database) };
};

export const addressOf = (password: string, port: number, database: string): string => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;

const initialise = async (home: Home, data: string, password: string): Promise<void> => {
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true });
  const passwordFile = join(home.folder, 'initdb-password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (home.user) for (const path of [data, passwordFile]) await chown(path, home.user.uid, home.user.gid);
  await chmod(data, 0o700);
  const flags = [`--pgdata=${data}`, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-sync'];
  const initdb = spawn(join(home.binaries, 'bin', 'initdb'), flags, { ...home.user, env: postgresEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
  const { code, output } = await ended(initdb);
  await rm(passwordFile, { force: true });
  if (code === 0) return;
  await rm(data, { recursive: true, force: true });
  throw new CannotStart(explain(output, data) ?? `Postgres could not make its cluster in ${data}:\n${output.trim()}`);
};

/**
 * After a kill -9 of our process the server may still run, or its process number may by now be someone else's. The first is stopped
 * (its data is whole), the second's lock file is removed; Postgres itself handles the simple rest.
 */
const endOrphan = async (data: string): Promise<void> => {
  const lock = join(data, 'postmaster.pid');
  const pid = Number((await readFile(lock, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (!command.includes(data)) {
    if (existsSync('/proc/self')) await rm(lock, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  const until = Date.now() + 20_000;
  while (existsSync(`/proc/${pid}`) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
  if (existsSync(`/proc/${pid}`)) throw new CannotStart(`A Postgres of an earlier start still runs (process ${pid}) and does not end. Stop it with: kill -QUIT ${pid}`);
};

const launch = async (home: Home, data: string, port: number, onDeath: (why: string) => void): Promise<{ server: ChildProcess; stop(): Promise<void> }> => {
  const flags = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // Its own process group: Ctrl-C reaches the services first, and the database goes last.
  const server = spawn(join(home.binaries, 'bin', 'postgres'), ['-D', data, ...flags], { ...home.user, env: postgresEnvironment(), detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let [output, asked, ready] = ['', false, false];
  const exit = new Promise<void>((resolve) => server.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new CannotStart(`Postgres cannot be run: ${error.message}`)));
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-8_000);
      if (/No space left on device/.test(text) && ready && !asked) onDeath(diskFull(data, 0));
      if (!/ready to accept connections/.test(text)) return;
      ready = true;
      resolve();
    });
    server.once('close', (code) => {
      const why = explain(output, data) ?? `Postgres ended (code ${code}):\n${output.trim().split('\n').slice(-6).join('\n')}`;
      if (!ready) reject(new CannotStart(why));
      else if (!asked) onDeath(why);
    });
  });
  const stop = async (): Promise<void> => {
    asked = true;
    // SIGINT is Postgres' fast shutdown: sessions end, a checkpoint is written.
    if (server.exitCode === null) server.kill('SIGINT');
    await exit;
  };
  return { server, stop };
};

/** Postgres' words for the few things a user can mend. */
const explain = (output: string, data: string): string | undefined => {
  if (/No space left on device/.test(output)) return diskFull(data, 0);
  if (/Permission denied/.test(output)) return `Postgres may not use ${data}:\n${output.trim().split('\n').slice(-3).join('\n')}\nStart as the user who owns it, or set PEYVAND_DATA to another folder.`;
  if (/incompatible with server|initialized by PostgreSQL version/.test(output)) return `The data in ${data} was written by another major version of Postgres. Begin anew with: npm start -- --reset`;
  if (/error while loading shared libraries/.test(output)) return `Postgres' binaries do not run on this machine:\n${output.trim()}`;
  return undefined;
};


const ended = (child: ChildProcess): Promise<{ code: number | null; output: string }> => new Promise((resolve, reject) => {
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.once('error', (error) => reject(new CannotStart(`Postgres cannot be run: ${error.message}`)));
  child.once('close', (code) => resolve({ code, output }));
});

const freePort = (): Promise<number> => new Promise((resolve, reject) => {
  const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const address = probe.address();
    probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no free port'))));
  });
});
