export type Schema = {
  readonly $ref?: string; readonly type?: string | readonly string[]; readonly enum?: readonly unknown[]; readonly const?: unknown; readonly example?: unknown; readonly examples?: readonly unknown[]; readonly default?: unknown;
  readonly format?: string; readonly pattern?: string; readonly minimum?: number; readonly minItems?: number; readonly items?: Schema; readonly properties?: Readonly<Record<string, Schema>>; readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[]; readonly oneOf?: readonly Schema[]; readonly allOf?: readonly Schema[];
};

/** The smallest body that a schema of the API's description allows: only what is required, examples where they are given. `whole`: with all it may have. */
export const bodyOf = (schema: Schema, schemas: Readonly<Record<string, Schema>>, whole = false): unknown => {
  const inner = (one: Schema = {}): unknown => bodyOf(one, schemas, whole);
  if (schema.$ref !== undefined) return inner(schemas[schema.$ref.split('/').at(-1) ?? '']);
  const given = schema.example ?? schema.examples?.[0] ?? schema.const ?? schema.enum?.[0] ?? schema.default;
  if (given !== undefined) return given;
  const choice = schema.allOf?.[0] ?? schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (choice !== undefined) return inner(choice);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'object': return Object.fromEntries((whole ? Object.keys(schema.properties ?? {}) : schema.required ?? []).map((name) => [name, inner(schema.properties?.[name])]));
    case 'array': return Array.from({ length: Math.max(schema.minItems ?? 0, Number(whole)) }, () => inner(schema.items));
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
