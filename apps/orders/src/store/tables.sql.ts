/**
 * What orders keeps of other services' facts. No row security: they hold no trade of a buyer and are only read here through
 * the statements of this service; HTTP callers are granted the few columns their slices need.
 */
export const readCopies = `
create table variants (
  variant_id uuid primary key,
  product_id uuid not null,
  producer_id uuid not null,
  market text not null,
  unit text not null,
  code text not null,
  title jsonb not null,
  weight_grams int not null
);
grant select on variants to peyvand_http;

create table producers (
  producer_id uuid primary key,
  standing text not null check (standing in ('verified', 'suspended')),
  valid_until date
);

create table networks (
  network_id uuid primary key,
  cost_of_funds jsonb not null,
  automatic_award_up_to bigint,
  revision int not null
);

create table places (
  place_id uuid primary key,
  network_id uuid not null,
  kind text not null,
  code text not null,
  place jsonb not null,
  parties uuid[] not null generated always as (array[network_id]) stored
);

create table codes (
  network_id uuid not null,
  code text not null,
  variant_id uuid not null,
  parties uuid[] not null generated always as (array[network_id]) stored,
  primary key (network_id, code)
);
`;

/**
 * Offered capacity is the producers' word, committed capacity is ours. \`ceiling\` is what commitments may never pass: the offered
 * capacity, or what was already committed when an offer shrank below it (such an offer takes nothing new and voids nothing).
 */
export const offers = `
create table offers (
  offer_id uuid primary key,
  producer_id uuid not null,
  variant_id uuid not null,
  market text not null,
  unit text not null,
  capacity int not null,
  minimum int not null,
  lot int not null,
  lead_days int not null,
  opens date not null,
  until date not null,
  grade text not null,
  place jsonb not null,
  prices jsonb not null,
  revision int not null,
  withdrawn boolean not null default false,
  committed int not null default 0 check (committed >= 0),
  ceiling int not null,
  constraint never_oversold check (committed <= ceiling)
) with (fillfactor = 70);
create index offers_by_variant on offers (variant_id) where not withdrawn;
create index offers_by_producer on offers (producer_id);
`;

export const orders = `
create table orders (
  order_id uuid primary key,
  buyer_id uuid not null,
  po_number text not null,
  award text not null check (award in ('automatic', 'approver')),
  parent_match_id uuid,
  import_id uuid,
  submitted_by text not null,
  submitted_at timestamptz not null,
  revision int not null default 1,
  status text not null default 'open' check (status in ('open', 'closed', 'part-closed', 'cancelled', 'unmatched')),
  reasons text[] not null default '{}',
  cancelled_at timestamptz,
  closed_at timestamptz,
  version int not null default 1,
  parties uuid[] not null,
  constraint one_po_number unique (buyer_id, po_number)
) with (fillfactor = 80);
create index orders_by_time on orders (submitted_at, order_id);
create index orders_of_buyer on orders (buyer_id, submitted_at, order_id);

-- quantity = matched + waiting + unmatched + cancelled, always: no unit of demand is ever lost from sight.
create table lines (
  line_id uuid primary key,
  order_id uuid not null,
  position int not null,
  variant_id uuid not null,
  market text not null,
  unit text not null,
  code text,
  quantity int not null check (quantity > 0),
  ship_to jsonb not null,
  needed_by date not null,
  price_ceiling bigint,
  terms jsonb,
  minimum_grade text,
  fill_policy text not null check (fill_policy in ('partial', 'all-or-none', 'back-order')),
  approved_sellers uuid[] not null,
  blocked_sellers uuid[] not null,
  excluded_sellers uuid[] not null default '{}',
  matched int not null default 0 check (matched >= 0),
  waiting int not null check (waiting >= 0),
  unmatched int not null default 0 check (unmatched >= 0),
  cancelled int not null default 0 check (cancelled >= 0),
  final boolean not null default false,
  reason text,
  cure jsonb,
  version int not null default 1,
  parties uuid[] not null,
  constraint nothing_lost check (quantity = matched + waiting + unmatched + cancelled)
) with (fillfactor = 80);
create index lines_of_order on lines (order_id);
`;

/** \`open\` stays true until the match is done, or released and its capacity is given back: an order closes when it has no open match. */
export const matches = `
create table matches (
  match_id uuid primary key,
  order_id uuid not null,
  buyer_id uuid not null,
  seller_id uuid not null,
  market text not null,
  po_number text not null,
  lines jsonb not null,
  terms jsonb not null,
  amount bigint not null,
  ship_to jsonb not null,
  needed_by date not null,
  promised_by date not null,
  parent_match_id uuid,
  state text not null check (state in ('proposed', 'issued', 'change-proposed', 'accepted', 'secured', 'done', 'released')),
  open boolean not null default true,
  made_at timestamptz not null,
  answer_by timestamptz,
  change jsonb,
  financing_declined boolean not null default false,
  secured_by text,
  -- Read by no release after 0.1: how long a rest is waited for is delivery's to say. It stays while replicas of 0.1 may run beside newer ones.
  abandoned boolean not null default false,
  dispatched boolean not null default false,
  reason text,
  version int not null default 1,
  parties uuid[] not null
) with (fillfactor = 75);
create index matches_of_order on matches (order_id);
create index matches_of_seller on matches (seller_id, made_at, match_id);
create index matches_of_buyer on matches (buyer_id, made_at, match_id);
-- What waits for someone is polled all the time and is a small part of the history.
create index matches_waiting_for_seller on matches (seller_id, state, made_at, match_id) where state in ('proposed', 'issued', 'change-proposed', 'accepted');
create index matches_waiting_for_buyer on matches (buyer_id, state, made_at, match_id) where state in ('proposed', 'issued', 'change-proposed', 'accepted');

create table shipments (
  shipment_id uuid primary key,
  match_id uuid not null,
  order_id uuid not null,
  dispatched boolean not null default false,
  received boolean not null default false,
  failed boolean not null default false,
  cancelled boolean not null default false,
  settled boolean not null default false,
  accepted bigint not null default 0,
  short bigint not null default 0,
  rejected bigint not null default 0,
  remaining bigint,
  lines jsonb not null default '[]',
  parties uuid[] not null
) with (fillfactor = 70);
create index shipments_of_order on shipments (order_id);
create index shipments_of_match on shipments (match_id);
`;

/** Lines that wait for a round of their market, with the fact that put them there (what the round decides is caused by it). */
export const queue = `
create table queue (
  line_id uuid primary key,
  order_id uuid not null,
  market text not null,
  variant_id uuid not null,
  seq bigint generated always as identity,
  ready boolean not null default true,
  causationid text not null,
  correlationid text not null,
  traceparent text,
  -- Why a round could not be reckoned or stored with this line.
  error text
);
create index queue_by_market on queue (market, seq) where ready;
create index queue_by_variant on queue (variant_id) where not ready;

-- The newest round of a market holds the highest epoch; an older one finds a higher number in its commit and writes nothing.
create table markets (market text primary key, epoch bigint not null);
`;

export const story = `
create table story (
  fact_id uuid primary key,
  order_id uuid not null,
  type text not null,
  time timestamptz not null,
  causationid text,
  data jsonb not null,
  parties uuid[] not null
);
create index story_of_order on story (order_id);
`;
