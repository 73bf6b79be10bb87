import { protect } from '@peyvand/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** States that a seller has to do something about. */
export const needsAttention = `state in ('memory-id-missing', 'refused', 'rejected')`;

/** Beside the invoices and not in them: what the tax system says moves no invoice's version, and no approval waits for its rows. */
export class Delivery0003 implements MigrationInterface {
  name = 'Delivery1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table tax_memories (memory_id text primary key check (memory_id ~ '^[A-Z0-9]{6}$'), seller_id uuid not null);
      alter table tax_registrations add column memory_id text references tax_memories;
      create table tax_serials (seller_id uuid primary key, last bigint not null);
      create table tax_documents (
        document_id uuid primary key, seller_id uuid not null, buyer_id uuid not null,
        subject text not null check (subject in ('original', 'corrective', 'return')), original_id uuid check ((original_id is null) = (subject = 'original')),
        state text not null, tax_id text unique check ((tax_id is null) = (state in ('not-needed', 'memory-id-missing', 'waiting-for-original'))),
        registered_on date, react_by date, reason text, parties uuid[] not null);
      create index tax_documents_by_original on tax_documents (original_id) where original_id is not null;
      create index tax_documents_awaiting on tax_documents (react_by) where state = 'awaiting-reaction';
      create index tax_documents_unanswered on tax_documents (document_id) where state = 'sent';
      create index tax_documents_attention on tax_documents (seller_id, document_id) where ${needsAttention};
      create table simulated_tax (one boolean primary key default true check (one), mood jsonb not null);
      create table simulated_tax_book (tax_id text primary key, answer jsonb not null, told boolean not null, times int not null default 1);
      create index simulated_tax_untold on simulated_tax_book (tax_id) where not told;
      ${protect('tax_documents')}`);
  }

  /** What was registered with the tax office is evidence, and a serial is never drawn twice. */
  async down(): Promise<void> {
    throw new Error('Tax documents are evidence and are never dropped by a migration');
  }
}
