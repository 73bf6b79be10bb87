export type Schema = {
  readonly $ref?: string; readonly type?: string | readonly string[]; readonly enum?: readonly unknown[]; readonly const?: unknown; readonly example?: unknown; readonly examples?: readonly unknown[]; readonly default?: unknown;
  readonly format?: string; readonly pattern?: string; readonly minimum?: number; readonly minItems?: number; readonly items?: Schema; readonly properties?: Readonly<Record<string, Schema>>; readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[]; readonly oneOf?: readonly Schema[]; readonly allOf?: readonly Schema[];
};

/** The smallest body that a schema of the API's description allows: only what is required, examples where they are given. */
export const bodyOf = (schema: Schema, schemas: Readonly<Record<string, Schema>>): unknown => {
  if (schema.$ref !== undefined) return bodyOf(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  const given = schema.example ?? schema.examples?.[0] ?? schema.const ?? schema.enum?.[0] ?? schema.default;
  if (given !== undefined) return given;
  const choice = schema.allOf?.[0] ?? schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (choice !== undefined) return bodyOf(choice, schemas);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'object': return Object.fromEntries((schema.required ?? []).map((name) => [name, bodyOf(schema.properties?.[name] ?? {}, schemas)]));
    case 'array': return Array.from({ length: schema.minItems ?? 0 }, () => bodyOf(schema.items ?? {}, schemas));
    case 'integer': case 'number': return schema.minimum ?? 1;
    case 'boolean': return true;
    default: return textOf(schema);
  }
};

const textOf = ({ format, pattern = '' }: Schema): string => {
  if (format === 'uuid') return '0199a000-0000-7000-8000-00000000dead';
  if (format === 'date') return '2027-01-02';
  if (format === 'date-time') return '2027-01-02T08:00:00.000Z';
  if (/\\d\{6\}/.test(pattern)) return '000000';
  return /\[0-9\]|\\d|\[1-9\]/.test(pattern) ? '1' : 'text';
};
