import type { Fact } from '@peyvand/contracts';
import type { ClientBase } from 'pg';
import { jsonArray, plainArray, textArray } from '../store/arrays.js';
import { execute } from '../store/statement.js';

/** A fact and the topic it came on; order holds inside a topic only. */
export type Heard = { readonly fact: Fact; readonly topic: string };

/**
 * Takes facts in charge for a group: inserts their inbox rows in the order given and answers which were new. A zombie that handles the
 * same facts blocks here until the other commits, and then finds nothing new.
 */
export const takeNew = async (client: ClientBase, group: string, heard: readonly Heard[]): Promise<Heard[]> => {
  const ids = plainArray(heard.map(({ fact }) => fact.id));
  const { rowCount } = await execute(client, insertInbox, [group, ids]);
  if (rowCount === heard.length) return [...heard];
  const { rows } = await execute(client, ownInbox, [group, ids]);
  const fresh = new Set((rows as { id: string }[]).map((row) => row.id));
  // `delete` answers true once: a fact twice in one batch is new once.
  return heard.filter(({ fact }) => fresh.delete(fact.id));
};

export const insertInbox = `insert into inbox (consumer_group, id) select $1, id from unnest($2::uuid[]) as t(id) on conflict do nothing`;

// Duplicates are rare, so the insert above returns no ids; the rows this very transaction wrote are the new ones. Never behind a savepoint:
// rows written there carry a number of their own and would look like somebody else's.
export const ownInbox = `select id from inbox where consumer_group = $1 and id = any($2::uuid[]) and xmin = pg_current_xact_id()::xid`;

/** Of these keys, those with a side queue. The lock on its head makes a redrive that is emptying the queue finish first. */
export const sidelined = async (client: ClientBase, group: string, keys: readonly string[]): Promise<Set<string>> => {
  const { rows } = await execute(client, sideQueueHeads, [group, textArray(keys)]);
  return new Set((rows as { key: string }[]).map((row) => row.key));
};

export const sideQueueHeads = `
  select k.key from unnest($2::text[]) as k(key) cross join lateral (
    select 1 from parked p where p.consumer_group = $1 and p.key = k.key order by p.place limit 1 for share) head`;

/** Appends facts to the side queues of their keys. */
export const divert = async (client: ClientBase, group: string, heard: readonly Heard[]): Promise<void> => {
  if (heard.length === 0) return;
  await execute(client, appendToSideQueues, [
    group, plainArray(heard.map(({ fact }) => fact.id)), textArray(heard.map(({ fact }) => fact.key)), textArray(heard.map(({ topic }) => topic)),
    textArray(heard.map(({ fact }) => fact.type)), jsonArray(heard.map(({ fact }) => JSON.stringify(fact))),
  ]);
};

export const appendToSideQueues = `
  insert into parked (consumer_group, id, key, topic, type, fact, state)
  select $1, *, 'queued' from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
  on conflict (consumer_group, id) do nothing`;
