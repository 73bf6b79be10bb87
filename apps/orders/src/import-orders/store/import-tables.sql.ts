/**
 * An import and what it holds while it is under way: the file as it came (parts), its good rows (lines), the orders they make, and its
 * faults. Only imports and faults are read over HTTP; the others are emptied when the import ends.
 */
export const importTables = `
create table imports (
  import_id uuid primary key,
  buyer_id uuid not null,
  submitted_by text not null,
  mode text not null check (mode in ('preview', 'commit')),
  profile text not null,
  parameters jsonb not null,
  on_fault text not null check (on_fault in ('refuse-all', 'valid-only')),
  state text not null check (state in ('receiving', 'cut', 'received', 'staging', 'staged', 'committing', 'done', 'failed')),
  reason text,
  fingerprint text,
  file_hash text,
  bytes bigint not null default 0,
  encoding text,
  rows_read int not null default 0,
  lines_valid int not null default 0,
  quantity_valid bigint not null default 0,
  orders_total int not null default 0,
  chunks int not null default 0,
  chunks_checked int not null default 0,
  chunks_committed int not null default 0,
  orders_committed int not null default 0,
  lines_committed int not null default 0,
  quantity_committed bigint not null default 0,
  received_at timestamptz not null,
  ended_at timestamptz,
  -- Wall time: an upload that has not moved for a while is cut, whatever the business clock says.
  touched_at timestamptz not null default clock_timestamp(),
  correlationid text not null,
  parties uuid[] not null
) with (fillfactor = 70);
create index imports_of_buyer on imports (buyer_id, received_at, import_id);
create index imports_arriving on imports (touched_at) where state = 'receiving';
-- The same file with the same parameters is one import while it is under way, and once it has made its orders.
create unique index one_import_of_a_file on imports (buyer_id, fingerprint)
  where state in ('received', 'staging', 'staged', 'committing') or (state = 'done' and mode = 'commit');

create table import_parts (import_id uuid not null, part int not null, bytes bytea not null, primary key (import_id, part));
alter table import_parts alter column bytes set storage external;

create table import_lines (
  import_id uuid not null,
  row_number int not null,
  po_number text not null,
  quantity int not null,
  line text not null,
  faulty boolean not null default false,
  primary key (import_id, row_number)
);
create index import_lines_by_order on import_lines (import_id, po_number);

create table import_orders (
  import_id uuid not null,
  order_no int not null,
  po_number text not null,
  chunk int not null,
  primary key (import_id, order_no)
);
create index import_orders_by_chunk on import_orders (import_id, chunk);

create table import_faults (
  import_id uuid not null,
  row_number int not null,
  seq bigint generated always as identity,
  column_name text not null,
  code text not null,
  value text not null,
  parties uuid[] not null,
  primary key (import_id, row_number, seq)
);

create table gtins (gtin text not null, variant_id uuid not null, primary key (gtin, variant_id));

create index orders_of_import on orders (import_id) where import_id is not null;
`;
