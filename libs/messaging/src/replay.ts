import type { Fact } from '@peyvand/contracts';
import type { Row } from './broker/envelope.js';
import type { Source } from './source.js';
import { transact } from './transact.js';

/**
 * Reads a service's facts from its own table in the order they were stored, in lots of 500: for bootstrapping a consumer whose facts are
 * older than the topics' 30 days. `to` gets each lot and must be idempotent or keep its own inbox (hand them to `strategy.deliver`).
 * Facts committed while it runs may be missed at the end: the topic has them. Answers the last seq read.
 */
export const replay = async (
  source: Source, { types, to, afterSeq = '0' }: { types: readonly string[]; to: (facts: Fact[]) => Promise<unknown>; afterSeq?: string },
): Promise<string> => {
  let last = afterSeq;
  for (;;) {
    const rows = await transact(source, (tx) => tx.sql<Row & { seq: string }>(readLog, [last, types]), { readOnly: true });
    const end = rows.at(-1);
    if (end === undefined) return last;
    await to(rows.map(stored));
    last = end.seq;
  }
};

const stored = ({ id, type, key, time, recordedtime, causationid, correlationid, groupid, traceparent, data }: Row): Fact => ({
  id, type, key, time: time.toISOString(), recordedtime: recordedtime.toISOString(), correlationid,
  ...(causationid === null ? {} : { causationid }),
  ...(groupid === null ? {} : { groupid }),
  ...(traceparent === null ? {} : { traceparent }),
  data: JSON.parse(data) as unknown,
});

export const readLog = `
  select seq, id, type, key, time, recordedtime, causationid, correlationid, groupid, traceparent, data::text as data
  from facts where seq > $1 and type = any($2::text[]) order by seq limit 500`;
