import type { Readable } from 'node:stream';
import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aParty, testService, type Person, type TestApp } from '@peyvand/testing';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/roles.js';
import { defineService } from '../define-service.js';
import { Answer, cursorOf, valuesOf } from './answer.js';
import { CivilDay, Code, Flag, Fraction, ListOf, Moment, Nested, OneOf, Rials, Text, Texts, Uuid, Uuids, Whole } from './fields.js';
import { PageQuery } from './page-query.js';
import { fileOf, nothing, Replies } from './replies.js';
import { reply } from './reply-words.js';

class LineBody {
  @Whole({ min: 1 }) quantity: number;
}
class PlaceBody {
  @Text() city: string;
}
class AllBody {
  @Uuid({ optional: true }) id?: string;
  @Text({ max: 10, optional: true }) title?: string;
  @Rials({ min: '1', optional: true }) price?: string;
  @CivilDay({ optional: true }) from?: string;
  @Moment({ optional: true }) at?: string;
  @OneOf(['a', 'b'], { optional: true }) grade?: string;
  @Flag({ optional: true }) small?: boolean;
  @Fraction({ min: -90, max: 90, optional: true }) latitude?: number;
  @Code({ pattern: /^\d{11}$/, optional: true }) nationalId?: string;
  @Nested(() => PlaceBody, { optional: true }) place?: PlaceBody;
  @ListOf(() => LineBody, { min: 1, max: 2, optional: true }) lines?: LineBody[];
  @Uuids({ max: 2, optional: true }) sellers?: string[];
  @Texts({ max: 2, length: 5, optional: true }) tags?: string[];
}
class ListQuery extends PageQuery {
  @Uuids({ optional: true }) sellers?: string[];
  @Flag({ optional: true }) open?: boolean;
}

@Controller('api/toy')
@Allow('buyer')
class ToyHttp {
  @Post('all') @Replies(z.unknown()) all(@Body() body: AllBody) {
    return body;
  }
  @Get('list') @Replies(z.unknown()) list(@Query() query: ListQuery) {
    return query;
  }
  @Get('codes/:code') @Replies(z.unknown()) code(@Param('code') code: string, @Query('q') q?: string) {
    return { code, q };
  }
  @Get('paged') @Replies(z.unknown()) paged(@Query() { cursor = '' }: PageQuery) {
    return valuesOf(cursor, z.tuple([z.string(), z.int()]));
  }
  @Get('crash') @Replies(nothing) crash() {
    throw Object.assign(new Error('secret: duplicate key (sheba)=(IR12)'), { detail: 'IR12' });
  }
  @Get('csv') @Replies(fileOf('text/csv')) csv() {
    return new Answer('code,quantity\n1,2\n', { headers: { 'content-type': 'text/csv; charset=utf-8' } });
  }
  @Post('upload') @Replies(z.object({ bytes: reply.whole })) async upload(@Req() request: FastifyRequest) {
    let bytes = 0;
    for await (const chunk of request.body as Readable) bytes += (chunk as Buffer).length;
    return { bytes };
  }
}

