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
