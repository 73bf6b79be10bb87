/**
 * `sent`: which facts the broker has acked and no seal covers yet, a row per batch of the relay. `seals`: the chain, with the hash of every
 * fact in it, so that an edit is found to the row; the signed root keeps the hashes honest.
 */
export const sealTables = `
create table sent (
  place bigint generated always as identity primary key,
  seqs int8multirange not null,
  size int not null
);

create table seals (
  number bigint primary key,
  time timestamptz not null,
  seqs int8multirange not null,
  count int not null,
  root bytea not null,
  previous bytea not null,
  hash bytea not null, -- of the statement: what the next one calls previous
  key text,
  signature text,
  leaves bytea not null -- 32 bytes for each fact in the order of their numbers
);
alter table seals alter column leaves set storage external;
grant select (number, time, count, root, previous, key, signature) on seals to peyvand_http;
`;

/** Facts of the time before there were seals are sealed first. */
export const sealTheOld = `
insert into sent (seqs, size)
  select range_agg(int8range(f.seq, f.seq, '[]')), count(*) from facts f
  where not exists (select from unsent u where u.seq = f.seq) group by f.seq / 10000 order by f.seq / 10000`;

/** A fact's leaf: every column in Postgres' binary form with its type and length (no two rows give the same bytes), after RFC 6962's 0x00. */
const leaf = `sha256('\\x00'::bytea || record_send(row(f.seq, f.id, f.type, f.key, f.time, f.recordedtime, f.causationid, f.correlationid, f.groupid, f.traceparent, f.parties, f.data)))`;

/** The facts of some ranges of numbers, as they stand now. */
export const factsIn = (ranges: string): string => `
  (select f.seq, ${leaf} as leaf from unnest(${ranges}) as ranges(r) cross join lateral (select * from facts where seq >= lower(r) and seq < upper(r) offset 0) f)`;

/** Each fact numbered from $1 up to but not $2 as 36 bytes: how far its number is from $1, then its leaf. In no order, so that nothing is sorted. */
export const numberedLeaves = `
  select string_agg(int4send((f.seq - $1)::int) || ${leaf}, ''::bytea) as numbered from facts f where f.seq >= $1::bigint and f.seq < $2::bigint`;
