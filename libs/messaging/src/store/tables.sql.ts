/**
 * The tables every service database has. Facts are append-only and partitioned by month; what is still to be sent stands apart in
 * `unsent`, whose rows are deleted after the broker's ack (a cursor over facts.seq lost 14 % at 16 writers: numbers are drawn
 * before they are committed). The default partitions take what falls outside, so nothing is lost when upkeep was late.
 */
export const tables = `
create sequence facts_seq;
create table facts (
  seq bigint not null default nextval('facts_seq'),
  id uuid not null,
  type text not null,
  key text not null,
  time timestamptz not null,
  recordedtime timestamptz not null,
  causationid text,
  correlationid text not null,
  groupid text,
  traceparent text,
  parties uuid[] not null,
  data jsonb not null,
  primary key (seq, recordedtime)
) partition by range (recordedtime);
alter sequence facts_seq owned by facts.seq;
create table facts_default partition of facts default;

create table unsent (seq bigint primary key, recordedtime timestamptz not null)
  with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);

-- Range partitions over a UUIDv7 are ranges of time: the whole key stays unique and old weeks are dropped, not deleted.
create table inbox (
  consumer_group text not null,
  id uuid not null,
  handled_at timestamptz not null default clock_timestamp(),
  primary key (consumer_group, id)
) partition by range (id);
create table inbox_default partition of inbox default;

-- The side queue of a key that cannot go on: parked (people decide), retrying (after an error), waiting (for a predecessor), queued (behind one of these).
create table parked (
  consumer_group text not null,
  id uuid not null,
  place bigint generated always as identity,
  key text not null,
  topic text not null,
  type text not null,
  fact jsonb not null,
  state text not null check (state in ('parked', 'retrying', 'waiting', 'queued')),
  attempts int not null default 0,
  error text,
  next_try timestamptz,
  give_up_at timestamptz,
  since timestamptz not null default clock_timestamp(),
  primary key (consumer_group, id)
);
create index parked_by_key on parked (consumer_group, key, place);
create index parked_by_time on parked (consumer_group, next_try) where state in ('retrying', 'waiting');

create table deadlines (
  kind text not null,
  key text not null,
  due_at timestamptz not null,
  data jsonb not null default 'null',
  correlationid text, -- the story that set it: what it publishes goes on telling that story
  version bigint not null default 0,
  state text not null default 'due' check (state in ('due', 'parked')),
  attempts int not null default 0,
  next_try timestamptz,
  leased_until timestamptz,
  error text,
  primary key (kind, key)
);
create index deadlines_by_time on deadlines (due_at);

create table idempotency (
  party text not null,
  route text not null,
  key text not null,
  body_hash text not null,
  status int,
  response jsonb,
  created_at timestamptz not null default clock_timestamp(),
  primary key (party, route, key)
);
create index idempotency_by_age on idempotency (created_at);

create table leases (
  name text primary key,
  holder text not null,
  until timestamptz not null,
  epoch bigint not null default 1
);
`;

/** One row: business time = epoch + (wall − wall_epoch) × rate, all in milliseconds. `beat` is the last wall moment some process was alive. */
export const clockTable = `
create table if not exists clock (
  one boolean primary key default true check (one),
  epoch double precision not null,
  wall_epoch double precision not null,
  rate double precision not null,
  beat double precision not null
);
`;

/**
 * peyvand_messaging_upkeep(): makes partitions ahead (facts: 3 months, inbox: 3 weeks), drops inbox weeks beyond 5 weeks (topics keep
 * 30 days, so a redelivery older than that cannot come) and forgets idempotency keys after 30 days.
 */
export const upkeepFunction = `
create function peyvand_uuid_at(at timestamptz) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;

create function peyvand_messaging_upkeep() returns void language plpgsql as $$
declare
  first timestamptz;
  name text;
begin
  perform pg_advisory_xact_lock(hashtext('peyvand_messaging_upkeep'));
  for step in 0..3 loop
    first := (date_trunc('month', now() at time zone 'UTC') + step * interval '1 month') at time zone 'UTC';
    name := 'facts_' || to_char(first at time zone 'UTC', 'YYYY_MM');
    if to_regclass(name) is null then
      begin
        execute format('create table %I partition of facts for values from (%L) to (%L)', name, first, (first at time zone 'UTC' + interval '1 month') at time zone 'UTC');
      exception when check_violation then null; -- rows of that month already lie in the default partition and stay there
      end;
    end if;
  end loop;
  for step in 0..3 loop
    first := (date_trunc('week', now() at time zone 'UTC') + step * interval '1 week') at time zone 'UTC';
    name := 'inbox_' || to_char(first at time zone 'UTC', 'IYYY_IW');
    if to_regclass(name) is null then
      begin
        execute format('create table %I partition of inbox for values from (%L) to (%L)', name, peyvand_uuid_at(first), peyvand_uuid_at(first + interval '1 week'));
      exception when check_violation then null;
      end;
    end if;
  end loop;
  for name in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'inbox'::regclass and c.relname ~ '^inbox_\\d{4}_\\d{2}$'
      and to_date(substr(c.relname, 7), 'IYYY_IW') < (now() - interval '6 weeks')::date loop
    execute format('drop table %I', name);
  end loop;
  delete from inbox_default where handled_at < now() - interval '35 days';
  delete from idempotency where created_at < now() - interval '30 days';
end $$;
`;
