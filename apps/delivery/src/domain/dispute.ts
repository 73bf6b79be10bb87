import { DisputeRaised, DisputeSettled, type NewFact } from '@peyvand/contracts';
import { accept, refuse, type Accepted, type Decision } from '@peyvand/kernel';
import type { Shipment } from './shipment.js';

export type DisputeOutcome = 'upheld' | 'dismissed' | 'withdrawn';
type Contest = {
  readonly id: string; readonly orderId: string; readonly matchId: string; readonly shipmentId: string; readonly buyerId: string; readonly sellerId: string;
  readonly raisedBy: string;
  readonly invoiceId?: string;
  readonly reason: string;
};
export type Dispute = Contest & ({ readonly status: 'open' } | { readonly status: 'settled'; readonly outcome: DisputeOutcome });

export type RaiseRefusal = 'not-yours-to-dispute' | 'not-received-yet' | 'already-disputed';

/** Buyer or seller contests what was counted or invoiced. One open dispute per shipment. */
export const raiseDispute = (
  shipment: Shipment, open: number, by: string, given: { id: string; reason: string; invoiceId?: string },
): Decision<Dispute, NewFact, RaiseRefusal> => {
  if (by !== shipment.buyerId && by !== shipment.sellerId) return refuse('not-yours-to-dispute');
  if (shipment.status !== 'received' && shipment.status !== 'failed' && shipment.status !== 'arrived') return refuse('not-received-yet', { state: shipment.status });
  if (open > 0) return refuse('already-disputed');
  return openDispute(shipment, by, given);
};

/** The reason of a dispute that the clock raised: goods stand at the door and nobody counts them. Counting them ends it. */
export const notCounted = 'not-counted';

/** A dispute the service itself opens in a party's name, when its clock has run out. */
export const openDispute = (shipment: Shipment, raisedBy: string, given: { id: string; reason: string; invoiceId?: string }): Accepted<Dispute, NewFact> => {
  const { orderId, matchId, buyerId, sellerId, id: shipmentId } = shipment;
  const { id, ...why } = given;
  const dispute: Dispute = { id, orderId, matchId, shipmentId, buyerId, sellerId, raisedBy, ...why, status: 'open' };
  return accept(dispute, DisputeRaised.of({ ...tradeOf(dispute), raisedBy, ...why }));
};

/** Who raised it may withdraw it, the other side may concede it (upheld), the operator decides either way. */
export const settleDispute = (dispute: Dispute, by: { party: string; operator: boolean }, outcome: DisputeOutcome): Decision<Dispute, NewFact, 'dispute-settled' | 'not-yours-to-settle'> => {
  if (dispute.status !== 'open') return refuse('dispute-settled', { outcome: dispute.outcome });
  const side = by.operator ? 'operator' : by.party === dispute.raisedBy ? 'raiser' : 'other';
  const may = { operator: ['upheld', 'dismissed', 'withdrawn'], raiser: ['withdrawn'], other: ['upheld'] }[side];
  if (!may.includes(outcome)) return refuse('not-yours-to-settle', { may });
  return accept({ ...dispute, status: 'settled', outcome }, DisputeSettled.of({ ...tradeOf(dispute), outcome }));
};

const tradeOf = ({ orderId, matchId, shipmentId, buyerId, sellerId, id }: Contest) => ({ orderId, matchId, shipmentId, buyerId, sellerId, disputeId: id });
