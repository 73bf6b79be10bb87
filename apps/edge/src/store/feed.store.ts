import { contractOf, everyone, partiesOf, type Fact } from '@peyvand/contracts';
import { isUuid } from '@peyvand/kernel';
import { jsonArray, plainArray, textArray, type Tx } from '@peyvand/messaging';

/** A fact of the feed at its place. */
export type Heard = { readonly position: number; readonly fact: Fact };

/**
 * Adds facts at the end of the feed, in the order given; those nobody may see are left out. The head's row lock is held until COMMIT:
 * adding is serialised, per batch and not per fact.
 */
export const addToFeed = async (tx: Tx, facts: readonly Fact[]): Promise<void> => {
  const seen = facts.flatMap((fact) => {
    const contract = contractOf(fact.type);
    const parties = contract === undefined ? [] : partiesOf(contract, fact.data);
    return parties.length === 0 ? [] : [{ fact, parties }];
  });
  if (seen.length === 0) return;
  const column = <T>(of: (fact: Fact) => T): T[] => seen.map(({ fact }) => of(fact));
  // parties travel as array literals: UNNEST would flatten a two-dimensional array.
  await tx.run(insert, [
    seen.length, plainArray(column(({ id }) => id)), plainArray(column(({ type }) => type)), textArray(column(({ key }) => key)), textArray(column(({ time }) => time)), textArray(column(({ recordedtime }) => recordedtime)),
    plainArray(column(({ causationid }) => (causationid !== undefined && isUuid(causationid) ? causationid : null))), textArray(column(({ correlationid }) => correlationid)), textArray(column(({ groupid }) => groupid ?? null)),
    textArray(seen.map(({ parties }) => plainArray(parties))), jsonArray(column(({ data }) => JSON.stringify(data)))]);
};

const insert = `
  with head as (update head set position = position + $1 returning position - $1 as base),
  fact as (
    insert into heard (position, id, type, key, time, recordedtime, causationid, correlationid, groupid, parties, data)
    select head.base + f.place, f.id, f.type, f.key, f.time, f.recordedtime, f.causationid, f.correlationid, f.groupid, f.parties::uuid[], f.data
    from head, unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::uuid[], $8::text[], $9::text[], $10::text[], $11::json[])
      with ordinality as f(id, type, key, time, recordedtime, causationid, correlationid, groupid, parties, data, place)
    returning position, type, parties)
  insert into seats (party, position, type) select party, position, type from fact, unnest(parties) as party`;

export type Head = { readonly epoch: string; readonly position: number };

/** Everything up to this position is committed. */
export const readHead = async (tx: Pick<Tx, 'sql'>): Promise<Head> => {
  const [row] = await tx.sql<{ epoch: string; position: string }>('select epoch, position from head');
  return { epoch: row?.epoch ?? '', position: Number(row?.position ?? 0) };
};

/**
 * The facts after `after` up to `until` that concern the party or everyone, oldest first. A cause is named only when the party may see
 * it too: that a payment or a rival's bid stands behind a fact is not told by its id either.
 */
export const readFeed = async (tx: Tx, party: string, after: number, until: number, types: readonly string[] | undefined, limit: number): Promise<Heard[]> =>
  (await tx.sql<Row>(select, [party, everyone, after, until, types ?? null, limit])).map(({ position, time, recordedtime, causationid, groupid, ...row }) => ({
    position: Number(position),
    fact: {
      ...row, time: time.toISOString(), recordedtime: recordedtime.toISOString(),
      ...(causationid !== null && { causationid }), ...(groupid !== null && { groupid }),
    },
  }));

type Row = { position: string; id: string; type: string; key: string; time: Date; recordedtime: Date; causationid: string | null; correlationid: string; groupid: string | null; data: unknown };

const seatsOf = (party: string): string =>
  `(select position from seats where party = ${party} and position > $3 and position <= $4 and ($5::text[] is null or type = any($5)) order by position limit $6)`;

const select = `
  with seen as (${seatsOf('$1')} union ${seatsOf('$2')} order by position limit $6)
  select position, id, type, key, time, recordedtime, correlationid, groupid, data,
    (select cause.id from heard cause where cause.id = heard.causationid and cause.parties && array[$1, $2]::uuid[]) as causationid
  from heard join seen using (position) order by position`;
