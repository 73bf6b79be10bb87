import type { Fact, NewFact } from '@peyvand/contracts';
import { newId, type Instant } from '@peyvand/kernel';
import { pendingOf } from './store/publish.js';

/** The envelope a fact would have if its service published it now: for handing facts to consumers without a broker. */
export const asFact = <D>(fact: NewFact<D>, { id, cause, at = Date.now() as Instant }: { id?: string; cause?: Fact; at?: Instant } = {}): Fact<D> => {
  const pending = pendingOf(fact.contract.service, fact as NewFact, at, cause === undefined ? {} : { causationid: cause.id, correlationid: cause.correlationid });
  return {
    id: id ?? newId(),
    type: pending.type,
    key: pending.key,
    time: pending.time,
    recordedtime: new Date().toISOString(),
    correlationid: pending.correlationid,
    ...(pending.causationid === null ? {} : { causationid: pending.causationid }),
    ...(pending.groupid === null ? {} : { groupid: pending.groupid }),
    data: JSON.parse(pending.data) as D,
  };
};
