import type { INestApplication, Type } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { routesOf, type DeclaredRoute } from './auth/declared-routes.js';
import { repliesOf, schemaOf } from './http/replies.js';

type Json = Record<string, unknown>;
type Described = { readonly name: string; readonly controllers: readonly Type[] };

/** The OpenAPI 3.1 document of these services: Nest's, with access, problems and idempotency of every route put in. */
export const openApiOf = (app: INestApplication, services: readonly Described[], modules: readonly Type[]): Json => {
  const title = services.map(({ name }) => name).join(', ');
  const config = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle(`Peyvand: ${title}`).setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer').build();
  const document = SwaggerModule.createDocument(app, config, {
    include: [...modules], operationIdFactory: (controller, method) => `${controller}.${method}`,
  }) as unknown as Json;
  const paths = document['paths'] as Record<string, Record<string, Json>>;
  for (const service of services) for (const route of routesOf(service.controllers)) describe(paths, route, service.name);
  const components = (document['components'] ??= {}) as Json;
  components['schemas'] = { ...(components['schemas'] as Json | undefined), Problem: problemSchema };
  return toVersion31(document) as Json;
};

const describe = (paths: Record<string, Record<string, Json>>, { controller, handler, method, path, access }: DeclaredRoute, service: string): void => {
  const operation = paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  if (operation === undefined) return;
  operation['tags'] = [service];
  const open = access?.public !== false;
  operation['security'] = open ? [] : [{ bearer: [] }];
  if (!open) operation['x-roles'] = [...access.roles];
  const mutating = ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method);
  const own = (operation['parameters'] ?? []) as Json[];
  for (const parameter of own) if (parameter['in'] === 'path' && /(^id|Id)$/.test(String(parameter['name']))) parameter['schema'] = { type: 'string', format: 'uuid' };
  operation['parameters'] = [...own, ...(open ? [] : [partyHeader]), ...(mutating && !open ? [keyHeader] : [])];
  const shape = repliesOf(controller.prototype[handler] as object);
  const success = shape === undefined ? operation['responses'] as Json : {
    [String(shape.status ?? (method === 'POST' ? 201 : 200))]: { description: 'Done', content: { 'application/json': { schema: schemaOf(shape) } } },
  };
  const statuses = [400, ...(open ? [] : [401, 403]), 404, ...(mutating ? [409, 413, 415, 422] : []), 500];
  operation['responses'] = {
    ...success,
    ...Object.fromEntries(statuses.map((status) => [String(status), { description: words[status], content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } }])),
  };
};

const partyHeader = { name: 'Peyvand-Party', in: 'header', required: false, description: 'For which party you act, when you are a member of several.', schema: { type: 'string', format: 'uuid' } };
const keyHeader = { name: 'Idempotency-Key', in: 'header', required: true, description: 'A fresh value per action; the same when you repeat it.', schema: { type: 'string', minLength: 1, maxLength: 200 } };
const words: Readonly<Record<number, string>> = {
  400: 'The request is malformed or some values are not acceptable', 401: 'Not signed in', 403: 'Not allowed for this role or party', 404: 'No such thing for this caller',
  409: 'Against the present state, or the same key is in flight', 413: 'Body too large', 415: 'Content type not accepted', 422: 'The idempotency key was used with another body, or a rule forbids it', 500: 'Something unforeseen',
};
const problemSchema = {
  type: 'object', description: 'RFC 9457', required: ['type', 'title', 'status', 'detail', 'instance'],
  properties: {
    type: { type: 'string', format: 'uri' }, title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' }, instance: { type: 'string' }, correlationid: { type: 'string' },
    errors: { type: 'array', items: { type: 'object', required: ['path', 'code', 'message'], properties: { path: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } } } },
  },
};

/** Nest writes 3.0 keywords into a 3.1 document: `exclusiveMinimum: true`, `nullable`, `example` in schemas. */
export const toVersion31 = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(toVersion31);
  if (typeof value !== 'object' || value === null) return value;
  const node: Json = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toVersion31(inner)]));
  for (const [flag, bound] of [['exclusiveMinimum', 'minimum'], ['exclusiveMaximum', 'maximum']] as const) {
    if (typeof node[flag] !== 'boolean') continue;
    const exclusive = node[flag];
    delete node[flag];
    if (exclusive && bound in node) [node[flag], node[bound]] = [node[bound], undefined];
  }
  if (node['nullable'] === true && 'type' in node) [node['type'], node['nullable']] = [[node['type'], 'null'].flat(), undefined];
  if (node['nullable'] === false) node['nullable'] = undefined;
  return Object.fromEntries(Object.entries(node).filter(([, inner]) => inner !== undefined));
};
