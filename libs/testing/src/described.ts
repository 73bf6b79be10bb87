import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

type Json = Readonly<Record<string, unknown>>;

/** An answer as a client got it; `type` is its Content-Type, `body` parsed where that is JSON. */
export type Answered = { readonly method: string; readonly path: string; readonly status: number; readonly type: string | undefined; readonly body: unknown };

/** What is wrong between an answer and the description of its route; empty when they agree. */
export type Faults = (answer: Answered) => readonly string[];

/**
 * Holds answers to OpenAPI 3.1 documents: the route and its status must be in one, the media type too, and JSON must be as its schema says
 * and no more, although partners are told to ignore what they do not know. Probes and the documents themselves stand in none.
 */
export const describedBy = (documents: readonly Json[]): Faults => {
  const routes = documents.flatMap(routesOf).sort((a, b) => (a.order < b.order ? -1 : 1));
  return (answer) => {
    const path = answer.path.split('?')[0] ?? '';
    if (!path.startsWith('/api/') || path.endsWith('/openapi.json')) return [];
    const route = routes.find(({ pattern }) => pattern.test(path));
    if (route !== undefined && answer.method.toLowerCase() in route.operations) return route.faultsOf(answer);
    // What is no route is refused by the server itself.
    return answer.status >= 400 ? [] : ['no document has this route'];
  };
};

const known = new Map<string, Promise<Faults>>();

/** The description that a running platform gives of itself; asked once, because later one of its processes may be away. */
export const describedAt = (url: string): Promise<Faults> => {
  const asked = known.get(url) ?? ask(url);
  known.set(url, asked);
  return asked;
};

const ask = async (url: string): Promise<Faults> => describedBy([(await (await fetch(`${url}/api/openapi.json`)).json()) as Json]);

/** Throws where an answer is not as described. */
export const refuseUndescribed = (faultsOf: Faults, answer: Answered): void => {
  const faults = faultsOf(answer);
  if (faults.length === 0) return;
  throw new Error(`${answer.method} ${answer.path} answered ${answer.status} and the API's description says otherwise:\n${faults.join('\n')}\n${JSON.stringify(answer.body).slice(0, 500)}`);
};

type Route = { readonly order: string; readonly pattern: RegExp; readonly operations: Json; readonly faultsOf: Faults };

const routesOf = (document: Json): Route[] => {
  const faultsIn = checkerOf(document);
  return Object.entries(document['paths'] as Record<string, Json>).map(([path, operations]) => ({
    // Literal parts come before parameters, as the server looks them up.
    order: path.replaceAll('{', '~'), operations,
    pattern: new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}/?$`),
    faultsOf: (answer) => faultsIn((operations[answer.method.toLowerCase()] as { responses: Json }).responses, answer),
  }));
};

const checkerOf = (document: Json) => {
  const ajv = new Ajv2020({ strict: false, allErrors: true, inlineRefs: false });
  formats.default(ajv, ['uuid', 'date', 'date-time', 'uri']);
  ajv.addSchema(closed({ $id: 'api', components: document['components'] }) as Json);
  const compiled = new Map<Json, ValidateFunction>();
  const validatorOf = (schema: Json): ValidateFunction => {
    const validator = compiled.get(schema) ?? ajv.compile(closed(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/'))) as Json);
    compiled.set(schema, validator);
    return validator;
  };
  return (responses: Json, { status, type = '', body }: Answered): readonly string[] => {
    const response = resolved(document, responses[String(status)] as Json | undefined);
    if (response === undefined) return [`status ${status} is not described`];
    const content = response['content'] as Json | undefined;
    if (content === undefined) return body === undefined || body === '' ? [] : ['no content is described'];
    const media = type.split(';')[0]?.trim() ?? '';
    const { schema } = (content[media] ?? {}) as { schema?: Json };
    if (schema === undefined) return [`the media type ${media || '(none)'} is not described`];
    const validate = validatorOf(schema);
    return validate(body) ? [] : (validate.errors ?? []).map(({ instancePath, message = '', params }) => `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`);
  };
};

const resolved = (document: Json, node: Json | undefined): Json | undefined => {
  const { $ref } = node ?? {};
  return typeof $ref !== 'string' ? node : $ref.slice(2).split('/').reduce<unknown>((at, part) => (at as Json | undefined)?.[part], document) as Json | undefined;
};

/** The same schemas without room for fields they do not name. */
const closed = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  const open = inner['type'] !== 'object' || inner['properties'] === undefined || inner['additionalProperties'] !== undefined;
  return open ? inner : { ...inner, additionalProperties: false };
};
