import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Param } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ProducerRegistered, StoreOpened, type DataOf, type Fact } from '@peyvand/contracts';
import { OnFact, Source, transact, type Tx } from '@peyvand/messaging';
import { audience, dropDatabase, emptyDatabase, issuer, testKeys } from '@peyvand/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { request } from 'undici';
import { z } from 'zod';
import { Public } from './auth/roles.js';
import { migrate, openDatabase, prepare } from './database.js';
import { defineService, type ServiceDefinition } from './define-service.js';
import { Replies } from './http/replies.js';
import { reply } from './http/reply-words.js';
import { makeLog } from './observe/log.js';
import { ConfigError, type Config } from './platform.config.js';
import { startServices, type Handle } from './start-services.js';

class Heard0001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table heard (id uuid primary key)');
  }
  async down(): Promise<void> {}
}
class Heard0002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table heard add column note text');
  }
  async down(): Promise<void> {}
}

const Service = z.object({ service: reply.text });

@Controller('api/retailers')
class SlowHttp {
  constructor(readonly source: Source) {}
  @Get('slow/:ms') @Public() @Replies(Service) async slow(@Param('ms') ms: string) {
    await sleep(Number(ms));
    return { service: this.source.service };
  }
}
@Controller('api/producers')
class WhoseHttp {
  constructor(readonly source: Source) {}
  @Get('whose') @Public() @Replies(Service) whose() {
    return { service: this.source.service };
  }
}
@Controller()
class RetailersHear {
  @OnFact(ProducerRegistered)
  async hear(fact: Fact<DataOf<typeof ProducerRegistered>>, tx: Tx): Promise<void> {
    await tx.run('insert into heard (id) values ($1)', [fact.id]);
    await tx.publish(StoreOpened.of(StoreOpened.sample));
  }
}

const retailers = defineService({ name: 'retailers', migrations: [Heard0001, Heard0002], controllers: [SlowHttp], consumers: [RetailersHear] });
const producers = defineService({ name: 'producers', controllers: [WhoseHttp] });

