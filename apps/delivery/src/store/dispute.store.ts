import { isoOf } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { notCounted, type Dispute, type DisputeOutcome } from '../domain/dispute.js';

export type StoredDispute = { readonly dispute: Dispute; readonly version: number };

type Row = {
  dispute_id: string; shipment_id: string; match_id: string; order_id: string; buyer_id: string; seller_id: string; invoice_id: string | null;
  raised_by: string; reason: string; status: 'open' | 'settled'; outcome: DisputeOutcome | null; version: number;
};
const columns = 'dispute_id, shipment_id, match_id, order_id, buyer_id, seller_id, invoice_id, raised_by, reason, status, outcome, version';

export const lockDispute = async (tx: Tx, id: string): Promise<StoredDispute | undefined> =>
  (await tx.sql<Row>(`select ${columns} from disputes where dispute_id = $1 for update`, [id])).map(disputeOf)[0];

/** Open disputes of these shipments that only ask for a count. */
export const lockUncounted = async (tx: Tx, shipmentIds: readonly string[]): Promise<StoredDispute[]> =>
  (await tx.sql<Row>(`select ${columns} from disputes where shipment_id = any($1::uuid[]) and status = 'open' and reason = $2 order by dispute_id for update`, [shipmentIds, notCounted])).map(disputeOf);

export const disputesOf = async (tx: Tx, shipmentId: string): Promise<Dispute[]> =>
  (await tx.sql<Row>(`select ${columns} from disputes where shipment_id = $1 order by dispute_id`, [shipmentId])).map((row) => disputeOf(row).dispute);

export const openDisputes = async (tx: Tx, shipmentId: string): Promise<number> =>
  Number((await tx.sql<{ open: string }>(`select count(*) as open from disputes where shipment_id = $1 and status = 'open'`, [shipmentId]))[0]?.open ?? 0);

/** Of these shipments, those that somebody contests. */
export const disputed = async (tx: Tx, shipmentIds: readonly string[]): Promise<Set<string>> =>
  new Set((await tx.sql<{ shipment_id: string }>(`select shipment_id from disputes where shipment_id = any($1::uuid[]) and status = 'open'`, [shipmentIds])).map((row) => row.shipment_id));

export const insertDispute = async (tx: Tx, dispute: Dispute): Promise<void> => {
  await tx.run(
    `insert into disputes (dispute_id, shipment_id, match_id, order_id, buyer_id, seller_id, invoice_id, raised_by, reason, status, raised_at, parties)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, array[$5::uuid, $6::uuid])`,
    [dispute.id, dispute.shipmentId, dispute.matchId, dispute.orderId, dispute.buyerId, dispute.sellerId, dispute.invoiceId ?? null, dispute.raisedBy, dispute.reason, isoOf(tx.now)]);
};

/** Throws when the version is no longer the one that was read. */
export const updateDispute = async (tx: Tx, { dispute, version }: StoredDispute): Promise<void> => {
  const affected = await tx.run('update disputes set status = $3, outcome = $4, settled_at = $5, version = version + 1 where dispute_id = $1 and version = $2',
    [dispute.id, version, dispute.status, dispute.status === 'settled' ? dispute.outcome : null, dispute.status === 'settled' ? isoOf(tx.now) : null]);
  if (affected !== 1) throw new Error(`Dispute ${dispute.id} changed since it was read`);
};

const disputeOf = (row: Row): StoredDispute => {
  const contest = {
    id: row.dispute_id, shipmentId: row.shipment_id, matchId: row.match_id, orderId: row.order_id, buyerId: row.buyer_id, sellerId: row.seller_id,
    raisedBy: row.raised_by, reason: row.reason, ...(row.invoice_id === null ? {} : { invoiceId: row.invoice_id }),
  };
  return { version: row.version, dispute: row.status === 'open' ? { ...contest, status: 'open' } : { ...contest, status: 'settled', outcome: row.outcome ?? 'withdrawn' } };
};
