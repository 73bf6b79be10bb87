import { protect } from '@peyvand/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { knownParks } from './known-parks.js';

/** Everyone signed in reads the row; only its own party writes it. */
const published = (table: string): string => `${protect(table)}
create policy ${table}_public on ${table} for select to peyvand_http using (true);`;

const tables = `
create table parks (
  id uuid primary key,
  name_fa text not null,
  name_en text not null,
  folded text not null,
  site text not null,
  city text not null,
  province text not null,
  latitude double precision not null,
  longitude double precision not null
);
create table producers (
  id uuid primary key,
  kind text not null check (kind in ('factory', 'workshop', 'guild-unit')),
  name_fa text not null,
  name_en text not null,
  place_id uuid not null,
  city text not null,
  province text not null,
  latitude double precision not null,
  longitude double precision not null,
  site text not null,
  park_id uuid references parks,
  small boolean not null,
  blocked boolean not null default false,
  status text not null check (status in ('registered', 'verified', 'suspended')),
  licence text,
  verified_until date,
  suspended_for text,
  folded text not null,
  folded_city text not null,
  version int not null,
  parties uuid[] not null
);
create index producers_by_city on producers (folded_city);
create index producers_by_park on producers (park_id);

-- Personal and secret: never in facts, never in another party's hands.
create table particulars (
  producer_id uuid primary key references producers,
  national_id text not null unique,
  sheba text,
  phone text,
  postal_code text,
  parties uuid[] not null
);

create table licences (
  id uuid primary key,
  producer_id uuid not null references producers,
  kind text not null,
  number text not null,
  folded text not null,
  valid_until date not null,
  state text not null check (state in ('asked', 'confirmed', 'refused', 'expired', 'withdrawn')),
  reason text,
  ended_on date,
  asked_at timestamptz not null,
  answered_at timestamptz,
  version int not null,
  parties uuid[] not null
);
create index licences_of_producer on licences (producer_id);
-- One licence has one holder; a refused one may be asked for again.
create unique index licences_held_once on licences (kind, folded) where state in ('asked', 'confirmed');

create table products (
  id uuid primary key,
  producer_id uuid not null references producers,
  market text not null,
  title_fa text not null,
  title_en text not null,
  unit text not null,
  vat_category text not null check (vat_category in ('standard', 'exempt')),
  weight_grams int not null,
  packs jsonb not null,
  origin jsonb,
  listed_at timestamptz not null,
  folded text not null,
  parties uuid[] not null
);
create index products_of_producer on products (producer_id, id);
create index products_by_market on products (market, id);

create table variants (
  id uuid primary key,
  product_id uuid not null references products,
  producer_id uuid not null,
  place int not null,
  code text not null,
  folded text not null,
  gtin text unique,
  model text,
  colour text,
  size text,
  parties uuid[] not null,
  unique (producer_id, folded)
);
create index variants_of_product on variants (product_id);

create table offers (
  id uuid primary key,
  producer_id uuid not null references producers,
  product_id uuid not null references products,
  variant_id uuid not null references variants,
  market text not null,
  unit text not null,
  capacity int not null check (capacity >= 0),
  minimum int not null,
  lot int not null check (lot >= 1),
  lead_days int not null,
  window_from date not null,
  window_until date not null check (window_until >= window_from),
  grade text not null,
  prices jsonb not null,
  place jsonb not null,
  state text not null check (state in ('open', 'withdrawn')),
  revision int not null,
  told int not null check (told between 0 and revision),
  parties uuid[] not null
);
create index offers_of_producer on offers (producer_id, id);
create index offers_to_tell on offers (producer_id) where state = 'open' and told < revision;

-- How the licence issuers' simulator behaves; one row, shared by all processes (demo and tests only).
create table licence_simulator (
  one boolean primary key default true check (one),
  behaviour jsonb not null
);
`;

class ProducersTables implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    for (const table of ['producers', 'products', 'variants']) await runner.query(published(table));
    for (const table of ['particulars', 'licences', 'offers']) await runner.query(protect(table));
    await runner.query('grant select on parks to peyvand_http');
    for (const park of knownParks) {
      await runner.query('insert into parks values ($1, $2, $3, $4, $5, $6, $7, $8, $9)', [park.id, park.name.fa, park.name.en, park.folded, park.site, park.city, park.province, park.latitude, park.longitude]);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table licence_simulator, offers, variants, products, licences, particulars, producers, parks');
  }
}

export const producersMigrations: readonly (new () => MigrationInterface)[] = [ProducersTables];
