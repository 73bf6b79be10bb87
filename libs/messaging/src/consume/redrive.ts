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

/** Everything set aside, in the order it will be tried; at most `limit` (1,000). */
export const listParked = (source: Source, { group, limit = 1_000 }: { group?: string; limit?: number } = {}): Promise<Parked[]> =>
  transact(source, (tx) => tx.sql<Parked>(`
    select * from (
      select consumer_group as "group", id::text, key, type, state, attempts, error, since, fact, place from parked
      union all
      select 'deadlines', key, key, kind, 'parked', attempts, error, due_at, null, null from deadlines where state = 'parked') p
    where $1::text is null or "group" = $1 order by "group", place limit $2`, [group ?? null, limit]), { readOnly: true });

export type RedriveWhich = { readonly group: string; readonly key?: string; readonly id?: string; readonly all?: true; readonly dryRun?: boolean };

/**
 * Sets parked facts (or deadlines, with group 'deadlines') going again: the running group tries them within a second, through the same
 * path, and each takes effect once because its row leaves the queue in the transaction of its effect. Answers what is (or, on a dry
 * run, would be) redriven. Throws unless exactly one of key, id and all is given.
 */
export const redrive = async (source: Source, which: RedriveWhich): Promise<Pick<Parked, 'id' | 'key' | 'type'>[]> => {
  if ([which.key, which.id, which.all].filter((given) => given !== undefined).length !== 1) throw new Error('redrive needs exactly one of key, id, all');
  const values = [which.group, which.key ?? null, which.id ?? null];
  const facts = `from parked where consumer_group = $1 and state = 'parked' and ($2::text is null or key = $2) and ($3::uuid is null or id = $3)`;
  const deadlines = `from deadlines where $1 = 'deadlines' and state = 'parked' and key = coalesce($2, $3, key)`;
  const redriven = await transact(source, async (tx) => {
    if (which.group === 'deadlines') {
      const found = await tx.sql<Pick<Parked, 'id' | 'key' | 'type'>>(`select key as id, key, kind as type ${deadlines} for update`, values);
      if (which.dryRun !== true) await tx.run(`update deadlines set state = 'due', attempts = 0, next_try = null where state = 'parked' and key = any($1::text[])`, [found.map((row) => row.key)]);
      return found;
    }
    const found = await tx.sql<Pick<Parked, 'id' | 'key' | 'type'>>(`select id::text, key, type ${facts} order by place for update`, values);
    if (which.dryRun !== true) await retryNow(tx, which.group, found.map((row) => row.id));
    return found;
  });
  source.scheduled.tell();
  source.redriven.tell();
  return redriven;
};

/** Gives a parked fact up for good: it leaves the queue without effect and its key goes on. Answers the fact, or undefined when it is not parked. */
export const discard = (source: Source, { group, id }: { group: string; id: string }): Promise<Fact | undefined> =>
  transact(source, async (tx) => {
    const [row] = await tx.sql<{ fact: Fact; key: string }>(`delete from parked where consumer_group = $1 and id = $2 and state = 'parked' returning fact, key`, [group, id]);
    if (row === undefined) return undefined;
    const next = await tx.sql<{ id: string }>('select id::text from parked where consumer_group = $1 and key = $2 order by place limit 1', [group, row.key]);
    await retryNow(tx, group, next.map((one) => one.id));
    return row.fact;
  });

const retryNow = async (tx: Tx, group: string, ids: readonly string[]): Promise<void> => {
  await tx.run(`update parked set state = 'retrying', attempts = 0, next_try = clock_timestamp(), give_up_at = null where consumer_group = $1 and id = any($2::uuid[])`, [group, ids]);
};
