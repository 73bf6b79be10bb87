import { isoOf, rials } from '@peyvand/kernel';
import { protect, type Tx } from '@peyvand/messaging';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { ApprovalPolicy } from '../domain/approval-policy.js';

/** Standing instructions. Whoever counts the goods must be able to follow the seller's, whose row it may not read: hence the function. */
export class Delivery0002 implements MigrationInterface {
  name = 'Delivery1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table standing_invoicing (seller_id uuid primary key, prefix text not null, since timestamptz not null, parties uuid[] not null);
      create table approval_policies (
        policy_id uuid primary key, buyer_id uuid not null, up_to numeric(30) not null check (up_to > 0), status text not null check (status in ('proposed', 'in-force', 'ended')),
        proposed_by text not null, proposed_at timestamptz not null, approved_by text check (approved_by <> proposed_by), approved_at timestamptz, parties uuid[] not null);
      create index sms_outbox_by_key on sms_outbox (key);
      create unique index approval_policies_in_force on approval_policies (buyer_id) where status = 'in-force';
      create function invoicing_prefixes(sellers uuid[]) returns table (seller_id uuid, prefix text) language sql stable security definer set search_path = public as $$
        select seller_id, prefix from standing_invoicing where seller_id = any(sellers)
      $$;
      grant execute on function invoicing_prefixes(uuid[]) to peyvand_http;
      ${protect('standing_invoicing')} ${protect('approval_policies')}`);
  }

  /** Policies say in whose names invoices were approved: they are evidence. */
  async down(): Promise<void> {
    throw new Error('Approval policies are evidence and are never dropped by a migration');
  }
}

/** What the invoice numbers of these sellers begin with; who has given no standing word is not in it. */
export const invoicingPrefixes = async (tx: Tx, sellerIds: readonly string[]): Promise<Map<string, string>> =>
  new Map((await tx.sql<{ seller_id: string; prefix: string }>('select seller_id, prefix from invoicing_prefixes($1)', [sellerIds])).map((row) => [row.seller_id, row.prefix]));

export const keepInvoicing = (tx: Tx, sellerId: string, prefix: string): Promise<number> =>
  tx.run('insert into standing_invoicing (seller_id, prefix, since, parties) values ($1, $2, $3, array[$1::uuid]) on conflict (seller_id) do update set prefix = excluded.prefix, since = excluded.since', [sellerId, prefix, isoOf(tx.now)]);

export const endInvoicing = (tx: Tx, sellerId: string): Promise<number> => tx.run('delete from standing_invoicing where seller_id = $1', [sellerId]);

type Row = { policy_id: string; buyer_id: string; up_to: string; status: ApprovalPolicy['status']; proposed_by: string; approved_by: string | null };
const columns = 'policy_id, buyer_id, up_to::text, status, proposed_by, approved_by';

const policyOf = (row: Row): ApprovalPolicy => {
  const policy = { id: row.policy_id, buyerId: row.buyer_id, upTo: rials(row.up_to), proposedBy: row.proposed_by };
  return row.status === 'in-force' ? { ...policy, status: row.status, approvedBy: row.approved_by ?? '' } : { ...policy, status: row.status };
};

/** The policy in force of each of these buyers. */
export const policiesInForce = async (tx: Tx, buyerIds: readonly string[]): Promise<Map<string, ApprovalPolicy>> =>
  new Map((await tx.sql<Row>(`select ${columns} from approval_policies where buyer_id = any($1::uuid[]) and status = 'in-force'`, [buyerIds])).map((row) => [row.buyer_id, policyOf(row)]));

export const lockPolicy = async (tx: Tx, id: string): Promise<ApprovalPolicy | undefined> =>
  (await tx.sql<Row>(`select ${columns} from approval_policies where policy_id = $1 for update`, [id])).map(policyOf)[0];

/** The buyer's policies that are not over, newest first. */
export const standingPolicies = async (tx: Tx, buyerId: string): Promise<ApprovalPolicy[]> =>
  (await tx.sql<Row>(`select ${columns} from approval_policies where buyer_id = $1 and status <> 'ended' order by proposed_at desc`, [buyerId])).map(policyOf);

export const insertPolicy = (tx: Tx, { id, buyerId, upTo, proposedBy }: ApprovalPolicy): Promise<number> =>
  tx.run(`insert into approval_policies (policy_id, buyer_id, up_to, status, proposed_by, proposed_at, parties) values ($1, $2, $3, 'proposed', $4, $5, array[$2::uuid])`, [id, buyerId, String(upTo), proposedBy, isoOf(tx.now)]);

/** Stores a policy's new state; one that is put in force ends the one before. */
export const updatePolicy = async (tx: Tx, policy: ApprovalPolicy): Promise<void> => {
  if (policy.status === 'in-force') await tx.run(`update approval_policies set status = 'ended' where buyer_id = $1 and status = 'in-force'`, [policy.buyerId]);
  await tx.run('update approval_policies set status = $2, approved_by = coalesce($3, approved_by), approved_at = coalesce(approved_at, $4) where policy_id = $1',
    [policy.id, policy.status, policy.status === 'in-force' ? policy.approvedBy : null, policy.status === 'in-force' ? isoOf(tx.now) : null]);
};
