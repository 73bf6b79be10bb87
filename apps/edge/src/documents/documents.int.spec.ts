import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { factContracts } from '@peyvand/contracts';
import { testService, type TestApp } from '@peyvand/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { edge } from '../edge.module.js';
import { mergeOpenApi } from './merge-open-api.js';

const refsOf = (value: unknown): string[] => (typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([key, inner]) => (key === '$ref' && typeof inner === 'string' ? [inner] : refsOf(inner))));
const at = (document: unknown, ref: string): unknown => ref.slice(2).split('/').reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], document);

describe('the documents', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await testService(edge)));
  afterAll(() => app?.close());

  it('describe every route, with references that lead somewhere', async () => {
    const { status, body } = await app.as().get('/api/openapi.json');
    expect([status, body.openapi]).toEqual([200, '3.1.0']);
    expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(['/api/events', '/api/auth/token', '/api/asyncapi.json']));
    for (const ref of refsOf(body)) expect([ref, at(body, ref)]).toEqual([ref, expect.anything()]);
  });

  it('describe every fact on its topic', async () => {
    const { body } = await app.as().get('/api/asyncapi.json');
    expect(body.asyncapi).toBe('3.0.0');
    expect(Object.keys(body.components.messages)).toEqual(factContracts.map(({ name }) => name));
    expect(body.channels.orders).toMatchObject({ address: 'peyvand.orders', bindings: { kafka: { partitions: 24 } } });
    for (const ref of refsOf(body.channels).concat(refsOf(body.operations))) expect([ref, at(body, ref)]).toEqual([ref, expect.anything()]);
  });

  it('give each fact’s schema by name and by type', async () => {
    for (const { name, type, sample } of factContracts) {
      const byName = await app.as().get(`/api/schemas/${name}`);
      expect(byName.headers['content-type']).toContain('application/schema+json');
      expect((await app.as().get(`/api/schemas/${type}`)).body).toEqual(byName.body);
      expect(new Ajv2020({ strict: false, validateFormats: false }).validate(byName.body, JSON.parse(JSON.stringify(sample)))).toBe(true);
    }
    expect((await app.as().get('/api/schemas')).body.items).toHaveLength(factContracts.length);
    expect((await app.as().get('/api/schemas/NoSuchFact')).status).toBe(404);
  });

  it('are readable without any foreign host', async () => {
    const { body, headers } = await app.as().get('/api/docs');
    expect(headers['content-type']).toContain('text/html');
    expect(String(body)).not.toMatch(/https?:\/\//);
  });

  it('keep apart what two services call by one name, and together what means the same in all', () => {
    const part = (service: string, type: string) => ({ service, document: { paths: { [`/api/${service}`]: { post: { operationId: 'A.b', schema: { $ref: '#/components/schemas/Body' } } } }, components: { schemas: { Body: { type }, Problem: {}, Place: {} }, responses: { Problem400: {} } } } });
    expect(mergeOpenApi([part('one', 'string'), part('two', 'object')])).toMatchObject({
      paths: { '/api/one': { post: { operationId: 'one.A.b', schema: { $ref: '#/components/schemas/one.Body' } } } },
      components: { schemas: { 'one.Body': { type: 'string' }, 'two.Body': { type: 'object' }, Problem: {}, Place: {} }, responses: { Problem400: {} } },
    });
  });
});
