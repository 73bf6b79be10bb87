// A real single-node Kafka without containers, for tests and benches: jars from Maven Central, KRaft, loopback only.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const version = '4.3.1';

/**
 * Whether a Kafka can be had: 'external' (KAFKA_BROKERS is set), 'local' (Java and Maven are there) or undefined.
 * @returns {Promise<'external' | 'local' | undefined>}
 */
export async function kafkaAvailable() {
  if (process.env.KAFKA_BROKERS) return 'external';
  const java = await run('java', ['-version']).then(() => true, () => false);
  const maven = java && (existsSync(cached()) || await run('mvn', ['-v']).then(() => true, () => false));
  return maven ? 'local' : undefined;
}

/**
 * Starts a broker (4 s; the first time 10–60 s more for 44 MB of jars) or answers the one KAFKA_BROKERS names, which stop() and kill()
 * then leave alone. `dir` keeps the data for a second start; left out, the data go with stop(). `port` fixes the port. Throws when the broker does not answer within 60 s.
 * @param {{ dir?: string, port?: number, settings?: Record<string, string> }} [options]
 * @returns {Promise<{ brokers: string[], stop(): Promise<void>, kill(): Promise<void> }>}
 */
export async function startKafka({ dir, port, settings = {} } = {}) {
  if (process.env.KAFKA_BROKERS) return { brokers: process.env.KAFKA_BROKERS.split(','), stop: async () => {}, kill: async () => {} };
  const libs = await installKafka();
  const home = dir ?? await mkdtemp(join(process.env.PEYVAND_SCRATCH ?? tmpdir(), 'peyvand-kafka-'));
  await mkdir(home, { recursive: true });
  const [client, controller] = [port ?? await freePort(), await freePort()];
  const config = join(home, 'server.properties');
  await writeFile(config, properties(home, client, controller, settings));
  const java = ['-Xmx512m', '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', join(libs, '*')];
  if (!existsSync(join(home, 'data', 'meta.properties'))) {
    // With =, because one id in 64 begins with a hyphen.
    await run('java', [...java, 'kafka.tools.StorageTool', 'format', `--cluster-id=${randomBytes(16).toString('base64url')}`, '-c', config]);
  }
  const child = spawn('java', [...java, 'kafka.Kafka', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said = (said + text).slice(-4_000); });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  const end = async (signal) => {
    process.off('exit', onExit);
    child.kill(signal);
    await ended;
    if (dir === undefined && signal === 'SIGTERM') await rm(home, { recursive: true, force: true });
  };
  await Promise.race([
    reachable(client),
    ended.then((code) => { throw new Error(`Kafka ended with ${code}: ${said}`); }),
  ]).catch(async (error) => { await end('SIGKILL'); throw error; });
  return { brokers: [`127.0.0.1:${client}`], stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

const cached = () => join(homedir(), '.cache', 'peyvand', 'kafka', version);

/** Puts the jars into the cache folder once; answers the folder. */
export async function installKafka() {
  const target = cached();
  if (existsSync(target)) return target;
  const fresh = `${target}.${process.pid}`;
  await run('mvn', ['-q', '-B', '-f', join(here, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${fresh}`], { maxBuffer: 1e8 });
  // Another process may have been as quick: its folder is as good.
  await rename(fresh, target).catch(() => rm(fresh, { recursive: true, force: true }));
  return target;
}

const properties = (home, client, controller, settings) => Object.entries({
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': `1@127.0.0.1:${controller}`,
  'listeners': `PLAINTEXT://127.0.0.1:${client},CONTROLLER://127.0.0.1:${controller}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${client}`,
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'log.dirs': join(home, 'data'),
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  // Tests kill members and must not wait 10 s for the group to notice.
  'group.min.session.timeout.ms': '1000',
  'auto.create.topics.enable': 'false',
  'log.index.size.max.bytes': '1048576',
  ...settings,
}).map(([name, value]) => `${name}=${value}`).join('\n');

const freePort = () => new Promise((resolve, reject) => {
  const server = createServer();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

const reachable = async (port) => {
  for (const until = Date.now() + 60_000; Date.now() < until;) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Kafka did not open its port within 60 s');
};
