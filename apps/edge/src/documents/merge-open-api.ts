import { sharedSchemas } from '@peyvand/platform';

export type Document = Readonly<Record<string, unknown>>;
export type ServiceDocument = { readonly service: string; readonly document: Document };

/** One OpenAPI document out of the services' own. Schemas get their service's name, because two services may call different things PlaceBody. */
export const mergeOpenApi = (parts: readonly ServiceDocument[]): Document => ({
  openapi: '3.1.0',
  info: { title: 'Peyvand', version: '1', description: 'Money is whole rials as text. Every POST needs an Idempotency-Key. Errors are problem+json (RFC 9457), in Persian or English by Accept-Language.' },
  tags: parts.map(({ service }) => ({ name: service })),
  paths: Object.assign({}, ...parts.map(({ service, document }) => renamed(service, document['paths'] ?? {}))) as Document,
  components: {
    responses: Object.assign({}, ...parts.map(({ document }) => componentsOf(document).responses)) as Document,
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    schemas: Object.assign({}, ...parts.map(({ service, document }) => schemasOf(service, document))) as Document,
  },
});

const nameIn = (service: string, name: string): string => (sharedSchemas.has(name) ? name : `${service}.${name}`);

const componentsOf = (document: Document) => (document['components'] ?? {}) as { readonly schemas?: Document; readonly responses?: Document };

const schemasOf = (service: string, document: Document): Document => {
  return Object.fromEntries(Object.entries(componentsOf(document).schemas ?? {}).map(([name, schema]) => [nameIn(service, name), renamed(service, schema)]));
};

const prefix = '#/components/schemas/';

const renamed = (service: string, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((one) => renamed(service, one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => {
    if (key === '$ref' && typeof inner === 'string' && inner.startsWith(prefix)) return [key, `${prefix}${nameIn(service, inner.slice(prefix.length))}`];
    if (key === 'operationId' && typeof inner === 'string') return [key, `${service}.${inner}`];
    return [key, renamed(service, inner)];
  }));
};
