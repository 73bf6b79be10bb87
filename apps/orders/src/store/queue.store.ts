import type { Fact } from '@peyvand/contracts';
import type { Tx } from '@peyvand/messaging';
import { uuids } from './batch.js';

export type Waiting = { readonly lineId: string; readonly orderId: string; readonly market: string; readonly variantId: string; readonly substitutes: readonly string[] };

/** What a later fact needs of the one that caused it. */
export type Cause = Pick<Fact, 'id' | 'correlationid' | 'traceparent'>;

const put = `
  insert into queue (line_id, order_id, market, variant_id, causationid, correlationid, traceparent, substitutes)
  select r.line_id, r.order_id, r.market, r.variant_id, r.causationid, r.correlationid, r.traceparent, r.substitutes::uuid[]
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[]) as r(line_id, order_id, market, variant_id, causationid, correlationid, traceparent, substitutes)
  on conflict (line_id) do update set ready = true, error = null, substitutes = excluded.substitutes, causationid = excluded.causationid, correlationid = excluded.correlationid, traceparent = excluded.traceparent`;

/** Puts lines into their markets' queues and asks for a round of each. */
export const enqueue = async (tx: Tx, lines: readonly { line: Waiting; cause: Cause }[]): Promise<void> => {
  // One statement may not touch a row twice: the last cause of a line wins.
  const last = [...new Map(lines.map((one) => [one.line.lineId, one])).values()];
  if (last.length === 0) return;
  await tx.run(put, [
    last.map(({ line }) => line.lineId), last.map(({ line }) => line.orderId), last.map(({ line }) => line.market), last.map(({ line }) => line.variantId),
    last.map(({ cause }) => cause.id), last.map(({ cause }) => cause.correlationid), last.map(({ cause }) => cause.traceparent ?? null),
    // Null and not empty: only lines that have some stand in the index of substitutes.
    last.map(({ line }) => (line.substitutes.length === 0 ? null : uuids(line.substitutes))),
  ]);
  await askForRounds(tx, last.map(({ line }) => line.market));
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

/** A stored cause as `publish` takes it: only its identity and story are read. */
export const factOf = (cause: Cause): Fact => cause as Fact;
