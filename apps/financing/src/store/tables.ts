import { protect } from '@peyvand/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of financing. What must never happen twice is held by a constraint and not by the code that runs before it. */
export class Financing0001 implements MigrationInterface {
  name = 'Financing1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table funders (party_id uuid primary key, kind text not null, name text not null, sheba text not null, parties uuid[] not null);

      create table accounts (
        party_id uuid primary key, sheba text not null, state text not null check (state in ('checking', 'verified', 'refused')),
        reason text, since timestamptz not null, parties uuid[] not null);

      create table mandates (
        mandate_id uuid primary key, party_id uuid not null, persons text[] not null, together int not null check (together between 1 and cardinality(persons)),
        ceiling numeric(20) not null check (ceiling > 0), valid_until date not null, parties uuid[] not null);
      create index mandates_of on mandates (party_id);

      create table limits (
        limit_id uuid primary key, kind text not null check (kind in ('funder', 'seller')), grantor_id uuid not null, debtor_id uuid not null,
        amount numeric(20) not null check (amount >= 0), taken numeric(20) not null default 0 check (taken >= 0),
        valid_until date not null, version int not null default 1, parties uuid[] not null,
        unique (grantor_id, debtor_id, kind));
      create index limits_on on limits (debtor_id);

      -- The match as agreed, while it asks for cover.
      create table matches (
        match_id uuid primary key, order_id uuid not null, buyer_id uuid not null, seller_id uuid not null,
        amount numeric(20) not null, terms jsonb not null,
        state text not null check (state in ('opened', 'reserved', 'declined', 'released')),
        -- Deliveries with accepted goods, each of which becomes an invoice; and whether anything is still to come.
        deliveries int not null default 0, shipped boolean not null default false, parties uuid[] not null);

      create table reservations (
        match_id uuid not null, limit_id uuid not null references limits, purpose text not null check (purpose in ('match', 'purchase')), asked numeric(20) not null, unused numeric(20) not null check (unused >= 0),
        uses jsonb not null default '{}', freed jsonb not null default '[]', of jsonb not null,
        primary key (match_id, limit_id));

      -- Every invoice once: approved here, or declared by a funder to be financed elsewhere.
      create table fingerprints (fingerprint text primary key, claimant_id uuid, since date not null, parties uuid[] not null);

      -- One row, one approved invoice, one receivable: the case, the receivable and its paper change together.
      create table cases (
        case_id uuid primary key, order_id uuid not null, match_id uuid not null, invoice_id uuid not null unique, instrument_id uuid unique,
        fingerprint text not null unique references fingerprints, buyer_id uuid not null, seller_id uuid not null, holder_id uuid not null,
        status text not null, paper_status text, face numeric(20) not null check (face >= 0), due_on date not null,
        state jsonb not null, receivable jsonb not null, paper jsonb, invited uuid[] not null default '{}',
        version int not null default 1, parties uuid[] not null);
      create index cases_by_match on cases (match_id);
      create index cases_by_party on cases using gin (parties);

      create table liens (
        lien_id uuid primary key, case_id uuid not null references cases, holder_id uuid not null, kind text not null, placed_on date not null,
        active boolean not null default true, parties uuid[] not null);
      create unique index one_active_lien on liens (case_id) where active;

      -- Signatures under an acceptance, until there are as many as the mandate wants.
      create table signatures (instrument_id uuid not null, subject text not null, amount numeric(20) not null, parties uuid[] not null, primary key (instrument_id, subject));

      create table bids (
        bid_id uuid primary key, case_id uuid not null references cases, funder_id uuid not null, rate int not null, fee numeric(20) not null check (fee >= 0),
        max_face numeric(20) not null, valid_until timestamptz not null, placed_at timestamptz not null, standing boolean not null default true,
        parties uuid[] not null);
      create index bids_of on bids (case_id);

      create table payments (
        payment_id uuid primary key, case_id uuid not null references cases, purpose text not null check (purpose in ('disburse', 'collect', 'recourse')),
        from_id uuid not null, to_id uuid not null, amount numeric(20) not null check (amount > 0),
        state text not null default 'asked' check (state in ('asked', 'done', 'refused')), bank_ref text, reason text, parties uuid[] not null);
      create index payments_of on payments (case_id);
      create unique index one_payment_under_way on payments (case_id) where state = 'asked';

      -- One row is one transfer, so debits and credits are equal by construction; (happening, leg) posts once.
      create table transfers (
        happening_id text not null, leg int not null, kind text not null, case_id uuid not null,
        debit_party uuid not null, debit_case uuid not null, debit_kind text not null,
        credit_party uuid not null, credit_case uuid not null, credit_kind text not null,
        amount numeric(20) not null check (amount > 0), posted_at timestamptz not null, parties uuid[] not null,
        primary key (happening_id, leg));
      create index transfers_debit on transfers (debit_party);
      create index transfers_credit on transfers (credit_party);

      -- The simulated bank's own book and mood (demo only).
      create table simulated_bank (one boolean primary key default true check (one), mood jsonb not null);
      create table simulated_bank_book (payment_id uuid primary key, answer jsonb not null, times int not null default 1);
    `);
    for (const table of ['funders', 'accounts', 'mandates', 'limits', 'matches', 'cases', 'liens', 'fingerprints', 'signatures', 'bids', 'payments', 'transfers']) {
      await runner.query(protect(table));
    }
    // What a party may not see row by row, it may still be told in this form: who may bid, whether an invoice is taken, whether money is on its way.
    await runner.query(`
      create function funders_with_limit_on(debtor uuid, on_day date) returns uuid[] language sql stable security definer set search_path = public as $$
        select coalesce(array_agg(grantor_id order by grantor_id), '{}') from limits
        where debtor_id = debtor and kind = 'funder' and valid_until >= on_day
      $$;
      create function standing_of(print text) returns table (kind text, since date, holder_id uuid) language sql stable security definer set search_path = public as $$
        select coalesce(l.kind, case when f.claimant_id is null then 'traded-here' else 'outside' end), coalesce(l.placed_on, case when f.claimant_id is not null then f.since end), coalesce(l.holder_id, f.claimant_id)
        from fingerprints f left join cases c on c.fingerprint = f.fingerprint left join liens l on l.case_id = c.case_id and l.active
        where f.fingerprint = print
      $$;
      create function payment_under_way(of_case uuid) returns boolean language sql stable security definer set search_path = public as $$
        select exists (select from payments where case_id = of_case and state = 'asked')
      $$;
      grant execute on function funders_with_limit_on(uuid, date), standing_of(text), payment_under_way(uuid) to peyvand_http;
    `);
  }

  async down(): Promise<void> {
    throw new Error('The ledger is not dropped by a migration; restore a backup instead.');
  }
}
