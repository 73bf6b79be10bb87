import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { instant, newId } from '@peyvand/kernel';
import { newDatabase, newSource, urlOf } from '../test-support/database.js';
import { manualClock, messagingMigrations, Source, transact } from './index.js';

describe('messagingMigrations', () => {
  it('make partitions ahead and keep what falls outside them', async () => {
    const source = await newSource('orders');
    const partitions = async (table: string) => (await source.data.query(`select count(*)::int as n from pg_inherits where inhparent = '${table}'::regclass`))[0].n as number;
    expect([await partitions('facts'), await partitions('inbox')]).toEqual([5, 5]);
    await source.data.query(`insert into inbox values ('g', $1), ('g', '00000000-0000-4000-8000-000000000000')`, [newId()]);
    expect(await source.data.query('select tableoid::regclass::text as part from inbox order by id')).toMatchObject([{ part: 'inbox_default' }, { part: expect.stringMatching(/^inbox_\d{4}_\d{2}$/) }]);
    await source.data.query('select peyvand_messaging_upkeep()');
    expect(await partitions('facts')).toBe(5);
    await source.data.destroy();
  });

  it('drop inbox weeks that no redelivery can reach, and nothing younger', async () => {
    const source = await newSource('orders');
    await source.data.query(`create table inbox_2026_01 partition of inbox for values from (peyvand_uuid_at('2025-12-29Z')) to (peyvand_uuid_at('2026-01-05Z'))`);
    await source.data.query(`insert into inbox_default values ('g', '00000000-0000-4000-8000-000000000001', now() - interval '40 days'), ('g', '00000000-0000-4000-8000-000000000002', now() - interval '34 days')`);
    await source.data.query('select peyvand_messaging_upkeep()');
    expect((await source.data.query(`select to_regclass('inbox_2026_01') as gone`))[0].gone).toBeNull();
    expect(await source.data.query('select id from inbox')).toEqual([{ id: '00000000-0000-4000-8000-000000000002' }]);
    await source.data.destroy();
  });

  it('let nobody hold locks for longer than a minute without a word', async () => {
    const source = await newSource('orders');
    const fresh = await new DataSource(source.data.options).initialize();
    expect(await fresh.query('show idle_in_transaction_session_timeout')).toEqual([{ idle_in_transaction_session_timeout: '1min' }]);
    await Promise.all([fresh.destroy(), source.data.destroy()]);
  });

  const login = async (grant: boolean, owns = true): Promise<DataSource> => {
    const database = await newDatabase();
    const admin = new pg.Client(urlOf(database));
    await admin.connect();
    const name = `login_${database}`;
    await admin.query(`do $$ begin create role peyvand_http nologin; exception when duplicate_object or unique_violation then null; end $$`);
    await admin.query(`create role ${name} login password 'x'; alter schema public owner to ${name}${owns ? `; alter database ${database} owner to ${name}` : `; grant create on database ${database} to ${name}`}`);
    if (grant) await admin.query(`grant peyvand_http to ${name}`);
    await admin.end();
    const url = Object.assign(new URL(urlOf(database)), { username: name, password: 'x' }).href;
    return new DataSource({ type: 'postgres', url, installExtensions: false, migrations: [...messagingMigrations] }).initialize();
  };

  it('run under a plain login that may act as peyvand_http', async () => {
    const data = await login(true);
    await data.runMigrations();
    const source = new Source('orders', data, manualClock(instant('2026-03-21T06:00:00Z')));
    const rows = await transact(source, (tx) => tx.sql<{ role: string }>('select current_user as role'), { as: { role: 'http', parties: [newId()] } });
    expect(rows).toEqual([{ role: 'peyvand_http' }]);
    await data.destroy();
  });

  it('keep that deadline for a login that does not own the database', async () => {
    const data = await login(true, false);
    await data.runMigrations();
    const fresh = await new DataSource(data.options).initialize();
    expect(await fresh.query('show idle_in_transaction_session_timeout')).toEqual([{ idle_in_transaction_session_timeout: '1min' }]);
    await Promise.all([fresh.destroy(), data.destroy()]);
  });

  it('say what an administrator must run when the login may not', async () => {
    const data = await login(false);
    await expect(data.runMigrations()).rejects.toThrow(/An administrator runs: grant peyvand_http to/);
    await data.destroy();
  });
});
