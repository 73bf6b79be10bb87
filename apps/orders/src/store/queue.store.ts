import type { Fact } from '@peyvand/contracts';
import type { Tx } from '@peyvand/messaging';

/** What a later fact needs of the one that caused it. */
export type Cause = Pick<Fact, 'id' | 'correlationid' | 'traceparent'>;

// Null and not empty: only lines that have substitutes stand in the index of substitutes.
// "offset 0": order by order through the index, also while a young table's statistics would have all lines read.
const put = `
  with put as (
    insert into queue (line_id, order_id, market, variant_id, causationid, correlationid, traceparent, substitutes)
    select l.line_id, l.order_id, l.market, l.variant_id, c.causationid, c.correlationid, c.traceparent, nullif(l.substitutes, '{}')
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as c(order_id, causationid, correlationid, traceparent)
      cross join lateral (select * from lines where order_id = c.order_id and waiting > 0 offset 0) l
    where $5::uuid[] is null or l.line_id = any($5::uuid[]) order by l.order_id, l.position
    on conflict (line_id) do update set ready = true, error = null, substitutes = excluded.substitutes, causationid = excluded.causationid, correlationid = excluded.correlationid, traceparent = excluded.traceparent
    returning order_id, market)
  select distinct order_id as "orderId", market from put`;

/** Puts the waiting lines of these orders (or `only` these of them) into their markets' queues, where the next round finds them; answers who is in which market. */
export const putInQueue = async (tx: Tx, causes: ReadonlyMap<string, Cause>, only?: readonly string[]): Promise<{ orderId: string; market: string }[]> => {
  if (causes.size === 0 || only?.length === 0) return [];
  const all = [...causes.values()];
  return tx.sql(put, [[...causes.keys()], all.map(({ id }) => id), all.map(({ correlationid }) => correlationid), all.map(({ traceparent }) => traceparent ?? null), only ?? null]);
};

/** Lines on back-order that one of these variants would fill, as the one asked for or as a substitute, are tried again. */
export const wake = async (tx: Tx, variantIds: readonly string[]): Promise<void> => {
  if (variantIds.length === 0) return;
  const rows = await tx.sql<{ market: string }>('update queue set ready = true where (variant_id = any($1::uuid[]) or substitutes && $1::uuid[]) and not ready returning market', [variantIds]);
  await askForRounds(tx, rows.map((row) => row.market));
};

/** A round is an errand per market: due at once, run one at a time, run again when it was asked for meanwhile. */
export const askForRounds = async (tx: Tx, markets: readonly string[]): Promise<void> => {
  const sorted = [...new Set(markets)].sort();
  await tx.schedule(sorted.map((market) => ({ kind: 'orders/round', key: market, dueAt: tx.now })));
};

/** A round of every market in which lines wait. */
export const askForAllRounds = async (tx: Tx): Promise<void> =>
  askForRounds(tx, (await tx.sql<{ market: string }>('select distinct market from queue where ready')).map(({ market }) => market));

/** A stored cause as `publish` takes it: only its identity and story are read. */
export const factOf = (cause: Cause): Fact => cause as Fact;
