import { failure } from './rows.js';

/** The values of a Postgres array parameter: a JavaScript list, or a one-dimensional array literal. */
export const listOf = (value: unknown): unknown[] => {
  if (Array.isArray(value)) return value;
  const literal = String(value);
  if (!literal.includes('"')) return literal === '{}' ? [] : literal.slice(1, -1).split(',').map(plain);
  const values: unknown[] = [];
  for (let at = 1; at < literal.length - 1; at++) {
    if (literal[at] === '"') {
      let text = '';
      for (at++; literal[at] !== '"'; at++) text += literal[at] === '\\' ? literal[++at] : literal[at];
      values.push(text);
      at++;
    } else {
      const end = literal.indexOf(',', at);
      const stop = end < 0 ? literal.length - 1 : end;
      values.push(plain(literal.slice(at, stop)));
      at = stop;
    }
  }
  return values;
};

const plain = (text: string): string | null => (text === 'NULL' ? null : text);

/** What a jsonb column holds of a text; it takes neither NUL nor half a surrogate pair, however they are written. */
export const jsonb = (text: string): unknown => {
  const value = JSON.parse(text) as unknown;
  const [escape] = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.exec(JSON.stringify(value)) ?? [];
  if (escape !== undefined) throw escape.endsWith('0000') ? failure('22P05', 'unsupported Unicode escape sequence') : failure('22P02', 'invalid input syntax for type json');
  return value;
};

/** Postgres takes no NUL in a parameter; it comes in texts, lists of texts and literals. */
export const hasNul = (value: unknown): boolean => (typeof value === 'string' ? value.includes('\0') : Array.isArray(value) && value.some(hasNul));