describe('problems', () => {
  let app: TestApp;
  let me: Person;
  beforeAll(async () => {
    app = await testService(defineService({ name: 'toy', controllers: [ToyHttp] }), { config: { bodyLimitBytes: 2_048 } });
    me = app.as({ party: aParty(), roles: ['buyer'] });
  });
  afterAll(() => app?.close());

  it('have type, title, status, detail, instance and correlation id, in Persian unless English is asked for', async () => {
    const english = await me.get('/api/nowhere?secret=1');
    expect(english).toMatchObject({
      status: 404, headers: { 'content-type': 'application/problem+json; charset=utf-8', 'content-language': 'en', vary: 'accept-language' },
      body: { type: 'urn:peyvand:problem:route-not-found', title: 'There is no such address.', status: 404, detail: 'There is no such address. See the documentation at /api/openapi.json.', instance: '/api/nowhere' },
    });
    expect(english.body.correlationid).toBe(english.headers['x-correlation-id']);
    expect((await me.get('/api/nowhere', { locale: 'fa' })).body).toMatchObject({ title: 'چنین نشانی‌ای نیست.' });
    expect((await me.get('/api/nowhere', { headers: { 'accept-language': 'de, en-GB;q=0.7, fa;q=0.2' } })).headers['content-language']).toBe('en');
    expect((await me.get('/api/nowhere', { headers: { 'accept-language': 'de' } })).headers['content-language']).toBe('fa');
  });

  it('name the method and the ones allowed', async () => {
    expect(await me.post('/api/toy/list', {})).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' }, body: { type: 'urn:peyvand:problem:method-not-allowed', detail: 'This address does not take this method. Possible methods: GET, HEAD.' } });
  });

  it.each([
    ['broken JSON', '{"a":', 'application/json', 400, 'malformed-json'],
    ['an empty body', '', 'application/json', 400, 'malformed-json'],
    ['a body with __proto__', '{"__proto__":{"a":1}}', 'application/json', 400, 'malformed-json'],
    ['too large a body', JSON.stringify({ title: 'x'.repeat(3_000) }), 'application/json', 413, 'body-too-large'],
    ['another content type', '<a/>', 'application/xml', 415, 'media-type-not-supported'],
    ['plain text', 'hello', 'text/plain', 415, 'media-type-not-supported'],
    ['a list for an object', '[]', 'application/json', 400, 'validation-failed'],
    ['null for an object', 'null', 'application/json', 400, 'validation-failed'],
  ])('tell of %s', async (_name, content, type, status, code) => {
    expect(await me.upload('/api/toy/all', content, type)).toMatchObject({ status, body: { type: `urn:peyvand:problem:${code}`, status } });
  });

  it('tell of a malformed address', async () => {
    expect(await me.get('/api/%zz')).toMatchObject({ status: 400, body: { type: 'urn:peyvand:problem:bad-request' } });
  });

  it('never tell what went wrong inside', async () => {
    const reply = await me.get('/api/toy/crash');
    expect(reply).toMatchObject({ status: 500, body: { type: 'urn:peyvand:problem:internal-error' } });
    expect(JSON.stringify(reply)).not.toMatch(/secret|IR12|sheba/);
  });

  it('list every wrong field with its path, code and words', async () => {
    const reply = await me.post('/api/toy/all', {
      id: 'x', title: 'longer than ten', price: '0', from: '2026-02-30', at: 'noon', grade: 'c', small: 'yes', latitude: 91, nationalId: '12',
      place: { city: '', zip: 1 }, lines: [{ quantity: 1 }, { quantity: 1.5, colour: 'red' }], sellers: ['x'], tags: ['toolong'], surplus: true,
    });
    expect(reply.status).toBe(400);
    expect(reply.body.errors.map((error: { path: string; code: string }) => `${error.path} ${error.code}`).sort()).toEqual([
      'at moment', 'from civil-day', 'grade one-of', 'id uuid', 'latitude number', 'lines[1].colour unknown-field', 'lines[1].quantity whole', 'nationalId pattern',
      'place.city length', 'place.zip unknown-field', 'price minimum', 'sellers uuid', 'small flag', 'surplus unknown-field', 'tags text', 'title length']);
    const persian = await me.post('/api/toy/all', { title: '', surplus: 1 }, { locale: 'fa' });
    expect(persian.body.errors).toEqual([
      { path: 'surplus', code: 'unknown-field', message: 'چنین فیلدی نداریم؛ آن را بردارید یا نامش را درست کنید' },
      { path: 'title', code: 'length', message: 'باید 1 تا 10 نویسه باشد' },
    ]);
  });

  it.each([
    [{ price: '1,000' }, 'price rials'], [{ price: 1000 }, 'price rials'], [{ price: '9223372036854775808' }, 'price rials'], [{ price: '-1' }, 'price rials'],
    [{ title: 'a\u0000' }, 'title text'], [{ title: 7 }, 'title text'], [{ lines: [] }, 'lines size'], [{ lines: {} }, 'lines list'], [{ lines: [1] }, 'lines object'], [{ lines: [null] }, 'lines object'],
    [{ lines: [{ quantity: '5' }] }, 'lines[0].quantity whole'], [{ lines: [{ quantity: 0 }] }, 'lines[0].quantity range'], [{ place: [] }, 'place object'], [{ place: 'x' }, 'place object'], [{ sellers: 'x' }, 'sellers list'],
  ])('%j: %s', async (body, expected) => {
    const reply = await me.post('/api/toy/all', body);
    expect([reply.status, ...reply.body.errors.map((error: { path: string; code: string }) => `${error.path} ${error.code}`)]).toEqual([400, expected]);
  });

  it('do not arise from Persian digits and letters, nor from null for something optional', async () => {
    const reply = await me.post('/api/toy/all', { price: '۱۲۵۰۰۰۰', from: '٢٠٢٦-٠٣-٢١', nationalId: '۱۴۰۰۳۰۰۷۰۷۸', title: ' كفش علي ', id: null, place: { city: 'يزد' } });
    expect(reply).toMatchObject({ status: 201, body: { price: '1250000', from: '2026-03-21', nationalId: '14003007078', title: 'کفش علی', place: { city: 'یزد' } } });
    expect(reply.body).not.toHaveProperty('id');
  });

  it('tell a query from a body: text becomes number, flag and list', async () => {
    const seller = aParty();
    expect(await me.get(`/api/toy/list?limit=۲۰&open=true&sellers=${seller},${seller}`)).toMatchObject({ status: 200, body: { limit: 20, open: true, sellers: [seller, seller] } });
    expect(await me.get('/api/toy/list?limit=many&page=2')).toMatchObject({ status: 400, body: { errors: [{ path: 'page', code: 'unknown-field' }, { path: 'limit', code: 'whole' }] } });
  });

  it('tell of a cursor that is not ours', async () => {
    expect(await me.get(`/api/toy/paged?cursor=${cursorOf(['شیراز', 7])}`)).toMatchObject({ status: 200, body: ['شیراز', 7] });
    for (const forged of ['rubbish', cursorOf(['a']), cursorOf(['a\0', 1]), cursorOf([1, 'a'])]) {
      expect(await me.get(`/api/toy/paged?cursor=${forged}`)).toMatchObject({ status: 400, body: { type: 'urn:peyvand:problem:cursor-invalid' } });
    }
  });

  it('keep half a surrogate pair away from the database: it is valid JSON and no text', async () => {
    const answer = await me.post('/api/toy/all', { title: 'a\ud800b' });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ path: 'title', code: 'text' }));
  });

  it('keep NUL away from the database', async () => {
    expect(await me.get('/api/toy/codes/%D8%A7?q=x')).toMatchObject({ status: 200, body: { code: 'ا', q: 'x' } });
    expect((await me.get('/api/toy/codes/a%00')).status).toBe(404);
    expect((await me.get('/api/toy/codes/a?q=%00')).status).toBe(400);
  });

  it('leave streams and other content types alone', async () => {
    expect(await me.upload('/api/toy/upload', 'x'.repeat(100_000), 'text/csv')).toMatchObject({ status: 201, body: { bytes: 100_000 } });
    expect(await me.get('/api/toy/csv')).toMatchObject({ status: 200, body: 'code,quantity\n1,2\n', headers: { 'content-type': 'text/csv; charset=utf-8' } });
  });
});
