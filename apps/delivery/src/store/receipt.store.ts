import { instant, isoOf } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { ReceiptCode } from '../domain/receipt-code.js';
import { acceptedUnits, type Receipt, type ReceiptLine } from '../domain/receipt.js';
import type { ReceivedShipment } from '../domain/shipment.js';

export const findReceipt = async (tx: Tx, shipmentId: string): Promise<Receipt | undefined> => {
  const [row] = await tx.sql<{ receipt_id: string; shipment_id: string; lines: ReceiptLine[]; received_at: Date }>(
    'select receipt_id, shipment_id, lines, received_at from receipts where shipment_id = $1', [shipmentId]);
  return row === undefined ? undefined : { id: row.receipt_id, shipmentId: row.shipment_id, lines: row.lines, receivedAt: instant(row.received_at) };
};

const insert = `
  insert into receipts (receipt_id, shipment_id, match_id, order_id, lines, accepted, received_at, received_by, parties)
  select receipt_id, shipment_id, match_id, order_id, lines, accepted, $7, $8, parties::uuid[]
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::jsonb[], $6::bigint[], $9::text[])
    as r(receipt_id, shipment_id, match_id, order_id, lines, accepted, parties)`;

/** `by`: the storekeeper's subject; it stays in this table. */
export const insertReceipts = async (tx: Tx, received: readonly { readonly receipt: Receipt; readonly shipment: ReceivedShipment }[], by: string): Promise<void> => {
  if (received.length === 0) return;
  await tx.run(insert, [
    received.map(({ receipt }) => receipt.id), received.map(({ shipment }) => shipment.id), received.map(({ shipment }) => shipment.matchId),
    received.map(({ shipment }) => shipment.orderId), received.map(({ receipt }) => JSON.stringify(receipt.lines)), received.map(({ receipt }) => acceptedUnits(receipt)),
    isoOf(tx.now), by, received.map(({ shipment }) => `{${shipment.buyerId},${shipment.sellerId},${shipment.carrierId}}`),
  ]);
};

export const findCodes = async (tx: Tx, shipmentIds: readonly string[]): Promise<Map<string, ReceiptCode>> => {
  const rows = await tx.sql<{ shipment_id: string; hash: string; attempts: number; expires_at: Date }>(
    'select shipment_id, hash, attempts, expires_at from receipt_codes where shipment_id = any($1::uuid[]) order by shipment_id for no key update', [shipmentIds]);
  return new Map(rows.map((row) => [row.shipment_id, { hash: row.hash, attempts: row.attempts, expiresAt: row.expires_at.getTime() }]));
};

/** The plain code where the buyer's storekeeper must read it here, because no message could carry it. */
export const findShownCode = async (tx: Tx, shipmentId: string): Promise<string | undefined> =>
  (await tx.sql<{ shown: string | null }>('select shown from receipt_codes where shipment_id = $1', [shipmentId]))[0]?.shown ?? undefined;

/** Replaces any earlier codes of these shipments and answers how many each has had. */
export const saveCodes = async (tx: Tx, codes: readonly NewCode[]): Promise<Map<string, number>> => {
  const rows = await tx.sql<{ shipment_id: string; issue: number }>(
    `insert into receipt_codes (shipment_id, hash, shown, issue, expires_at, parties) select shipment_id, hash, shown, 1, expires_at, array[buyer_id]
     from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::uuid[]) as c(shipment_id, hash, shown, expires_at, buyer_id)
     on conflict (shipment_id) do update set hash = excluded.hash, shown = excluded.shown, issue = receipt_codes.issue + 1, attempts = 0, expires_at = excluded.expires_at
     returning shipment_id, issue`,
    [codes.map((c) => c.shipmentId), codes.map((c) => c.hash), codes.map((c) => c.shown ?? null), codes.map((c) => new Date(c.expiresAt).toISOString()), codes.map((c) => c.buyerId)]);
  return new Map(rows.map((row) => [row.shipment_id, row.issue]));
};

export type NewCode = { readonly shipmentId: string; readonly buyerId: string; readonly hash: string; readonly shown?: string; readonly expiresAt: number };

/** Counts a wrong try on each code that the given hash does not fit, up to `most`. */
export const countWrongTries = async (tx: Tx, tries: readonly { readonly shipmentId: string; readonly hash: string }[], most: number): Promise<void> => {
  await tx.run(
    `update receipt_codes c set attempts = c.attempts + 1
     from (select * from unnest($1::uuid[], $2::text[]) as t(shipment_id, hash) order by shipment_id) t
     where c.shipment_id = t.shipment_id and c.hash <> t.hash and c.attempts < $3`,
    [tries.map((one) => one.shipmentId), tries.map((one) => one.hash), most]);
};

/** A code is used once. */
export const dropCodes = async (tx: Tx, shipmentIds: readonly string[]): Promise<void> => {
  await tx.run('delete from receipt_codes where shipment_id = any($1::uuid[])', [shipmentIds]);
};

/** How many codes the shipment has had. */
export const findIssue = async (tx: Tx, shipmentId: string): Promise<number> =>
  (await tx.sql<{ issue: number }>('select issue from receipt_codes where shipment_id = $1', [shipmentId]))[0]?.issue ?? 0;
