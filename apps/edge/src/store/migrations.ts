import { everyone } from '@peyvand/contracts';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = `
-- One row: the last position given out. Whoever adds facts holds its lock until COMMIT, so positions become visible in their order and
-- a reader that is past one never misses an earlier one. The epoch tells cursors of another installation (or of before a reset) apart.
create table head (
  one boolean primary key default true check (one),
  position bigint not null default 0,
  epoch text not null default substr(md5(random()::text || clock_timestamp()::text), 1, 8)
) with (fillfactor = 50);
insert into head default values;

create table heard (
  position bigint primary key,
  id uuid not null unique,
  type text not null,
  key text not null,
  time timestamptz not null,
  recordedtime timestamptz not null,
  -- Only a fact that came before; commands and errands are the services' own business.
  causationid uuid,
  correlationid text not null,
  groupid text,
  parties uuid[] not null,
  data jsonb not null
);

-- Who may see which fact; what of it, the contract's audience says at the time of reading.
create table seats (
  party uuid not null,
  position bigint not null,
  type text not null,
  primary key (party, position) include (type)
);

create table signing_key (
  one boolean primary key default true check (one),
  kid text not null,
  jwk jsonb not null
);
`;

const theirs = `((select current_setting('peyvand.parties', true)::uuid[]) || '${everyone}'::uuid)`;

const access = `
grant select on head, heard, seats to peyvand_http;
alter table heard enable row level security;
create policy heard_parties on heard for select to peyvand_http using (parties && ${theirs});
alter table seats enable row level security;
create policy seats_party on seats for select to peyvand_http using (party = any(${theirs}));
`;

class EdgeFeed implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(access);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table signing_key, seats, heard, head');
  }
}

/** What a fact says is handed on as it came: not parsed, and not compressed either, for compressing was most of what a long fact cost. */
class FeedAsText implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table heard alter column data type json using data::json, alter column data set storage external');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table heard alter column data type jsonb using data::jsonb');
  }
}

export const edgeMigrations: readonly (new () => MigrationInterface)[] = [EdgeFeed, FeedAsText];
