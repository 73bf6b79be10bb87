import { describe, expect, it } from '@jest/globals';
import { describedBy, type Answered } from './described.js';

const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const document = {
  paths: {
    '/api/toys/{id}': { get: { responses: { 200: json({ $ref: '#/components/schemas/Toy' }), 404: { $ref: '#/components/responses/Problem404' } } } },
    '/api/toys/all': { get: { responses: { 200: { content: { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Toy' } } }, 'text/csv': { schema: { type: 'string' } } } } } }, delete: { responses: { 204: {} } } },
  },
  components: {
    schemas: {
      Toy: { type: 'object', required: ['id'], properties: { id: { type: 'string', format: 'uuid' }, price: { type: 'string', pattern: '^\\d+$' }, more: { type: 'object', additionalProperties: {} } } },
      Problem: { type: 'object', required: ['type'], additionalProperties: true, properties: { type: { type: 'string' } } },
    },
    responses: { Problem404: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem', properties: { type: { enum: ['urn:no'] } } } } } } },
  },
};
const id = '01938000-0000-7000-8000-000000000001';
const toy: Answered = { method: 'GET', path: `/api/toys/${id}?x=1`, status: 200, type: 'application/json; charset=utf-8', body: { id } };
const all: Answered = { ...toy, path: '/api/toys/all', body: [{ id, price: '1', more: { anything: 1 } }] };
const problem: Answered = { ...toy, status: 404, type: 'application/problem+json; charset=utf-8', body: { type: 'urn:no', further: 1 } };

describe('an answer is held to the description of its route', () => {
  const faultsOf = describedBy([document]);

  it.each<[string, Answered]>([
    ['one', toy], ['a list whose address looks like one', all], ['another media type', { ...all, type: 'text/csv', body: 'a,b' }], ['a problem with further members', problem],
    ['nothing', { ...all, method: 'DELETE', status: 204, type: undefined, body: '' }], ['no such route', { ...toy, path: '/api/none', status: 404 }], ['a probe', { ...toy, path: '/readyz', body: {} }],
  ])('%s fits', (_name, answer) => {
    expect(faultsOf(answer)).toEqual([]);
  });

  it.each<[string, Answered, string]>([
    ['an undescribed field', { ...toy, body: { id, secret: 1 } }, 'secret'],
    ['the same inside a list', { ...all, body: [{ id, secret: 1 }] }, '/0 must NOT have additional properties'],
    ['a field of another type', { ...toy, body: { id, price: 1 } }, '/price must be string'],
    ['an id that is none', { ...toy, body: { id: 'x' } }, '/id must match format'],
    ['a missing field', { ...toy, body: {} }, "must have required property 'id'"],
    ['an undescribed status', { ...toy, status: 202 }, 'status 202'],
    ['an undescribed media type', { ...toy, type: 'text/plain', body: 'x' }, 'text/plain'],
    ['a problem of another type', { ...problem, body: { type: 'urn:other' } }, '/type must be equal to one of the allowed values'],
    ['content where none is described', { ...all, method: 'DELETE', status: 204, body: {} }, 'no content'],
    ['a route that no document has', { ...toy, method: 'POST' }, 'no document has this route'],
  ])('%s is a fault', (_name, answer, fault) => {
    expect(faultsOf(answer).join()).toContain(fault);
  });
});
