import { partiesOf, type NewFact } from '@peyvand/contracts';
import { newId, type Instant } from '@peyvand/kernel';
import type { ClientBase } from 'pg';
import type { Cause } from '../cause.js';
import type { Because } from '../tx.js';
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
    data: JSON.stringify(data),
  };
};

export const causeOf = ({ id, correlationid, traceparent }: Because): Cause => ({
  causationid: id,
  ...(correlationid === undefined ? {} : { correlationid }),
  ...(traceparent === undefined ? {} : { traceparent }),
});

// parties travels as array literals: UNNEST would flatten a two-dimensional array.
const insert = `
  with fact as (
    insert into facts (id, type, key, time, recordedtime, causationid, correlationid, groupid, traceparent, parties, data)
    select id, type, key, time, clock_timestamp(), causationid, correlationid, groupid, traceparent, parties::uuid[], data
    from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::jsonb[])
      as f(id, type, key, time, causationid, correlationid, groupid, traceparent, parties, data)
    returning seq, recordedtime)
  insert into unsent (seq, recordedtime) select seq, recordedtime from fact`;

/** Writes all of a transaction's facts and their publishing state in one statement. */
export const insertFacts = async (client: ClientBase, facts: readonly Pending[], role: string): Promise<void> => {
  const column = <K extends keyof Pending>(name: K) => facts.map((fact) => fact[name]);
  await execute(client, insert, [
    column('id'), column('type'), column('key'), column('time'), column('causationid'), column('correlationid'),
    column('groupid'), column('traceparent'), facts.map((fact) => `{${fact.parties.join(',')}}`), column('data'),
  ], role);
};
