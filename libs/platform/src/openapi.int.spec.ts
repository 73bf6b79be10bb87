import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testServices, type TestPlatform } from '@peyvand/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { Allow, Public } from './auth/roles.js';
import { defineService } from './define-service.js';
import { page, withETag } from './http/answer.js';
import { ListOf, Rials, Text, Uuids, Whole } from './http/fields.js';
import { PageQuery } from './http/page-query.js';
import { refusalTable } from './http/refusals.js';
import { fileOf, nothing, pageOf, Replies } from './http/replies.js';
import { reply } from './http/reply-words.js';
import { schemaBook, toVersion31 } from './openapi-schemas.js';

class LineBody {
  @Whole({ min: 1, description: 'Pairs' }) quantity: number;
}
class OrderBody {
  @Text({ max: 40, example: 'PO-1' }) poNumber: string;
  @Rials({ optional: true }) ceiling?: string;
  @ListOf(() => LineBody, { min: 1, max: 200 }) lines: LineBody[];
  @Uuids({ optional: true }) sellers?: string[];
}

const Place = z.object({ placeId: reply.uuid }).meta({ id: 'Place' });
const Added = z.object({ orderId: reply.uuid, of: Place, to: Place.optional(), amount: reply.rials }).meta({ id: 'Added' });
const refusals = refusalTable({ 'order-ended': [409, 'پایان یافته است.', 'The order has ended.'] });

@Controller('api/first')
class FirstHttp {
  @Post(':id/orders') @Allow('buyer', 'producer') @Replies(Added, { status: [200, 202], refusals, ifMatch: true }) add(@Param('id') id: string, @Body() _body: OrderBody) {
    return { orderId: id, of: { placeId: id }, to: { placeId: id }, amount: '1' };
  }
  @Get() @Public() @Replies([pageOf(Place), fileOf('text/csv')]) list(@Query() _query: PageQuery) {
    return page([]);
  }
  @Get(':id') @Public() @Replies(Place, { etag: true, problems: ['too-many-requests'] }) one(@Param('id') placeId: string) {
    return withETag(1, { placeId });
  }
  @Delete() @Public() @Replies(nothing) end(): void {}
}
@Controller('api/second')
class SecondHttp {
  @Get() @Allow('operator') @Replies(z.object({ amount: reply.balance.optional() })) only() {
    return {};
  }
}

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any -- a foreign document