describe('starting services', () => {
  const databases = new Map<string, string>();
  const handles: Handle[] = [];
  const start = async (definitions: readonly ServiceDefinition[], config: Partial<Config> = {}): Promise<Handle> => {
    for (const name of [...definitions.map((one) => one.name), 'broker', 'clock']) if (!databases.has(name)) databases.set(name, await emptyDatabase(name));
    const handle = await startServices(definitions, {
      keys: (await testKeys()).keys, log: makeLog('silent'), signals: false,
      config: { databaseUrlOf: (name) => databases.get(name) ?? '', port: 0, poolSize: 4, broker: 'embedded', shutdownMs: 4_000, oidc: { issuer, audience }, demo: true, ...config },
    });
    handles.push(handle);
    return handle;
  };
  const get = async (url: string) => {
    // `reset`: a connection kept alive would outlive the spec.
    const response = await request(url, { reset: true });
    const text = await response.body.text();
    return { status: response.statusCode, body: text.startsWith('{') ? JSON.parse(text) as Record<string, unknown> : text };
  };
  afterEach(async () => {
    for (const handle of handles.splice(0)) await handle.close();
    for (const url of databases.values()) await dropDatabase(url);
    databases.clear();
  });

  it('runs several in one process, each with its own database, and facts travel between them', async () => {
    const { url, sources, strategy } = await start([producers, retailers]);
    expect((await get(`${url}/api/producers/whose`)).body).toEqual({ service: 'producers' });
    expect((await get(`${url}/api/retailers/slow/0`)).body).toEqual({ service: 'retailers' });
    const source = sources.get('producers') as Source;
    await transact(source, (tx) => tx.publish(ProducerRegistered.of(ProducerRegistered.sample)));
    await strategy.settle();
    expect((await sources.get('retailers')?.pool.query('select * from heard'))?.rowCount).toBe(1);
  });

  it('answers operators: live, ready, metrics, idleness', async () => {
    const { url } = await start([producers, retailers]);
    expect(await get(`${url}/healthz`)).toMatchObject({ status: 200, body: { ok: true, groups: [{ service: 'retailers', group: 'retailers', ok: true }] } });
    expect(await get(`${url}/readyz`)).toMatchObject({ status: 200, body: { ok: true, databases: { producers: true, retailers: true } } });
    expect(await get(`${url}/idlez`)).toMatchObject({ status: 200, body: { retailers: { unsent: 0, due: 0, lag: 0, waiting: 0, parked: 0 } } });
    await get(`${url}/api/producers/whose`);
    const { body } = await get(`${url}/metrics`);
    expect(body).toMatch(/peyvand_http_seconds_count\{method="GET",route="\/api\/producers\/whose",status="2xx"\} 1/);
    expect(body).toMatch(/peyvand_standing\{service="retailers",what="parked"\} 0/);
    expect(body).toMatch(/nodejs_eventloop_lag_seconds/);
  });

  it('keeps idleness and the demo to itself in production', async () => {
    const { url } = await start([producers], { demo: false, clock: { kind: 'real', rate: 1 } });
    expect((await get(`${url}/idlez`)).status).toBe(404);
  });

  it('finishes requests in hand, sends what is unsent, and starts again where it stopped', async () => {
    const first = await start([producers, retailers]);
    const slow = get(`${first.url}/api/retailers/slow/400`);
    await sleep(100);
    await transact(first.sources.get('producers') as Source, (tx) => tx.publish(ProducerRegistered.of(ProducerRegistered.sample)));
    const [answer] = await Promise.all([slow, first.close()]);
    expect(answer).toMatchObject({ status: 200 });
    await expect(get(`${first.url}/healthz`)).rejects.toThrow();
    const second = await start([producers, retailers]);
    await second.strategy.settle();
    expect((await second.sources.get('retailers')?.pool.query('select * from heard'))?.rowCount).toBe(1);
    expect((await second.sources.get('producers')?.pool.query('select * from unsent'))?.rowCount).toBe(0);
  });

  it('closes in time although a request hangs', async () => {
    const { url, close } = await start([retailers], { shutdownMs: 1_000 });
    const hanging = get(`${url}/api/retailers/slow/3000`).catch(() => 'cut');
    await sleep(100);
    const started = performance.now();
    await close();
    expect(performance.now() - started).toBeLessThan(2_000);
    await hanging;
  });

  it('leaves nothing open when a part cannot start', async () => {
    await expect(start([retailers], { host: '203.0.113.1' })).rejects.toThrow(/EADDRNOTAVAIL/);
    const { url } = await start([retailers]);
    expect((await get(`${url}/readyz`)).status).toBe(200);
  });

  it('does not start on a database that someone else must migrate first', async () => {
    await expect(start([retailers], { migrate: 'never', migrateWaitMs: 0 })).rejects.toThrow(/The database of retailers lacks migrations. Run this process once with MIGRATE=only/);
  });

  it('waits for whoever migrates, past a pooling proxy or not', async () => {
    const late = start([retailers], { migrate: 'never', migrateWaitMs: 20_000 });
    while (!databases.has('retailers')) await sleep(5);
    const url = databases.get('retailers') ?? '';
    const data = await openDatabase(retailers, url, 1);
    await prepare(retailers, data, { how: 'only', waitMs: 0, directUrl: url });
    await data.destroy();
    expect((await get(`${(await late).url}/readyz`)).status).toBe(200);
  });

  it('migrates once when many begin at the same time, and later only what is new', async () => {
    const url = await emptyDatabase('many');
    databases.set('many', url);
    const young = { ...retailers, migrations: [Heard0001] };
    const open = await Promise.all([1, 2, 3].map(() => openDatabase(young, url, 2)));
    await Promise.all(open.map((data) => migrate(data)));
    const ran = ((await open[0]?.query('select name from migrations order by id')) as { name: string }[]).map(({ name }) => name);
    expect([new Set(ran).size, ran[0], ran.at(-1)]).toEqual([ran.length, 'Messaging1000000000001', 'Heard0001_1700000000001']);
    await Promise.all(open.map((data) => data.destroy()));
    const data = await openDatabase(retailers, url, 2);
    await migrate(data);
    expect(await data.query('select name from migrations order by id desc limit 1')).toEqual([{ name: 'Heard0002_1700000000002' }]);
    await data.destroy();
  });

  it('tells the faults of all configurations together', async () => {
    const faulty = (name: string) => defineService({ name, config: () => { throw new ConfigError([`${name.toUpperCase()}_FILE: is missing`]); } });
    await expect(startServices([faulty('one'), faulty('two')])).rejects.toThrow(/5 faults:[^]*DATABASE_URL_ONE[^]*OIDC_JWKS_URL[^]*ONE_FILE[^]*TWO_FILE/);
  });

  it('makes a database that is missing', async () => {
    const url = await emptyDatabase('missing');
    await dropDatabase(url);
    databases.set('retailers', url);
    expect((await get(`${(await start([retailers])).url}/readyz`)).status).toBe(200);
  });
});
