import type { Tx } from '@peyvand/messaging';
import { batchInsert, json, uuids } from './batch.js';

/** What one fact says of a shipment. Facts of delivery and of financing come in any order, so each only adds to the row. */
export type Note = {
  readonly shipmentId: string;
  readonly matchId: string;
  readonly orderId: string;
  readonly buyerId: string;
  readonly sellerId: string;
  readonly dispatched?: true;
  readonly received?: true;
  readonly failed?: true;
  readonly cancelled?: true;
  readonly settled?: true;
  readonly accepted?: number;
  readonly short?: number;
  readonly rejected?: number;
  /** Units of the match still to be shipped. */
  readonly remaining?: number;
  readonly lines?: readonly ReceivedLine[];
};

export type ReceivedLine = { readonly lineId: string; readonly received: number; readonly short: number; readonly rejected: number; readonly accepted: number };

const upsert = batchInsert<Note>('shipments', [
  ['shipment_id', 'uuid', (n) => n.shipmentId], ['match_id', 'uuid', (n) => n.matchId], ['order_id', 'uuid', (n) => n.orderId],
  ['dispatched', 'boolean', (n) => n.dispatched === true], ['received', 'boolean', (n) => n.received === true], ['failed', 'boolean', (n) => n.failed === true],
  ['cancelled', 'boolean', (n) => n.cancelled === true], ['settled', 'boolean', (n) => n.settled === true],
  ['accepted', 'bigint', (n) => n.accepted ?? 0], ['short', 'bigint', (n) => n.short ?? 0], ['rejected', 'bigint', (n) => n.rejected ?? 0],
  ['remaining', 'bigint', (n) => n.remaining ?? null], ['lines', 'jsonb', (n) => json(n.lines ?? [])], ['parties', 'uuid[]', (n) => uuids([n.buyerId, n.sellerId])],
], `on conflict (shipment_id) do update set
  dispatched = shipments.dispatched or excluded.dispatched, received = shipments.received or excluded.received, failed = shipments.failed or excluded.failed,
  cancelled = shipments.cancelled or excluded.cancelled, settled = shipments.settled or excluded.settled,
  accepted = case when excluded.received then excluded.accepted else shipments.accepted end, short = case when excluded.received then excluded.short else shipments.short end,
  rejected = case when excluded.received then excluded.rejected else shipments.rejected end, remaining = coalesce(excluded.remaining, shipments.remaining),
  lines = case when excluded.received then excluded.lines else shipments.lines end`);

/** Writes down what a batch of facts says of their shipments. */
export const noteShipments = async (tx: Tx, notes: readonly Note[]): Promise<void> => {
  // One statement may not touch a row twice: what the batch says of one shipment is put together first.
  const together = new Map<string, Note>();
  for (const note of notes) together.set(note.shipmentId, { ...together.get(note.shipmentId), ...note });
  const sorted = [...together.values()].sort((a, b) => (a.shipmentId < b.shipmentId ? -1 : 1));
  if (sorted.length > 0) await tx.run(upsert.text, upsert.values(sorted));
};
