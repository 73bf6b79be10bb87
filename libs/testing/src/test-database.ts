import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, openDatabase, type ServiceDefinition } from '@peyvand/platform';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { testRun } from './testing.config.js';

export type TestDatabase = { readonly data: DataSource; readonly url: string; drop(): Promise<void> };

/** A migrated database of its own for one spec file: a copy of the service's template (tens of milliseconds), at most 4 connections. */
export const cloneOf = async (definition: ServiceDefinition): Promise<TestDatabase> => {
  const template = await templateOf(definition);
  const url = await emptyDatabase(definition.name, template);
  const data = await openDatabase(definition, url, 4);
  return {
    data, url,
    drop: async () => {
      await data.destroy();
      await dropDatabase(url);
    },
  };
};

/** An unmigrated database (the embedded broker's), or a copy of `template`. */
export const emptyDatabase = async (label: string, template = 'template0'): Promise<string> => {
  const name = `peyvand_${testRun().run}_${label.replaceAll('-', '_')}_${randomBytes(5).toString('hex')}`;
  await asAdmin((client) => client.query(`create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(template)}`));
  return urlOf(name);
};

/**
 * Drops a database as soon as nobody is connected. Pools tell that they have ended before the server has noticed, and a connection cut
 * by force raises an error that nobody listens for any more.
 */
export const dropDatabase = (url: string): Promise<void> =>
  asAdmin(async (client) => {
    const name = pg.escapeIdentifier(new URL(url).pathname.slice(1));
    for (let attempt = 0; attempt < 50; attempt++) {
      const inUse = await client.query(`drop database if exists ${name}`).then(() => false, (error: { code?: unknown }) => {
        if (error.code !== '55006') throw error;
        return true;
      });
      if (!inUse) return;
      await sleep(20);
    }
    await client.query(`drop database if exists ${name} with (force)`);
  });

const templates = new Map<string, Promise<string>>();

/** Migrates once per run: the first worker does it under a lock, the others wait; marking it as a template says it is complete. */
const templateOf = (definition: ServiceDefinition): Promise<string> => {
  const shape = createHash('sha1').update(definition.migrations.map((one) => `${one.name}${String(one)}`).join()).digest('hex').slice(0, 8);
  const name = `peyvand_${testRun().run}_template_${definition.name.replaceAll('-', '_')}_${shape}`;
  const known = templates.get(name) ?? makeTemplate(name, definition);
  templates.set(name, known);
  return known;
};

const makeTemplate = async (name: string, definition: ServiceDefinition): Promise<string> => {
  await asAdmin(async (client) => {
    await client.query('select pg_advisory_lock(hashtext($1))', [name]);
    const { rows } = await client.query<{ datistemplate: boolean }>('select datistemplate from pg_database where datname = $1', [name]);
    if (rows[0]?.datistemplate === true) return;
    await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
    await client.query(`create database ${pg.escapeIdentifier(name)} template template0`);
    const data = await openDatabase(definition, urlOf(name), 2);
    await migrate(data).finally(() => data.destroy());
    await client.query(`alter database ${pg.escapeIdentifier(name)} is_template true`);
  });
  return name;
};

const asAdmin = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: testRun().clusterUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const urlOf = (database: string): string => {
  const url = new URL(testRun().clusterUrl);
  url.pathname = `/${database}`;
  return url.href;
};
