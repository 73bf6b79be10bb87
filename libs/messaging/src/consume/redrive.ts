import type { Fact } from '@peyvand/contracts';
import type { Source } from '../source.js';
import { transact } from '../transact.js';
import type { Tx } from '../tx.js';

/** What stands still in a service and why. `fact` is absent for deadlines and errands (group is then 'deadlines', id and key their key). */
export type Parked = {
  readonly group: string; readonly id: string; readonly key: string; readonly type: string;
  readonly state: 'parked' | 'retrying' | 'waiting' | 'queued'; readonly attempts: number; readonly error: string | null; readonly since: Date | null;
  readonly fact: Fact | null;
};

export type ParkedQuery = { readonly group?: string | undefined; readonly state?: Parked['state'] | undefined; readonly type?: string | undefined; readonly id?: string | undefined; readonly limit?: number };

/** Everything set aside, in the order it will be tried; at most `limit` (1,000). Empty when nothing waits. */
export const listParked = (source: Source, query: ParkedQuery = {}): Promise<Parked[]> => transact(source, (tx) => parkedOf(tx, query), { readOnly: true });

/** The same inside a transaction. */
export const parkedOf = (tx: Pick<Tx, 'sql'>, { group, state, type, id, limit = 1_000 }: ParkedQuery): Promise<Parked[]> =>
  tx.sql<Parked>(selectParked, [group ?? null, state ?? null, type ?? null, id ?? null, limit]);

export type RedriveWhich = { readonly group: string; readonly key?: string | undefined; readonly id?: string | undefined; readonly type?: string | undefined; readonly all?: true | undefined; readonly dryRun?: boolean | undefined };

type Redriven = Pick<Parked, 'id' | 'key' | 'type'>;

/**
 * Sets parked facts (or deadlines, with group 'deadlines') going again: the running group tries them within a second, through the same
 * path, and each takes effect once because its row leaves the queue in the transaction of its effect. Answers what is (or, on a dry
 * run, would be) redriven; a message that cannot be read is no fact and stays until it is discarded. Throws unless exactly one of key, id, type and all is given.
 */
export const redrive = async (source: Source, which: RedriveWhich): Promise<Redriven[]> => {
  const redriven = await transact(source, (tx) => redriveIn(tx, which));
  tellRedriven(source);
  return redriven;
};

/** The same inside a transaction; call `tellRedriven` after its commit. */
export const redriveIn = async (tx: Tx, { group, key, id, type, all, dryRun = false }: RedriveWhich): Promise<Redriven[]> => {
  if ([key, id, type, all].filter((given) => given !== undefined).length !== 1) throw new Error('redrive needs exactly one of key, id, type, all');
  if (group === 'deadlines') {
    const found = await tx.sql<Redriven>(lockParkedDeadlines, [key ?? id ?? null, type ?? null]);
    if (!dryRun) await tx.run(setDeadlinesGoing, [found.map((row) => row.type), found.map((row) => row.key)]);
    return found;
  }
  const found = await tx.sql<Redriven>(lockParkedFacts, [group, key ?? null, id ?? null, type ?? null]);
  if (!dryRun) await retryNow(tx, group, found.map((row) => row.id));
  return found;
};

/** Wakes the runners of this process; those of others look by themselves within a second. */
export const tellRedriven = (source: Source): void => {
  source.scheduled.tell();
  source.redriven.tell();
};

/** Gives a parked fact, or a message that cannot be read, up for good: it leaves the queue without effect and its key goes on. Answers the fact, or undefined when it is not parked. */
export const discard = (source: Source, which: { readonly group: string; readonly id: string }): Promise<Fact | undefined> => transact(source, (tx) => discardIn(tx, which));

/** The same inside a transaction. */
export const discardIn = async (tx: Tx, { group, id }: { readonly group: string; readonly id: string }): Promise<Fact | undefined> => {
  const [row] = await tx.sql<{ fact: Fact; id: string; key: string; type: string }>(discardFact, [group, id]);
  if (row === undefined) return undefined;
  const next = await tx.sql<{ id: string }>(nextOfKey, [group, row.key]);
  await retryNow(tx, group, next.map((one) => one.id));
  const { fact, ...named } = row;
  return { ...fact, ...named }; // a message that cannot be read names neither id nor type
};

const retryNow = async (tx: Tx, group: string, ids: readonly string[]): Promise<void> => {
  await tx.run(setFactsGoing, [group, ids]);
};

export const selectParked = `
  select "group", id, key, type, state, attempts, error, since, fact from (
    select consumer_group as "group", id::text, key, type, state, attempts, error, since, fact, place from parked
    union all
    select 'deadlines', key, key, kind, 'parked', attempts, error, due_at, null, null from deadlines where state = 'parked') p
  where ($1::text is null or "group" = $1) and ($2::text is null or state = $2) and ($3::text is null or type = $3) and ($4::text is null or id = $4)
  order by "group", place limit $5`;

export const lockParkedDeadlines = `
  select key as id, key, kind as type from deadlines where state = 'parked' and ($1::text is null or key = $1) and ($2::text is null or kind = $2) for update`;

export const setDeadlinesGoing = `update deadlines set state = 'due', attempts = 0, next_try = null where state = 'parked' and (kind, key) in (select * from unnest($1::text[], $2::text[]))`;

export const lockParkedFacts = `
  select id::text, key, type from parked where consumer_group = $1 and state = 'parked' and ($2::text is null or key = $2) and ($3::text is null or id::text = $3) and ($4::text is null or type = $4)
    and not starts_with(key, 'unreadable/')
  order by place for update`;

export const discardFact = `delete from parked where consumer_group = $1 and id::text = $2 and state = 'parked' returning fact, id::text, key, type`;

export const nextOfKey = 'select id::text from parked where consumer_group = $1 and key = $2 order by place limit 1';

export const setFactsGoing = `update parked set state = 'retrying', attempts = 0, next_try = clock_timestamp(), give_up_at = null where consumer_group = $1 and id = any($2::uuid[])`;
