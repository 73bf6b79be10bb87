import { contractOf, visibleTo, type Fact } from '@peyvand/contracts';

/** A fact as a partner receives it: CloudEvents 1.0, structured JSON, only the fields its party may see. */
export type CloudEvent = {
  readonly specversion: '1.0';
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  readonly partitionkey?: string;
  readonly recordedtime: string;
  readonly correlationid: string;
  readonly causationid?: string;
  readonly groupid?: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** Undefined when the party may not see the fact at all. The key is told only where the party may see the field it comes from. */
export const cloudEventFor = (party: string, fact: Fact): CloudEvent | undefined => {
  const contract = contractOf(fact.type);
  const data = contract && visibleTo(contract, fact.data, party);
  if (contract === undefined || data === undefined) return undefined;
  return {
    specversion: '1.0',
    id: fact.id,
    type: fact.type,
    source: `/peyvand/${contract.service}`,
    time: fact.time,
    datacontenttype: 'application/json',
    dataschema: `/api/schemas/${contract.name}`,
    ...(contract.key in data && { partitionkey: fact.key }),
    recordedtime: fact.recordedtime,
    correlationid: fact.correlationid,
    ...(fact.causationid !== undefined && { causationid: fact.causationid }),
    ...(fact.groupid !== undefined && { groupid: fact.groupid }),
    data,
  };
};
