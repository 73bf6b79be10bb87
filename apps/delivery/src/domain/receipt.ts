import { GoodsReceived, GoodsRejected, type NewFact } from '@peyvand/contracts';
import { accept, isoOf, refuse, type Decision, type Instant } from '@peyvand/kernel';
import { transportOf, type ReceivedShipment, type Shipment, type ShipmentUnderWay } from './shipment.js';

/** What the storekeeper says of one line. `rejected` is part of `received`: counted, looked at and refused. */
export type CountedLine = { readonly lineId: string; readonly received: number; readonly rejected: number; readonly reason?: string };

/** sent = received + short; accepted = received − rejected. */
export type ReceiptLine = CountedLine & { readonly variantId: string; readonly sent: number; readonly short: number; readonly accepted: number };

/** A receipt opens the invoice and undertakes nothing: it is the storekeeper's word, not the buyer's office's. */
export type Receipt = { readonly id: string; readonly shipmentId: string; readonly receivedAt: Instant; readonly lines: readonly ReceiptLine[] };

export type ReceiptRefusal =
  | 'not-yours-to-receive' | 'shipment-not-under-way' | 'line-unknown' | 'line-twice' | 'line-not-counted' | 'received-more-than-sent' | 'rejected-more-than-received' | 'rejection-needs-reason';

/**
 * Counts a shipment, dispatched or arrived (a carrier may forget to say that it is there). Every line must be counted, even with 0.
 * `remaining`: units of the match planned or under way on other shipments.
 */
export const receiveShipment = (
  shipment: Shipment, by: string, counted: readonly CountedLine[], given: { receiptId: string; now: Instant; remaining: number },
): Decision<{ shipment: ReceivedShipment; receipt: Receipt }, NewFact, ReceiptRefusal> => {
  if (by !== shipment.buyerId) return refuse('not-yours-to-receive');
  if (shipment.status !== 'dispatched' && shipment.status !== 'arrived') return refuse('shipment-not-under-way', { state: shipment.status });
  const count = countLines(shipment, counted);
  if (!count.ok) return count;
  const receipt: Receipt = { id: given.receiptId, shipmentId: shipment.id, receivedAt: given.now, lines: count.state };
  const received: ReceivedShipment = { ...shipment, status: 'received', receivedAt: given.now };
  return accept({ shipment: received, receipt }, ...facts(shipment, receipt, given.remaining));
};

export const acceptedUnits = (receipt: Receipt): number => receipt.lines.reduce((sum, line) => sum + line.accepted, 0);

const countLines = (shipment: ShipmentUnderWay, counted: readonly CountedLine[]): Decision<ReceiptLine[], never, ReceiptRefusal> => {
  const counts = new Map(counted.map((line) => [line.lineId, line]));
  if (counts.size < counted.length) return refuse('line-twice');
  const stranger = counted.find((line) => !shipment.lines.some((sent) => sent.lineId === line.lineId));
  if (stranger !== undefined) return refuse('line-unknown', { lineId: stranger.lineId });
  const lines: ReceiptLine[] = [];
  for (const { lineId, variantId, quantity: sent } of shipment.lines) {
    const count = counts.get(lineId);
    if (count === undefined) return refuse('line-not-counted', { lineId });
    const { received, rejected, reason } = count;
    // Goods beyond the despatch note belong to nobody's purchase order: they go back with the driver.
    if (received > sent) return refuse('received-more-than-sent', { lineId, sent, received });
    if (rejected > received) return refuse('rejected-more-than-received', { lineId, received, rejected });
    if (rejected > 0 && reason === undefined) return refuse('rejection-needs-reason', { lineId });
    lines.push({ lineId, variantId, sent, received, short: sent - received, rejected, accepted: received - rejected, ...(reason === undefined ? {} : { reason }) });
  }
  return accept(lines);
};

const facts = (shipment: Shipment, receipt: Receipt, remaining: number): NewFact[] => {
  const of = { ...transportOf(shipment), receiptId: receipt.id };
  const rejected = receipt.lines.filter((line) => line.rejected > 0).map((line) => ({ lineId: line.lineId, quantity: line.rejected, reason: line.reason ?? '' }));
  const received = GoodsReceived.of({ ...of, receivedAt: isoOf(receipt.receivedAt), lines: [...receipt.lines], remaining });
  return rejected.length === 0 ? [received] : [received, GoodsRejected.of({ ...of, lines: rejected })];
};
