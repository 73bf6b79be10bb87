import { connect } from 'node:net';
import { Body, Controller, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aParty, testService, type Person, type TestApp } from '@peyvand/testing';
import { z } from 'zod';
import { Allow } from '../auth/roles.js';
import { defineService } from '../define-service.js';
import { ListOf, Nested, Text, Uuids, Whole } from './fields.js';
import { Replies } from './replies.js';

class PlaceBody {
  @Text({ optional: true }) city?: string;
}
class LineBody {
  @Whole({ min: 1, optional: true }) quantity?: number;
}
class ToyBody {
  @Text({ max: 10, optional: true }) title?: string;
  @Nested(() => PlaceBody, { optional: true }) place?: PlaceBody;
  @ListOf(() => LineBody, { max: 2, optional: true }) lines?: LineBody[];
  @Uuids({ max: 2, optional: true }) sellers?: string[];
}

class GroupBody {
  @ListOf(() => LineBody, { max: 500 }) lines: LineBody[];
}
class GroupsBody {
  @ListOf(() => GroupBody, { max: 500 }) groups: GroupBody[];
}

@Controller('api/toy')
@Allow('buyer')
class ToyHttp {
  @Post() @Replies(z.unknown()) take(@Body() body: ToyBody) {
    return body;
  }
  @Post('groups') @Replies(z.unknown()) group(@Body() body: GroupsBody) {
    return body;
  }
}

const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`;

describe('input that wants to harm', () => {
  let app: TestApp;
  let me: Person;
  let port = 0;
  beforeAll(async () => {
    app = await testService(defineService({ name: 'toy', controllers: [ToyHttp] }));
    me = app.as({ party: aParty(), roles: ['buyer'] });
    await app.fastify.listen({ port: 0, host: '127.0.0.1' });
    port = (app.fastify.server.address() as { port: number }).port;
  });
  afterAll(() => app?.close());

  it.each([
    ['a million lists in each other', `{"lines":${nested(1_000_000, '[', ']')}}`],
    ['a hundred thousand objects in each other', `{"place":${nested(100_000, '{"place":', '}')}}`],
    ['the same under a name we do not know', `{"other":${nested(100_000, '{"a":', '}')}}`],
    ['the same where a text should be', `{"title":${nested(100_000, '[', ']')}}`],
    ['the same where ids should be', `{"sellers":[${nested(100_000, '[', ']')}]}`],
    ['a list where an object should be', `{"place":[${'{},'.repeat(300_000)}{}]}`],
    ['a million elements', `{"lines":[${'1,'.repeat(999_999)}1]}`],
    ['a hundred thousand unknown names', `{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join()}}`],
    ['names that objects have by nature', '{"constructor":{"prototype":{"title":1}},"toString":1,"hasOwnProperty":2}'],
    ['a number beyond all numbers', '{"lines":[{"quantity":1e999}]}'],
    ['a name of a megabyte', `{"${'k'.repeat(1_000_000)}":1}`],
  ])('is refused as a mistake of the sender: %s', async (_name, body) => {
    const { status, body: said } = await me.upload('/api/toy', body, 'application/json');
    expect([status, JSON.stringify(said).length < 20_000]).toEqual([400, true]);
  });

  it('says how it is to be mended: what is too much, too deep, and where', async () => {
    const errorsOf = async (body: string) => (await me.upload('/api/toy', body, 'application/json')).body.errors;
    expect(await errorsOf('{"lines":[{},{},{}]}')).toEqual([{ path: 'lines', code: 'size', message: 'must have 0 to 2 members' }]);
    expect(await errorsOf('{"place":[{}]}')).toEqual([{ path: 'place', code: 'object', message: 'must be a JSON object' }]);
    expect(await errorsOf(`{"place":${nested(70, '[', ']')}}`)).toEqual([{ path: '', code: 'depth', message: 'must not be nested more than 64 levels deep' }]);
    expect(await errorsOf(`{"place":{"${'k'.repeat(1_000)}":1}}`)).toEqual([{ path: `place.${'k'.repeat(100)}`, code: 'unknown-field', message: 'is not a known field; remove it or mend its name' }]);
  });

  it('looks at twenty thousand objects and no more', async () => {
    const orders = `{"groups":[${Array.from({ length: 50 }, () => `{"lines":[${Array.from({ length: 500 }, () => '{}').join()}]}`).join()}]}`;
    const { status, body } = await me.upload('/api/toy/groups', orders, 'application/json');
    expect([status, body.errors]).toEqual([400, [{ path: 'groups[39].lines[459]', code: 'size', message: 'is more than the 20000 objects of one request; send several, or a file' }]]);
  });

  /** What the server says to these bytes before it hangs up, or within two seconds. */
  const say = (bytes: string): Promise<string> => new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let heard = '';
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (chunk) => (heard += chunk.toString('latin1'))).on('close', () => resolve(heard)).on('error', reject);
  });

  it.each([
    ['headers without end', `GET /api/toy HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(100_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    ['another protocol', 'SSH-2.0-OpenSSH_9\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a length that is none', 'POST /api/toy HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['two lengths', 'POST /api/toy HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['chunks that are none', 'POST /api/toy HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', /^HTTP\/1\.1 40[01] /],
  ])('is refused at the door: %s', async (_name, bytes, answer) => {
    expect(await say(bytes)).toMatch(answer);
  });

  it('does not wait for ever for headers or a body', () => {
    const { requestTimeout, headersTimeout, keepAliveTimeout, connectionsCheckingInterval = 30_000 } = app.fastify.server as unknown as Record<string, number>;
    expect([requestTimeout, headersTimeout, keepAliveTimeout].map((ms) => ms > 0 && ms <= 120_000)).toEqual([true, true, true]);
    expect(connectionsCheckingInterval).toBeLessThanOrEqual(30_000);
  });

  it('and serves others as before', async () => {
    expect(await me.post('/api/toy', { title: 'fine' })).toMatchObject({ status: 201, body: { title: 'fine' } });
  });
});
