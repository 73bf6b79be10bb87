import type { INestApplication, Type } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { routesOf, type DeclaredRoute } from './auth/declared-routes.js';
import { everyonesOf } from './auth/roles.js';
import { successOf, type ReplyShape } from './http/replies.js';
import { commonResponses, problemResponses, problemSchema } from './openapi-problems.js';
import { schemaBook, toVersion31, type Json } from './openapi-schemas.js';

type Described = { readonly name: string; readonly controllers: readonly Type[] };
type Book = ReturnType<typeof schemaBook>;

/** The OpenAPI 3.1 document of these services: Nest's, with access, replies, problems and idempotency of every route put in. */
export const openApiOf = (app: INestApplication, services: readonly Described[], modules: readonly Type[]): Json => {
  const title = services.map(({ name }) => name).join(', ');
  const config = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle(`Peyvand: ${title}`).setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer').build();
  const document = SwaggerModule.createDocument(app, config, {
    include: [...modules], operationIdFactory: (controller, method) => `${controller}.${method}`,
  }) as unknown as Json;
  const components = (document['components'] ??= {}) as Json;
  const bodies = (components['schemas'] ?? {}) as Json;
  const book = schemaBook(bodies);
  const paths = document['paths'] as Record<string, Record<string, Json>>;
  for (const service of services) for (const route of routesOf(service.controllers)) describe(paths, route, service.name, book);
  components['schemas'] = { ...bodies, ...book.named, Problem: problemSchema };
  components['responses'] = commonResponses();
  return toVersion31(document) as Json;
};

const describe = (paths: Record<string, Record<string, Json>>, { controller, handler, method, path, access, replies }: DeclaredRoute, service: string, book: Book): void => {
  const operation = paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  if (operation === undefined) return;
  operation['tags'] = [service];
  const open = access?.public !== false;
  operation['security'] = open ? [] : [{ bearer: [] }];
  if (!open) operation['x-roles'] = [...access.roles];
  if (!open && path.includes(':')) operation['x-strangers'] = everyonesOf(controller.prototype[handler] as object) ?? 'not-found';
  const mutating = ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method);
  const own = (operation['parameters'] ?? []) as Json[];
  for (const parameter of own) if (parameter['in'] === 'path' && /(^id|Id)$/.test(String(parameter['name']))) parameter['schema'] = { type: 'string', format: 'uuid' };
  operation['parameters'] = [...own, ...(open ? [] : [partyHeader]), ...(mutating && !open ? [keyHeader] : []), ...(replies?.ifMatch ? [versionHeader] : [])];
  operation['responses'] = {
    ...(replies === undefined ? {} : successes(replies, successOf(controller.prototype[handler] as object, method), book)),
    ...problemResponses({ open, mutating, replies }),
  };
};

const successes = (replies: ReplyShape, usual: number, { schemaOf }: Book): Json => {
  const written = replies.bodies.flatMap(({ media, schema }) => (schema === undefined ? [] : [[media, { schema: schemaOf(schema) }] as const]));
  if (written.length === 0) return { 204: { description: 'Done; there is nothing to say' } };
  const headers = { ...(replies.bodies.some(({ page }) => page) ? { Link: linkHeader } : {}), ...(replies.etag ? { ETag: tagHeader } : {}) };
  const response = { description: 'Done', ...(Object.keys(headers).length === 0 ? {} : { headers }), content: Object.fromEntries(written) };
  return Object.fromEntries([usual, ...replies.status].map((status) => [String(status), response]));
};

const partyHeader = { name: 'Peyvand-Party', in: 'header', required: false, description: 'For which party you act, when you are a member of several.', schema: { type: 'string', format: 'uuid' } };
const keyHeader = { name: 'Idempotency-Key', in: 'header', required: true, description: 'A fresh value per action; the same when you repeat it.', schema: { type: 'string', minLength: 1, maxLength: 200 } };
const versionHeader = { name: 'If-Match', in: 'header', required: false, description: 'The ETag of the version you saw: 412 when it has changed since.', schema: { type: 'string' } };
const linkHeader = { description: '`rel="next"`: the address of the next page; absent on the last', schema: { type: 'string' } };
const tagHeader = { description: 'The version, for `If-Match`', schema: { type: 'string' } };
