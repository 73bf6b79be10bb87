import { protect } from '@peyvand/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = `
create table networks (
  id uuid primary key,
  name_fa text not null,
  name_en text not null,
  folded text not null,
  parties uuid[] not null
);
create table particulars (
  network_id uuid primary key references networks,
  national_id text not null unique,
  parties uuid[] not null
);
-- Every revision stays: an award is explained by the policy of its day.
create table policies (
  network_id uuid not null references networks,
  revision int not null,
  cost_of_funds jsonb not null,
  automatic_award_up_to numeric(20),
  since timestamptz not null,
  parties uuid[] not null,
  primary key (network_id, revision)
);
create table places (
  id uuid primary key,
  network_id uuid not null references networks,
  kind text not null check (kind in ('store', 'distribution-centre')),
  name text not null,
  code text not null,
  folded_code text not null,
  folded text not null,
  gln text unique,
  postal_code text,
  city text not null,
  province text not null,
  latitude double precision not null,
  longitude double precision not null,
  parties uuid[] not null,
  unique (network_id, folded_code)
);
create table codes (
  network_id uuid not null references networks,
  folded text not null,
  code text not null,
  variant_id uuid not null,
  since timestamptz not null,
  parties uuid[] not null,
  primary key (network_id, folded)
);
create index codes_of_variant on codes (network_id, variant_id);
-- Read copy of the producers' catalogue: which variant a GTIN names.
create table known_variants (
  variant_id uuid primary key,
  gtin text not null
);
create index known_variants_by_gtin on known_variants (gtin);
create table buyers (
  id uuid primary key,
  network_id uuid not null references networks,
  subject text not null,
  name text not null,
  phone text,
  roles text[] not null,
  active boolean not null,
  version int not null,
  parties uuid[] not null,
  unique (network_id, subject)
);
`;

class RetailersTables implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    for (const table of ['networks', 'particulars', 'policies', 'places', 'codes', 'buyers']) await runner.query(protect(table));
    await runner.query('grant select on known_variants to peyvand_http');
    // Sellers and banks read who a buyer is; nothing else of it.
    await runner.query('create policy networks_public on networks for select to peyvand_http using (true)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table buyers, known_variants, codes, places, policies, particulars, networks');
  }
}

/** A code may name several variants: the preferred one and those that do as well. */
class CodeSubstitutes implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table codes add column substitutes uuid[] not null default '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table codes drop column substitutes');
  }
}

export const retailersMigrations: readonly (new () => MigrationInterface)[] = [RetailersTables, CodeSubstitutes];
