import { createHash } from 'node:crypto';
import type { ClientBase, QueryResult } from 'pg';

const names = new Map<string, string>();
// A text built from data would fill the server's memory with plans; past this many, texts run unprepared.
const mostNames = 2_000;

/** The name a text is prepared under on every connection, or undefined when there are too many already. */
const nameOf = (text: string): string | undefined => {
  const known = names.get(text);
  if (known !== undefined || names.size >= mostNames) return known;
  const name = createHash('sha1').update(text).digest('base64url');
  names.set(text, name);
  return name;
};

/**
 * Runs a statement, prepared by its text. `role` keeps the plans of the restricted role apart from the owner's: Postgres would
 * otherwise plan a row-security statement anew at every change of role.
 */
export const execute = (client: ClientBase, text: string, values: readonly unknown[] = [], role = ''): Promise<QueryResult> => {
  const name = nameOf(text);
  return client.query(name === undefined ? { text, values: values as unknown[] } : { name: `${role}${name}`, text, values: values as unknown[] });
};

type Corkable = { readonly connection: { readonly stream: { readonly writableCorked: number; cork(): void; uncork(): void } } };

/** Statements sent before anything else gets its turn leave in one packet; pg itself writes each on its own. */
export const gather = (client: ClientBase): void => {
  const { stream } = (client as unknown as Corkable).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
};
