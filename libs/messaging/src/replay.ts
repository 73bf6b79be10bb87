import type { Fact } from '@peyvand/contracts';
import type { Row } from './broker/envelope.js';
import type { Source } from './source.js';
import { transact } from './transact.js';

/**
 * Reads a service's facts from its own table in the order they were stored, in lots of `lot` (500): for bootstrapping a consumer whose facts are
 * older than the topics' 30 days. `to` gets each lot and must be idempotent or keep its own inbox: hand them to `strategy.deliver`, with
 * the name of the new group, in a process that was given no broker. When it has ended, start the group on its topics: heard before, they would overtake what is
 * replayed. It ends with the last fact stored when it began; what was then not yet committed may be missed, and what came since is: the topic has both.
 * Answers the last seq read.
 */
export const replay = async (
  source: Source, { types, to, afterSeq = '0', lot = 500 }: { types: readonly string[]; to: (facts: Fact[]) => Promise<unknown>; afterSeq?: string; lot?: number },
): Promise<string> => {
  let last = afterSeq;
  // Without an end a lot could pass over a fact that is not yet committed, and the next one read a later fact of the same key.
  const [end] = await transact(source, (tx) => tx.sql<{ seq: string }>(lastSeq), { readOnly: true });
  for (;;) {
    const rows = await transact(source, (tx) => tx.sql<Row & { seq: string }>(readLog, [last, end?.seq, types, lot]), { readOnly: true });
    const latest = rows.at(-1);
    if (latest === undefined) return last;
    await to(rows.map(stored));
    last = latest.seq;
  }
};

const stored = ({ id, type, key, time, recordedtime, causationid, correlationid, groupid, traceparent, data }: Row): Fact => ({
  id, type, key, time: time.toISOString(), recordedtime: recordedtime.toISOString(), correlationid,
  ...(causationid === null ? {} : { causationid }),
  ...(groupid === null ? {} : { groupid }),
  ...(traceparent === null ? {} : { traceparent }),
  data: JSON.parse(data) as unknown,
});

export const lastSeq = 'select last_value as seq from facts_seq';

export const readLog = `
  select seq, id, type, key, time, recordedtime, causationid, correlationid, groupid, traceparent, data::text as data
  from facts where seq > $1 and seq <= $2 and type = any($3::text[]) order by seq limit $4`;
