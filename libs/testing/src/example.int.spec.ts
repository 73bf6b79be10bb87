import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CodesCrossReferenced, NetworkRegistered, type DataOf, type Fact } from '@peyvand/contracts';
import { instant, newId, refuse, type Refused } from '@peyvand/kernel';
import { OnDeadline, OnErrand, OnFact, protect, Source, type Due, type Tx } from '@peyvand/messaging';
import { Allow, Caller, cursorOf, defineService, done, ListOf, page, pageOf, PageQuery, Public, read, refusalTable, Replies, reply, Text, Uuid, valuesOf, write } from '@peyvand/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { aParty, testService, type TestApp } from './index.js';

// A whole service in one file, as a pattern; a real one has a folder per thing that can happen.

class Codes0001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table codes (id uuid primary key, parties uuid[] not null, code text not null, variant_id uuid not null, state text not null default 'new', version int not null default 1);
      create table networks (id uuid primary key, revision int not null);
      grant select on networks to peyvand_http;
      ${protect('codes')}`);
  }
  async down(): Promise<void> {}
}

class CodeBody {
  @Text({ max: 40 }) code: string;
  @Uuid() variantId: string;
}
class CrossReferenceBody {
  @Uuid({ optional: true }) id?: string;
  @ListOf(() => CodeBody, { min: 1, max: 5 }) codes: CodeBody[];
}

const crossReference = async (tx: Tx, networkId: string, { id = newId(), codes }: CrossReferenceBody): Promise<{ ok: true; id: string } | Refused<'network-unknown' | 'code-taken'>> => {
  const networks = await tx.run('select from networks where id = $1', [networkId]);
  if (networks === 0) return refuse('network-unknown');
  const [first] = codes;
  if (first === undefined || first.code === 'taken') return refuse('code-taken', { code: first?.code });
  await tx.run('insert into codes (id, parties, code, variant_id) values ($1, $2, $3, $4)', [id, [networkId], first.code, first.variantId]);
  await tx.schedule([
    { kind: 'codes/expire', key: id, dueAt: instant(tx.now + 30 * 86_400_000) },
    { kind: 'codes/announce', key: id, dueAt: tx.now, data: { code: first.code } },
  ]);
  await tx.publish(CodesCrossReferenced.of({ networkId, codes: codes.map(({ code, variantId }) => ({ code, variantId })) }));
  return { ok: true, id };
};

const refusals = refusalTable({
  'network-unknown': [409, 'این شبکه هنوز ثبت نشده است. نخست آن را ثبت کنید.', 'This network is not registered yet. Register it first.'],
  'code-taken': [409, 'کد {code} پیش‌تر گرفته شده است. کد دیگری برگزینید.', 'The code {code} is taken. Choose another one.'],
});

@Controller('api/retailers/codes')
class CodesHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('buyer')
  @Replies(z.object({ id: reply.uuid }), { refusals })
  add(@Body() body: CrossReferenceBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const result = await crossReference(tx, caller.party, body);
      return result.ok ? done({ id: result.id }) : result;
    });
  }

  @Get()
  @Allow('buyer', 'operator')
  @Replies(pageOf(z.object({ id: reply.uuid, code: reply.text })))
  list(@Query() { limit = 50, cursor }: PageQuery, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const [after] = cursor === undefined ? [''] : valuesOf(cursor, z.tuple([z.string()]));
      const rows = await tx.sql<{ id: string; code: string }>('select id, code from codes where code > $1 order by code limit $2', [after, limit + 1]);
      const last = rows[limit - 1];
      return page(rows.slice(0, limit), rows.length > limit && last !== undefined ? cursorOf([last.code]) : undefined);
    });
  }

  @Get('open')
  @Public()
  @Replies(z.object({ open: reply.flag }))
  open() {
    return { open: true };
  }

  @Get(':id')
  @Allow('buyer', 'operator')
  @Replies(z.object({ id: reply.uuid, code: reply.text, state: z.enum(['new', 'announced', 'expired']) }))
  one(@Param('id') id: string, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => (await tx.sql<{ id: string; code: string; state: 'new' | 'announced' | 'expired' }>('select id, code, state from codes where id = $1', [id]))[0]);
  }
}

const announced: string[] = [];

@Controller()
class Consumers {
  @OnFact(NetworkRegistered)
  async registered(fact: Fact<DataOf<typeof NetworkRegistered>>, tx: Tx): Promise<void> {
    await tx.run('insert into networks values ($1, $2) on conflict (id) do update set revision = excluded.revision', [fact.data.networkId, fact.data.revision]);
  }

  @OnDeadline('codes/expire')
  async expire(due: Due, tx: Tx): Promise<void> {
    await tx.run(`update codes set state = 'expired' where id = $1 and state <> 'expired'`, [due.key]);
  }

  @OnErrand('codes/announce')
  async announce(due: Due<{ code: string }>): Promise<(tx: Tx) => Promise<void>> {
    announced.push(due.data.code); // here the outside would be called
    return async (tx) => void (await tx.run(`update codes set state = 'announced' where id = $1`, [due.key]));
  }
}

const retailers = defineService({ name: 'retailers', migrations: [Codes0001], controllers: [CodesHttp], consumers: [Consumers] });

describe('a service through its rims', () => {
  let app: TestApp;
  const network = aParty();
  const variantId = newId();
  beforeAll(async () => {
    app = await testService(retailers);
    await app.deliver(NetworkRegistered.of({ ...NetworkRegistered.sample, networkId: network }));
  });
  afterAll(() => app?.close());
  const buyer = () => app.as({ party: network, roles: ['buyer'] });

  it('stores, publishes and answers', async () => {
    const reply = await buyer().post('/api/retailers/codes', { codes: [{ code: 'A-1', variantId }] });
    expect(reply).toMatchObject({ status: 201, body: { id: expect.any(String) } });
    expect(await app.facts(CodesCrossReferenced)).toMatchObject([{ key: network, data: { codes: [{ code: 'A-1', variantId }] } }]);
    expect((await app.facts())[0]?.correlationid).toBe(reply.headers['x-correlation-id']);
    await app.settle();
    expect(announced).toEqual(['A-1']);
    expect((await buyer().get(`/api/retailers/codes/${reply.body.id}`)).body).toMatchObject({ state: 'announced' });
    await app.clock.advance({ days: 30 });
    expect((await buyer().get(`/api/retailers/codes/${reply.body.id}`)).body).toMatchObject({ state: 'expired' });
    expect(await app.parked()).toEqual([]);
  });

  it('answers a repetition with the first answer and works once', async () => {
    const body = { codes: [{ code: 'B-1', variantId }] };
    const first = await buyer().post('/api/retailers/codes', body, { idempotencyKey: 'again' });
    const second = await buyer().post('/api/retailers/codes', body, { idempotencyKey: 'again' });
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotency-replayed': 'true' } });
    expect(await app.sql(`select 1 from codes where code = 'B-1'`)).toHaveLength(1);
  });

  it('handles a fact once, however often it is heard', async () => {
    const id = newId();
    const fact = NetworkRegistered.of({ ...NetworkRegistered.sample, networkId: aParty() });
    expect(await app.deliver(fact, { id })).toEqual({ handled: 1, duplicates: 0, diverted: 0 });
    expect(await app.deliver(fact, { id })).toEqual({ handled: 0, duplicates: 1, diverted: 0 });
  });

  it('explains a refusal in the language of the caller', async () => {
    const body = { codes: [{ code: 'taken', variantId }] };
    const persian = await buyer().post('/api/retailers/codes', body, { locale: 'fa' });
    expect(persian).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:code-taken', code: 'taken', detail: 'کد taken پیش‌تر گرفته شده است. کد دیگری برگزینید.' } });
    const english = await buyer().post('/api/retailers/codes', body);
    expect(english.body).toMatchObject({ title: 'The code is taken.', status: 409, instance: '/api/retailers/codes' });
  });

  it('shows nobody another party’s rows, except to the operator', async () => {
    const { body } = await buyer().post('/api/retailers/codes', { codes: [{ code: 'C-1', variantId }] });
    expect(await app.as({ party: aParty(), roles: ['buyer'] }).get(`/api/retailers/codes/${body.id}`)).toMatchObject({ status: 404, body: { type: 'urn:peyvand:problem:not-found' } });
    expect(await app.as({ party: aParty(), roles: ['operator'] }).get(`/api/retailers/codes/${body.id}`)).toMatchObject({ status: 200 });
  });

  it('pages with a cursor and a Link', async () => {
    const first = await buyer().get('/api/retailers/codes?limit=2');
    expect(first).toMatchObject({ status: 200, body: { items: [{ code: 'A-1' }, { code: 'B-1' }], next: expect.any(String) } });
    expect(first.headers['link']).toBe(`</api/retailers/codes?limit=2&cursor=${first.body.next}>; rel="next"`);
    const second = await buyer().get(`/api/retailers/codes?limit=2&cursor=${first.body.next}`);
    expect(second.body.items).toMatchObject([{ code: 'C-1' }]);
    expect(second.body).not.toHaveProperty('next');
  });

  it('lets anybody call a public route', async () => {
    expect(await app.as().get('/api/retailers/codes/open')).toMatchObject({ status: 200, body: { open: true } });
  });
});