describe('the OpenAPI document', () => {
  let app: TestPlatform;
  let document: Json;
  beforeAll(async () => {
    app = await testServices([defineService({ name: 'first', controllers: [FirstHttp] }), defineService({ name: 'second', controllers: [SecondHttp] })]);
    document = (await app.as().get('/api/first/openapi.json')).body;
  });
  afterAll(() => app?.close());

  it('is of one service each, and of all together', async () => {
    // What every service has (for its operator, for auditors) stands beside its own routes.
    const own = ({ paths }: { paths: object }): string[] => Object.keys(paths).filter((path) => !/\/(parked|seals)/.test(path));
    expect(own(document)).toEqual(['/api/first/{id}/orders', '/api/first', '/api/first/{id}']);
    expect(own((await app.as().get('/api/second/openapi.json')).body)).toEqual(['/api/second']);
    expect(own((await app.as().get('/api/openapi.json')).body)).toHaveLength(4);
  });

  it('says who may call, what must be sent and how failures look', () => {
    expect(document.openapi).toBe('3.1.0');
    const { post } = document.paths['/api/first/{id}/orders'];
    expect(post).toMatchObject({ 'x-roles': ['buyer', 'producer'], security: [{ bearer: [] }], tags: ['first'] });
    expect(post.parameters.map((one: Json) => `${one.in} ${one.name} ${one.required}`)).toEqual(['path id true', 'header Peyvand-Party false', 'header Idempotency-Key true', 'header If-Match false']);
    expect(post.parameters[0].schema).toEqual({ type: 'string', format: 'uuid' });
    expect(Object.keys(post.responses)).toEqual(['200', '202', '400', '401', '403', '404', '409', '412', '413', '415', '422', '429', '500', '503']);
    const { get } = document.paths['/api/first'];
    expect(get.security).toEqual([]);
    expect(get.parameters.map((one: Json) => one.name)).toEqual(['limit', 'cursor']);
    expect(Object.keys(get.responses)).not.toContain('401');
  });

  it('describes fields as they are checked', () => {
    expect(document.components.schemas.OrderBody).toMatchObject({
      type: 'object', required: ['poNumber', 'lines'],
      properties: {
        poNumber: { type: 'string', minLength: 1, maxLength: 40 }, ceiling: { type: 'string', pattern: '^(0|[1-9][0-9]{0,18})$' },
        lines: { type: 'array', minItems: 1, maxItems: 200, items: { $ref: '#/components/schemas/LineBody' } }, sellers: { type: 'array', items: { type: 'string', format: 'uuid' } },
      },
    });
  });

  it('describes replies: by name, by page, by media type, by status, or that there is none', () => {
    const { post } = document.paths['/api/first/{id}/orders'];
    expect(post.responses[200].content).toEqual({ 'application/json': { schema: { $ref: '#/components/schemas/Added' } } });
    expect(post.responses[202]).toEqual(post.responses[200]);
    const place = { $ref: '#/components/schemas/Place' };
    expect(document.components.schemas.Added).toMatchObject({
      required: ['orderId', 'of', 'amount'],
      properties: { orderId: { type: 'string', format: 'uuid' }, of: place, to: place, amount: { type: 'string', pattern: '^(0|[1-9][0-9]*)$', examples: ['12500000'] } },
    });
    const list = document.paths['/api/first'].get.responses[200];
    expect([list.content['application/json'].schema.properties.items, list.content['text/csv'], list.headers.Link]).toEqual([{ type: 'array', items: place }, { schema: { type: 'string' } }, expect.anything()]);
    expect(document.paths['/api/first/{id}'].get.responses[200].headers.ETag).toBeDefined();
    expect(Object.keys(document.paths['/api/first'].delete.responses)).toContain('204');
  });

  it('enumerates the problems of a route, its own with their sentences', () => {
    const { 409: own, 422: usual } = document.paths['/api/first/{id}/orders'].post.responses;
    expect(own.description).toContain('- `order-ended`: The order has ended.');
    expect(own.content['application/problem+json'].schema).toEqual({ $ref: '#/components/schemas/Problem', properties: { type: { enum: ['urn:peyvand:problem:order-ended', 'urn:peyvand:problem:idempotency-key-in-flight'] } } });
    expect(usual).toEqual({ $ref: '#/components/responses/Problem422' });
    expect(document.components.responses.Problem422.description).toContain('idempotency-key-reused');
    expect(document.paths['/api/first/{id}'].get.responses[429].description).toContain('too-many-requests');
  });

  it('takes no two schemas of one name', () => {
    const { schemaOf } = schemaBook({ Body: {} });
    schemaOf(Place);
    schemaOf(z.array(Place));
    expect(() => schemaOf(z.object({ other: reply.text }).meta({ id: 'Place' }))).toThrow('Two schemas of the API are called Place');
    expect(() => schemaOf(z.object({}).meta({ id: 'Body' }))).toThrow('Two schemas of the API are called Body');
  });

  it('has only schemas of JSON Schema 2020-12; a 3.0 keyword would be found', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const check = (schemas: Json) => Object.values(schemas).forEach((schema) => void ajv.validateSchema(schema as object, true));
    expect(() => check(document.components.schemas)).not.toThrow();
    const planted = { A: { type: 'number', minimum: 0, exclusiveMinimum: true, nullable: true } };
    expect(() => check(planted)).toThrow();
    expect(toVersion31(planted)).toEqual({ A: { type: ['number', 'null'], exclusiveMinimum: 0 } });
    expect(() => check(toVersion31(planted))).not.toThrow();
  });

  it('has no reference that leads nowhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/(schemas|responses)\/(\w+)"/g)].map(([, kind, name]) => [kind, name] as const);
    expect(references.filter(([kind, name]) => document.components[kind ?? ''][name ?? ''] === undefined)).toEqual([]);
  });
});
