import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { instant } from '@peyvand/kernel';
import { manualClock, messagingMigrations, Source, type Clock } from '../src/index.js';

/** PEYVAND_TEST_PG names a cluster where databases may be made; the jest global setup starts one. */
const cluster = (): string => {
  const url = process.env.PEYVAND_TEST_PG;
  if (url === undefined) throw new Error('PEYVAND_TEST_PG is not set: run the tests with jest');
  return url;
};

export const urlOf = (database: string): string => Object.assign(new URL(cluster()), { pathname: `/${database}` }).href;

/** A new empty database; answers its name. */
export const newDatabase = async (): Promise<string> => {
  const name = `m_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client(cluster());
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return name;
};

export const openSource = async (service: string, database: string, clock: Clock): Promise<Source> => {
  const data = new DataSource({ type: 'postgres', url: urlOf(database), installExtensions: false, migrations: [...messagingMigrations], extra: { max: 12, pipeline: true } });
  await data.initialize();
  await data.runMigrations();
  return new Source(service, data, clock);
};

/** A service's database with the messaging tables and one table for effects. Close it with `source.data.destroy()`. */
export const newSource = async (service: string, clock: Clock = manualClock(instant('2026-03-21T06:00:00Z'))): Promise<Source> => {
  const source = await openSource(service, await newDatabase(), clock);
  await source.data.query('create table effect (place bigint generated always as identity, by text, id uuid, key text, n int)');
  return source;
};

export type Effect = { by: string; id: string; key: string; n: number };

export const effects = (source: Source): Promise<Effect[]> => source.data.query('select by, id, key, n from effect order by place') as Promise<Effect[]>;
