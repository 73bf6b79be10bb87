import { setTimeout as sleep } from 'node:timers/promises';
import { messagingMigrations } from '@peyvand/messaging';
import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import type { ServiceDefinition } from './define-service.js';

/** Opens a service's database; makes it when the server has none of that name. Throws with what to do when neither is possible. */
export const openDatabase = async ({ name, migrations }: ServiceDefinition, url: string, poolSize: number): Promise<DataSource> => {
  await ensureDatabase(url);
  const data = new DataSource({
    type: 'postgres', url, applicationName: `peyvand-${name}`, poolSize,
    entities: [], migrations: [...messagingMigrations, ...named(migrations)], migrationsTableName: 'migrations', migrationsTransactionMode: 'each',
    uuidExtension: 'pgcrypto', installExtensions: false, connectTimeoutMS: 5_000,
    // A connection that a firewall dropped is noticed. Session settings would be refused by a pooling proxy, so there are none.
    // Statements sent at once do not wait for each other's answers; that is for handlers whose facts are `apart`.
    extra: { keepAlive: true, pipeline: true },
  });
  return data.initialize();
};

/** Runs what is missing, one process at a time: others wait for the lock and find nothing left to do. */
export const migrate = async (data: DataSource): Promise<void> => {
  const lock = data.createQueryRunner();
  try {
    await lock.query(`select pg_advisory_lock(hashtext('peyvand_migrations'))`);
    await data.runMigrations();
  } finally {
    await lock.query(`select pg_advisory_unlock(hashtext('peyvand_migrations'))`).catch(() => {});
    await lock.release();
  }
};

export type Migrating = { readonly how: 'boot' | 'only' | 'never'; readonly waitMs: number; readonly directUrl?: string | undefined };

/** Brings the database to what this code needs, or waits until someone else has. Throws when the wait is in vain. */
export const prepare = async (definition: ServiceDefinition, data: DataSource, { how, waitMs, directUrl }: Migrating): Promise<void> => {
  if (how === 'never') return migratedByOthers(definition.name, data, waitMs);
  if (directUrl === undefined) return migrate(data);
  const direct = await openDatabase(definition, directUrl, 2);
  await migrate(direct).finally(() => direct.destroy());
};

const migratedByOthers = async (service: string, data: DataSource, waitMs: number): Promise<void> => {
  const until = performance.now() + waitMs;
  while (await data.showMigrations()) {
    if (performance.now() >= until) throw new Error(`The database of ${service} lacks migrations. Run this process once with MIGRATE=only, or start it with MIGRATE=boot.`);
    await sleep(Math.min(1_000, Math.max(50, until - performance.now())));
  }
};

/** Makes the database when it is missing and the login may. */
export const ensureDatabase = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
  } catch (error) {
    if ((error as { code?: unknown }).code !== '3D000') throw new Unreachable(url, error);
    await createDatabase(url);
  } finally {
    await client.end().catch(() => {});
  }
};

/** Names the server and the database, never the password. */
class Unreachable extends Error {
  constructor(url: string, cause: unknown) {
    const { host, pathname, username } = new URL(url);
    super(`The database ${pathname.slice(1)} at ${host} cannot be opened as ${username}: ${cause instanceof Error && cause.message !== '' ? cause.message : String((cause as { code?: unknown }).code)}. Check DATABASE_URL and that the server runs.`);
    this.stack = this.message;
  }
}

const createDatabase = async (url: string): Promise<void> => {
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  target.pathname = '/postgres';
  const client = new pg.Client({ connectionString: target.href, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    // Two processes may make it at once: the loser finds it there.
    if (['42P04', '23505'].includes(String((error as { code?: unknown }).code))) return;
    throw new Error(`The database ${name} does not exist and could not be made. Create it, or give the login the right to (CREATEDB).`, { cause: error });
  } finally {
    await client.end().catch(() => {});
  }
};

// TypeORM orders migrations by 13 digits at the end of their name. A service's list is its order, after the messaging's 1000000000001….
const named = (migrations: ServiceDefinition['migrations']): (new () => MigrationInterface)[] =>
  migrations.map((Migration, index) => {
    const name = `${Migration.name}_${1_700_000_000_000 + index + 1}`;
    return class extends Migration {
      override name = name;
    };
  });
