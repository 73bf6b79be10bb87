import { partiesOf, type NewFact } from '@peyvand/contracts';
import { newId, type Instant } from '@peyvand/kernel';
import type { ClientBase } from 'pg';
import type { Cause } from '../cause.js';
import type { Because } from '../tx.js';
import { jsonArray, plainArray, textArray } from './arrays.js';
import { execute } from './statement.js';

/** A fact waiting for COMMIT, with everything but its place in the log. */
export type Pending = {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly time: string;
  readonly causationid: string | null;
  readonly correlationid: string;
  readonly groupid: string | null;
  readonly traceparent: string | null;
  readonly parties: readonly string[];
  readonly data: string;
};

/** Throws when the fact is another service's: a service tells only what it owns. */
export const pendingOf = (service: string, fact: NewFact, at: Instant, cause: Cause): Pending => {
  const { contract, data } = fact;
  if (contract.service !== service) throw new Error(`${service} may not publish ${contract.type}: it belongs to ${contract.service}`);
  const key = (data as Record<string, unknown>)[contract.key];
  if (typeof key !== 'string' || key === '') throw new Error(`${contract.type} has no key: field ${contract.key} is ${JSON.stringify(key)}`);
  const id = newId();
  return {
    id,
    type: contract.type,
    key,
    time: new Date(at).toISOString(),
    causationid: cause.causationid ?? null,
    // The first fact of a story names the story.
    correlationid: cause.correlationid ?? id,
    groupid: fact.groupid ?? null,
    traceparent: cause.traceparent ?? null,
    parties: partiesOf(contract, data),
    data: textOf(contract.type, data),
  };
};

// A column of type json would take it, and every reader's jsonb or text column would not.
const textOf = (type: string, data: unknown): string => {
  const text = JSON.stringify(data);
  if (text.includes('\\u0000') && /(?<!\\)(?:\\\\)*\\u0000/.test(text)) throw new Error(`${type} holds the character NUL, which no database of ours stores`);
  return text;
};

export const causeOf = ({ id, correlationid, traceparent }: Because): Cause => ({
  causationid: id,
  ...(correlationid === undefined ? {} : { correlationid }),
  ...(traceparent === undefined ? {} : { traceparent }),
});

// parties travels as array literals: UNNEST would flatten a two-dimensional array.
export const appendFacts = `
  with fact as (
    insert into facts (id, type, key, time, recordedtime, causationid, correlationid, groupid, traceparent, parties, data)
    select id, type, key, time, clock_timestamp(), causationid, correlationid, groupid, traceparent, parties::uuid[], data
    from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::json[])
      as f(id, type, key, time, causationid, correlationid, groupid, traceparent, parties, data)
    returning seq, recordedtime)
  insert into unsent (seq, recordedtime) select seq, recordedtime from fact`;

/** Writes all of a transaction's facts and their publishing state in one statement. */
export const insertFacts = async (client: ClientBase, facts: readonly Pending[], role: string): Promise<void> => {
  const column = <K extends keyof Pending>(name: K) => facts.map((fact) => fact[name]);
  await execute(client, appendFacts, [
    plainArray(column('id')), plainArray(column('type')), textArray(column('key')), plainArray(column('time')), textArray(column('causationid')), textArray(column('correlationid')),
    textArray(column('groupid')), textArray(column('traceparent')), textArray(facts.map((fact) => plainArray(fact.parties))), jsonArray(column('data')),
  ], role);
};
