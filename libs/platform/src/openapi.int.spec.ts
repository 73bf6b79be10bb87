import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testServices, type TestPlatform } from '@peyvand/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Allow, Public } from './auth/roles.js';
import { defineService } from './define-service.js';
import { ListOf, Rials, Text, Uuid, Uuids, Whole } from './http/fields.js';
import { PageQuery } from './http/page-query.js';
import { Replies } from './http/replies.js';
import { toVersion31 } from './openapi.js';

class LineBody {
  @Whole({ min: 1, description: 'Pairs' }) quantity: number;
}
class AddedReply {
  @Uuid() orderId: string;
}
class OrderBody {
  @Text({ max: 40, example: 'PO-1' }) poNumber: string;
  @Rials({ optional: true }) ceiling?: string;
  @ListOf(() => LineBody, { min: 1, max: 200 }) lines: LineBody[];
  @Uuids({ optional: true }) sellers?: string[];
}

@Controller('api/first')
class FirstHttp {
  @Post(':id/orders') @Allow('buyer', 'producer') @Replies(AddedReply) add(@Param('id') _id: string, @Body() _body: OrderBody): void {}
  @Get() @Public() @Replies(LineBody, { as: 'page' }) list(@Query() _query: PageQuery): void {}
}
@Controller('api/second')
class SecondHttp {
  @Get() @Allow('operator') only(): void {}
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
    // What every service has for its operator stands beside its own routes.
    const own = ({ paths }: { paths: object }): string[] => Object.keys(paths).filter((path) => !path.includes('/parked'));
    expect(own(document)).toEqual(['/api/first/{id}/orders', '/api/first']);
    expect(own((await app.as().get('/api/second/openapi.json')).body)).toEqual(['/api/second']);
    expect(own((await app.as().get('/api/openapi.json')).body)).toHaveLength(3);
  });

  it('says who may call, what must be sent and how failures look', () => {
    expect(document.openapi).toBe('3.1.0');
    const { post } = document.paths['/api/first/{id}/orders'];
    expect(post).toMatchObject({ 'x-roles': ['buyer', 'producer'], security: [{ bearer: [] }], tags: ['first'] });
    expect(post.parameters.map((one: Json) => `${one.in} ${one.name} ${one.required}`)).toEqual(['path id true', 'header Peyvand-Party false', 'header Idempotency-Key true']);
    expect(post.parameters[0].schema).toEqual({ type: 'string', format: 'uuid' });
    expect(Object.keys(post.responses)).toEqual(['201', '400', '401', '403', '404', '409', '413', '415', '422', '500']);
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

  it('describes replies where a route tells them', () => {
    const schemaAt = (operation: Json, status: number) => operation.responses[status].content['application/json'].schema;
    expect(schemaAt(document.paths['/api/first/{id}/orders'].post, 201)).toEqual({ $ref: '#/components/schemas/AddedReply' });
    expect(schemaAt(document.paths['/api/first'].get, 200).properties.items).toEqual({ type: 'array', items: { $ref: '#/components/schemas/LineBody' } });
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
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(references.filter((name) => document.components.schemas[name ?? ''] === undefined)).toEqual([]);
  });
});
