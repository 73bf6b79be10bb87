import { z } from 'zod';

export type Service = 'producers' | 'retailers' | 'orders' | 'financing' | 'delivery';

/** Stands in a fact's parties for "anyone who is signed in"; in an audience it is written '*'. */
export const everyone = '00000000-0000-0000-0000-000000000000';

/** Who may see a fact, by the role each party plays in it: the field(s) of `data` that name the party, and the fields it sees (all when not listed). */
export type Audience = Readonly<Record<string, { readonly party: string; readonly fields?: readonly string[] } | string>>;

/** A fact not yet stored: the envelope is filled in by `tx.publish`. */
export type NewFact<D = unknown> = { readonly contract: FactContract<D>; readonly data: D; readonly groupid?: string };

/** A fact as consumers and readers meet it (CloudEvents 1.0 attributes in lower case). */
export type Fact<D = unknown> = {
  /** UUIDv7. */
  readonly id: string;
  /** ir.peyvand.<service>.<Name>.v1 */
  readonly type: string;
  /** The partition key: the order's id, or the aggregate's where no order is concerned. */
  readonly key: string;
  /** Business clock, ISO 8601 UTC. */
  readonly time: string;
  /** Wall clock, ISO 8601 UTC. */
  readonly recordedtime: string;
  /** What caused this one: a fact's id, `command/<id>` of a request (the log says whose), or the kind and key of a deadline. */
  readonly causationid?: string;
  readonly correlationid: string;
  /** Shared by facts that tell of one happening over many orders. */
  readonly groupid?: string;
  readonly traceparent?: string;
  readonly data: D;
};

export type FactContract<D = unknown> = {
  readonly service: Service;
  readonly name: string;
  readonly type: string;
  readonly topic: string;
  readonly schema: z.ZodType<D>;
  /** The field of `data` that holds the partition key. */
  readonly key: string;
  readonly audience: Audience;
  readonly summary: string;
  readonly sample: D;
  /** Makes a fact of this contract; throws when the data does not fit the schema (a bug of the caller). */
  of(data: D, groupid?: string): NewFact<D>;
};

/** The data type of a contract: `DataOf<typeof OrderSubmitted>`. */
export type DataOf<C> = C extends FactContract<infer D> ? D : never;

export const topicOf = (service: Service): string => `peyvand.${service}`;

/** Every topic has this many partitions, for ever (design §3): changing it would move keys between partitions. */
export const partitions = 24;

type Definition<S extends z.ZodObject> = {
  readonly summary: string;
  readonly key: keyof z.infer<S> & string;
  readonly audience: Audience;
  readonly data: S;
  readonly sample: z.infer<S>;
};

export const factsOf = (service: Service) => <S extends z.ZodObject>(name: string, definition: Definition<S>): FactContract<z.infer<S>> => {
  const contract: FactContract<z.infer<S>> = {
    service,
    name,
    type: `ir.peyvand.${service}.${name}.v1`,
    topic: topicOf(service),
    schema: definition.data as unknown as z.ZodType<z.infer<S>>,
    key: definition.key,
    audience: definition.audience,
    summary: definition.summary,
    sample: definition.sample,
    of: (data, groupid) => ({ contract: contract as FactContract<z.infer<S>>, data: contract.schema.parse(data), ...(groupid === undefined ? {} : { groupid }) }),
  };
  return contract;
};

/** The parties that may see the fact, each once. */
export const partiesOf = (contract: FactContract, data: unknown): string[] => {
  const parties = new Set<string>();
  for (const seat of Object.values(contract.audience)) for (const id of idsAt(data, partyField(seat))) parties.add(id);
  return [...parties];
};

/** The data as that party may see it, or undefined when it may not see the fact at all. A party in several seats sees the union. */
export const visibleTo = (contract: FactContract, data: unknown, party: string): Record<string, unknown> | undefined => {
  const seats = Object.values(contract.audience).filter((seat) => [party, everyone].some((id) => idsAt(data, partyField(seat)).includes(id)));
  if (seats.length === 0) return undefined;
  const whole = data as Record<string, unknown>;
  if (seats.some((seat) => typeof seat === 'string' || seat.fields === undefined)) return whole;
  const fields = new Set(seats.flatMap((seat) => (typeof seat === 'string' ? [] : (seat.fields ?? []))));
  return Object.fromEntries(Object.entries(whole).filter(([field]) => fields.has(field)));
};

const partyField = (seat: Audience[string]): string => (typeof seat === 'string' ? seat : seat.party);

const idsAt = (data: unknown, field: string): string[] => {
  if (field === '*') return [everyone];
  const value = (data as Record<string, unknown>)[field];
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : typeof value === 'string' ? [value] : [];
};
