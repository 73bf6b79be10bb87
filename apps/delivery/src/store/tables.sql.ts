import { protect } from '@peyvand/messaging';

/**
 * Lines travel with their aggregate as jsonb (they are only read and written with it); what is searched, summed or unique is a column.
 * `parties` says whose row it is. carriers, variants and tax_registrations are nobody's secret: everyone signed in may read them.
 */
export const tables = `
create table carriers (
  carrier_id uuid primary key,
  name text not null,
  registered_at timestamptz not null
);

create table variants (
  variant_id uuid primary key,
  seller_id uuid not null,
  title jsonb not null,
  gtin text,
  vat_category text not null check (vat_category in ('standard', 'exempt'))
);

create table tax_registrations (
  seller_id uuid not null,
  from_day date not null,
  registered boolean not null,
  primary key (seller_id, from_day)
);

-- The storekeeper's phone at a place. Keyed by network too: nobody can name a phone for a place of another.
create table contacts (
  network_id uuid not null,
  place_id uuid not null,
  phone text not null,
  parties uuid[] not null,
  primary key (network_id, place_id)
);

create table matches (
  match_id uuid primary key,
  order_id uuid not null,
  buyer_id uuid not null,
  seller_id uuid not null,
  po_number text not null,
  terms jsonb not null,
  ship_to jsonb not null,
  promised_by date not null,
  lines jsonb not null,
  status text not null check (status in ('proposed', 'agreed', 'released')),
  secured boolean not null default false,
  parties uuid[] not null
);

create table shipments (
  shipment_id uuid primary key,
  match_id uuid not null references matches,
  order_id uuid not null,
  buyer_id uuid not null,
  seller_id uuid not null,
  carrier_id uuid not null,
  po_number text not null,
  lines jsonb not null,
  units bigint not null check (units > 0),
  ship_to jsonb not null,
  promised_by date not null,
  secured boolean not null,
  status text not null check (status in ('planned', 'dispatched', 'arrived', 'received', 'cancelled', 'failed')),
  waybill text,
  plate text,
  driver text,
  dispatched_at timestamptz,
  arrived_at timestamptz,
  received_at timestamptz,
  reason text,
  ended_at timestamptz,
  planned_at timestamptz not null,
  version int not null default 1,
  parties uuid[] not null
);
create index shipments_by_match on shipments (match_id);
create index shipments_by_order on shipments (order_id);
create index shipments_by_buyer on shipments (buyer_id, shipment_id desc);
create index shipments_by_seller on shipments (seller_id, shipment_id desc);
create index shipments_by_carrier on shipments (carrier_id, shipment_id desc);

-- Only a hash of the code, except where no message can be sent: then the buyer's storekeeper reads it in the portal (shown).
create table receipt_codes (
  shipment_id uuid primary key references shipments,
  hash text not null,
  shown text,
  issue int not null,
  attempts int not null default 0,
  expires_at timestamptz not null,
  parties uuid[] not null
);

create table receipts (
  receipt_id uuid primary key,
  shipment_id uuid not null unique references shipments,
  match_id uuid not null,
  order_id uuid not null,
  lines jsonb not null,
  accepted bigint not null,
  received_at timestamptz not null,
  received_by text not null,
  parties uuid[] not null
);

create table invoices (
  invoice_id uuid primary key,
  shipment_id uuid not null references shipments,
  match_id uuid not null,
  order_id uuid not null,
  buyer_id uuid not null,
  seller_id uuid not null,
  po_number text not null,
  invoice_number text not null,
  -- Folded: «گ ۱۲» with Arabic or Persian letters, digits and spaces is one number.
  number_key text not null,
  status text not null check (status in ('matched', 'discrepant', 'checked', 'approved', 'replaced')),
  lines jsonb not null,
  goods numeric(30) not null,
  vat numeric(30) not null,
  gross numeric(30) not null check (gross = goods + vat),
  issued_on date not null,
  terms jsonb not null,
  due_on date not null,
  differences jsonb,
  checked_by text,
  approved_by text check (approved_by <> checked_by),
  approved_on date,
  replaces uuid,
  version int not null default 1,
  parties uuid[] not null
);
create unique index invoices_one_number on invoices (seller_id, number_key) where status <> 'replaced';
create unique index invoices_one_per_shipment on invoices (shipment_id) where status <> 'replaced';
create index invoices_by_buyer on invoices (buyer_id, invoice_id desc);
create index invoices_by_seller on invoices (seller_id, invoice_id desc);

create table credit_notes (
  credit_note_id uuid primary key,
  invoice_id uuid not null references invoices,
  lines jsonb not null,
  gross numeric(30) not null,
  reason text not null,
  issued_at timestamptz not null,
  parties uuid[] not null
);
create index credit_notes_by_invoice on credit_notes (invoice_id);

create table disputes (
  dispute_id uuid primary key,
  shipment_id uuid not null references shipments,
  match_id uuid not null,
  order_id uuid not null,
  buyer_id uuid not null,
  seller_id uuid not null,
  invoice_id uuid,
  raised_by uuid not null,
  reason text not null,
  status text not null check (status in ('open', 'settled')),
  outcome text check (outcome in ('upheld', 'dismissed', 'withdrawn')),
  raised_at timestamptz not null,
  settled_at timestamptz,
  version int not null default 1,
  parties uuid[] not null
);
create unique index disputes_one_open on disputes (shipment_id) where status = 'open';

-- What the simulated SMS gateway has "sent", and how it is told to misbehave.
create table sms_outbox (
  id bigint generated always as identity primary key,
  key text not null,
  to_party uuid not null,
  to_place uuid not null,
  phone text,
  text text not null,
  code text,
  shipment_id uuid,
  sent_at timestamptz not null default clock_timestamp()
);
create index sms_outbox_by_place on sms_outbox (to_place, id desc);
create index sms_outbox_by_party on sms_outbox (to_party, id desc);
create table sms_behaviour (
  one boolean primary key default true check (one),
  mode text not null check (mode in ('ok', 'fail', 'slow', 'twice'))
);

grant select on carriers, variants, tax_registrations to peyvand_http;
${['contacts', 'matches', 'shipments', 'receipt_codes', 'receipts', 'invoices', 'credit_notes', 'disputes'].map(protect).join('')}
`;
