import { z } from 'zod';

export type Json = Record<string, unknown>;

/** The schemas of one document: a reply's named ones (`.meta({ id })`) become components, everything else stands where it is used. */
export const schemaBook = (taken: Readonly<Json>) => {
  const named: Record<string, Json> = {};
  return {
    named,
    /** Throws when two different schemas have one name. */
    schemaOf: (schema: z.ZodType): Json => {
      const { $schema: _dialect, $defs = {}, ...own } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12', override: ({ jsonSchema }) => plain(jsonSchema) }) as Json;
      for (const [name, definition] of Object.entries(pointed($defs as Json))) {
        if (name in taken || (named[name] !== undefined && JSON.stringify(named[name]) !== JSON.stringify(definition))) throw new Error(`Two schemas of the API are called ${name}`);
        named[name] = definition as Json;
      }
      return pointed(own);
    },
  };
};

const pointed = <T>(schema: T): T => JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as T;

/** Leaves out what zod adds and no reader needs: the bounds of a safe integer, the pattern beside a format, that names are texts. */
const plain = (schema: Json): void => {
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if ('format' in schema) delete schema['pattern'];
  delete schema['propertyNames'];
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
