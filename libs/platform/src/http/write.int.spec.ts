import { setTimeout as sleep } from 'node:timers/promises';
import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CodesCrossReferenced } from '@peyvand/contracts';
import { newId, refuse } from '@peyvand/kernel';
import { protect, Source, transact, type Tx } from '@peyvand/messaging';
import { aParty, testService, type TestApp } from '@peyvand/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { Caller } from '../auth/caller.js';
import { Allow } from '../auth/roles.js';
import { defineService } from '../define-service.js';
import { makeLog } from '../observe/log.js';
import { expectedVersion, withETag } from './answer.js';
import { Text, Uuid, Whole } from './fields.js';
import { refusalTable } from './refusals.js';
import { nothing, Replies } from './replies.js';
import { reply } from './reply-words.js';
import { done, read, write } from './write.js';

class Notes0001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table notes (id uuid primary key, parties uuid[] not null, text text not null, money bigint not null default 0, version int not null default 1); create table naive_keys (key text primary key); ${protect('notes')}`);
  }
  async down(): Promise<void> {}
}

class NoteBody {
  @Uuid({ optional: true }) id?: string;
  @Text() text: string;
  @Whole({ optional: true, max: 10_000 }) slowMs?: number;
}

const refusals = refusalTable({ 'note-refused': [409, 'نشد. دوباره.', 'Refused. Again.'], 'note-stale': [412, 'کهنه. بخوانید.', 'Stale. Read it.'] });
let refusing = false;

@Controller('api/retailers/notes')
class NotesHttp {
  constructor(private readonly source: Source) {}

  @Post() @Allow('buyer', 'operator') @Replies(z.object({ text: reply.text, id: reply.uuid, money: reply.rials, ب: z.null() }), { refusals })
  add(@Body() { id = newId(), text, slowMs = 0 }: NoteBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      await insert(tx, id, caller.party, text);
      await sleep(slowMs);
      await tx.publish(CodesCrossReferenced.of({ ...CodesCrossReferenced.sample, networkId: caller.party }));
      if (refusing) return refuse('note-refused');
      if (text === 'crash') throw new Error('A secret of the house');
      return done({ text, id, money: 12n, 'ب': null }, { headers: { location: `/api/retailers/notes/${id}` } });
    });
  }

  @Get(':id') @Allow('buyer', 'operator') @Replies(z.object({ text: reply.text, money: reply.rials, version: reply.whole }), { etag: true })
  one(@Param('id') id: string, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const [note] = await tx.sql<{ text: string; version: number; money: string }>('select text, money, version from notes where id = $1', [id]);
      return note === undefined ? undefined : withETag(note.version, note);
    });
  }

  @Patch(':id') @Allow('buyer') @Replies(z.object({ text: reply.text }), { refusals, ifMatch: true, problems: ['precondition-required'] })
  change(@Param('id') id: string, @Body() { text }: NoteBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) =>
      (await tx.run('update notes set text = $2, version = version + 1 where id = $1 and version = $3', [id, text, expectedVersion(caller)])) === 1 ? done({ text }) : refuse('note-stale'));
  }

  @Delete(':id') @Allow('buyer') @Replies(nothing, { refusals })
  remove(@Param('id') id: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      await tx.run('delete from notes where id = $1', [id]);
      return done();
    });
  }

  /** The control: looks the key up first and stores it last, as one would without thinking. */
  @Post('naive') @Allow('buyer') @Replies(z.object({ again: reply.flag }))
  async naive(@Body() { text }: NoteBody, @Caller() caller: Caller) {
    return transact(this.source, async (tx) => {
      if ((await tx.run('select from naive_keys where key = $1', [caller.idempotencyKey])) > 0) return { again: true };
      await insert(tx, newId(), caller.party, text);
      await sleep(100);
      await tx.run('insert into naive_keys values ($1) on conflict do nothing', [caller.idempotencyKey]);
      return { again: false };
    });
  }

  /** The control: a table that no migration protects. */
  @Post('unprotected') @Allow('buyer') @Replies(z.object({ rows: reply.whole }), { refusals })
  unprotected(@Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => done({ rows: await tx.run('select from naive_keys') }));
  }

  @Post(':id/steal') @Allow('buyer') @Replies(z.object({ changed: reply.whole }), { refusals })
  steal(@Param('id') id: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => done({ changed: await tx.run('update notes set parties = $2 where id = $1', [id, [caller.party]]) }));
  }
}

const insert = (tx: Tx, id: string, party: string, text: string) => tx.run('insert into notes (id, parties, text) values ($1, $2, $3)', [id, [party], text]);
const retailers = defineService({ name: 'retailers', migrations: [Notes0001], controllers: [NotesHttp] });
const path = '/api/retailers/notes';

describe('writing over HTTP', () => {
  let app: TestApp;
  const party = aParty();
  beforeAll(async () => {
    app = await testService(retailers, { log: makeLog('silent') });
  });
  afterAll(() => app?.close());
  const buyer = () => app.as({ party, roles: ['buyer'] });
  const count = async (text: string) => Number((await app.sql('select count(*) from notes where text = $1', [text]))[0]?.['count']);

  it('needs an Idempotency-Key that is fit to be one', async () => {
    expect(await buyer().post(path, { text: 'a' }, { idempotencyKey: null })).toMatchObject({ status: 400, body: { type: 'urn:peyvand:problem:idempotency-key-missing' } });
    expect(await buyer().post(path, { text: 'a' }, { idempotencyKey: 'x'.repeat(201) })).toMatchObject({ status: 400, body: { type: 'urn:peyvand:problem:idempotency-key-invalid' } });
    expect(await count('a')).toBe(0);
  });

  it('answers a repetition byte for byte, headers and all, without working again', async () => {
    const first = await app.fastify.inject(await raw(party, { text: 'once', id: newId() }, 'k-1'));
    const again = await app.fastify.inject({ ...(await raw(party, first.json(), 'k-1')), payload: JSON.stringify({ id: first.json().id, text: 'once' }, null, 2) });
    expect(again.statusCode).toBe(201);
    expect(again.body).toBe(first.body);
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true', location: first.headers['location'] });
    expect(await count('once')).toBe(1);
  });

  it('refuses the same key with another body, and takes it from another party, route or address', async () => {
    await buyer().post(path, { text: 'mine' }, { idempotencyKey: 'k-2' });
    expect(await buyer().post(path, { text: 'other' }, { idempotencyKey: 'k-2' })).toMatchObject({ status: 422, body: { type: 'urn:peyvand:problem:idempotency-key-reused' } });
    expect(await count('other')).toBe(0);
    const stranger = app.as({ party: aParty(), roles: ['buyer'] });
    expect(await stranger.post(path, { text: 'theirs' }, { idempotencyKey: 'k-2' })).toMatchObject({ status: 201, body: { text: 'theirs' } });
    expect(await buyer().delete(`${path}/${newId()}`, { idempotencyKey: 'k-2' })).toMatchObject({ status: 204, body: '' });
    expect(await buyer().delete(`${path}/${newId()}`, { idempotencyKey: 'k-2' })).toMatchObject({ status: 204 });
  });

  it('keeps keys of long addresses apart', async () => {
    const long = `${path}?trace=${'x'.repeat(5_000)}`;
    const first = await buyer().post(`${long}1`, { text: 'long' }, { idempotencyKey: 'k-long' });
    expect(first.status).toBe(201);
    expect((await buyer().post(`${long}1`, { text: 'long' }, { idempotencyKey: 'k-long' })).body).toEqual(first.body);
    expect((await buyer().post(`${long}2`, { text: 'long' }, { idempotencyKey: 'k-long' })).body.id).not.toBe(first.body.id);
  });

  it('works once when the same request comes twice at the same moment', async () => {
    const before = (await app.facts(CodesCrossReferenced)).length;
    const body = { text: 'twin', slowMs: 200 };
    const replies = await Promise.all([1, 2, 3].map(() => buyer().post(path, body, { idempotencyKey: 'k-3' })));
    expect(replies.map((reply) => reply.status)).toEqual([201, 201, 201]);
    expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1);
    expect(replies.filter((reply) => reply.headers['idempotency-replayed'] === 'true')).toHaveLength(2);
    expect(await count('twin')).toBe(1);
    expect((await app.facts(CodesCrossReferenced)).length).toBe(before + 1);
  });

  it('would work twice with a key that is looked up first and stored last (control)', async () => {
    await Promise.all([1, 2].map(() => buyer().post(`${path}/naive`, { text: 'naive' }, { idempotencyKey: 'k-naive' })));
    expect(await count('naive')).toBe(2);
  });

  it('says 409 when the twin takes too long', async () => {
    const slow = buyer().post(path, { text: 'slow', slowMs: 6_000 }, { idempotencyKey: 'k-4' });
    await sleep(50);
    const impatient = await buyer().post(path, { text: 'slow', slowMs: 6_000 }, { idempotencyKey: 'k-4' });
    expect(impatient).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:idempotency-key-in-flight' }, headers: { 'retry-after': '1' } });
    expect((await slow).status).toBe(201);
    expect(await count('slow')).toBe(1);
  });

  it('keeps nothing of a refusal or a crash, so the same key may try again', async () => {
    const before = (await app.facts()).length;
    refusing = true;
    expect(await buyer().post(path, { text: 'later' }, { idempotencyKey: 'k-5' })).toMatchObject({ status: 409, body: { type: 'urn:peyvand:problem:note-refused' } });
    refusing = false;
    expect([await count('later'), (await app.facts()).length]).toEqual([0, before]);
    expect(await buyer().post(path, { text: 'later' }, { idempotencyKey: 'k-5' })).toMatchObject({ status: 201 });
    expect(await count('later')).toBe(1);
  });

  it('changes only the version the caller saw', async () => {
    const { body: { id } } = await buyer().post(path, { text: 'v1' });
    const seen = await buyer().get(`${path}/${id}`);
    expect(seen).toMatchObject({ status: 200, body: { text: 'v1', money: '0' }, headers: { etag: '"1"' } });
    expect(await buyer().patch(`${path}/${id}`, { text: 'v2' })).toMatchObject({ status: 428 });
    expect(await buyer().patch(`${path}/${id}`, { text: 'v2' }, { headers: { 'if-match': '"1"' } })).toMatchObject({ status: 200 });
    expect(await buyer().patch(`${path}/${id}`, { text: 'v3' }, { headers: { 'if-match': '"1"' } })).toMatchObject({ status: 412, body: { type: 'urn:peyvand:problem:note-stale' } });
  });

  it('neither shows nor changes rows of others', async () => {
    const { body: { id } } = await buyer().post(path, { text: 'private' });
    const stranger = app.as({ party: aParty(), roles: ['buyer'] });
    expect(await stranger.get(`${path}/${id}`)).toMatchObject({ status: 404 });
    expect(await stranger.post(`${path}/${id}/steal`)).toMatchObject({ status: 201, body: { changed: 0 } });
    expect(await stranger.get(`${path}/not-a-uuid`)).toMatchObject({ status: 404 });
    expect(await app.as({ party: aParty(), roles: ['operator'] }).get(`${path}/${id}`)).toMatchObject({ status: 200 });
  });

  it('is closed to tables that nobody protected (control)', async () => {
    const reply = await buyer().post(`${path}/unprotected`);
    expect(reply).toMatchObject({ status: 500, body: { type: 'urn:peyvand:problem:internal-error' } });
    expect(JSON.stringify(reply.body)).not.toMatch(/naive_keys|permission/);
  });

  it('publishes with the correlation and the trace of the request', async () => {
    const [correlationid, trace] = [newId(), 'a'.repeat(32)];
    await buyer().post(path, { text: 'traced' }, { headers: { 'x-correlation-id': correlationid, traceparent: `00-${trace}-${'b'.repeat(16)}-01` } });
    const fact = (await app.facts()).at(-1);
    expect(fact).toMatchObject({ correlationid, traceparent: expect.stringMatching(`^00-${trace}-[0-9a-f]{16}-01$`) });
    expect(fact?.traceparent).not.toContain('b'.repeat(16));
  });

  const raw = async (as: string, { id, text }: { id?: string; text: string }, key: string) => ({
    method: 'POST' as const, url: path, payload: JSON.stringify({ text, id }),
    headers: { authorization: `Bearer ${await app.keys.tokenFor({ party: as, roles: ['buyer'] })}`, 'content-type': 'application/json', 'idempotency-key': key },
  });
});
