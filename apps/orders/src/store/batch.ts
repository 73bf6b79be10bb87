import { jsonArray, plainArray, textArray } from '@peyvand/messaging';

/** One column of a batch insert: its name, its Postgres type and how a row gives it. Arrays travel as literals, JSON as text. */
export type Column<Row> = readonly [name: string, type: string, value: (row: Row) => unknown];

/** An INSERT … SELECT FROM unnest: one statement for any number of rows. `suffix` is its ON CONFLICT or RETURNING clause. */
export const batchInsert = <Row>(table: string, columns: readonly Column<Row>[], suffix = '') => {
  const names = columns.map(([name]) => name).join(', ');
  const casts = columns.map(([name, type]) => (type.endsWith('[]') ? `r.${name}::${type}` : `r.${name}`)).join(', ');
  // UNNEST would flatten an array of arrays, so a column that is itself an array comes as text.
  const parameters = columns.map(([, type], index) => `$${index + 1}::${type.endsWith('[]') ? 'text' : type}[]`).join(', ');
  const text = `insert into ${table} (${names}) select ${casts} from unnest(${parameters}) as r(${names}) ${suffix}`;
  return { text, values: (rows: readonly Row[]): unknown[] => columns.map(([, type, value]) => columnOf(type, rows.map(value))) };
};

/** An array of uuids as a Postgres literal. */
export const uuids = (ids: readonly string[]): string => plainArray(ids);

export const json = (value: unknown): string | null => (value === undefined || value === null ? null : JSON.stringify(value));

const plain = new Set(['uuid', 'int', 'bigint', 'boolean', 'date', 'timestamptz']);

const columnOf = (type: string, values: readonly unknown[]): unknown => {
  if (plain.has(type)) return plainArray(values as Parameters<typeof plainArray>[0]);
  if (type === 'jsonb' || type === 'json' || type === 'uuid[]') return jsonArray(values as (string | null)[]);
  return type === 'text' ? textArray(values as (string | null)[]) : values;
};
