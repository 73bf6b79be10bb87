import { StepOverdue } from '@peyvand/contracts';
import type { Day } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { pendingStep } from '../domain/pending-step.js';
import { acceptedUnits } from '../domain/receipt.js';
import { disputesOf } from '../store/dispute.store.js';
import { standingInvoices } from '../store/invoice.store.js';
import { findReceipt } from '../store/receipt.store.js';
import { lockShipment } from '../store/shipment.store.js';
import { waitForNextStep } from './wait.js';

/** Tells both sides whose turn it is at a shipment, and waits again; without a word where nothing is waited for any more. */
export const tellOverdue = async (tx: Tx, shipmentId: string, since: Day, graceDays: number): Promise<void> => {
  const shipment = (await lockShipment(tx, shipmentId))?.shipment;
  if (shipment === undefined) return;
  const [receipt, [invoice], disputes] = [await findReceipt(tx, shipmentId), await standingInvoices(tx, shipmentId), await disputesOf(tx, shipmentId)];
  const dispute = disputes.find(({ status }) => status === 'open');
  const pending = pendingStep(shipment, {
    accepted: receipt === undefined ? 0 : acceptedUnits(receipt),
    ...(invoice === undefined ? {} : { invoice: { id: invoice.invoice_id, status: invoice.status } }), ...(dispute === undefined ? {} : { dispute }),
  });
  if (pending === undefined) return;
  const { orderId, matchId, buyerId, sellerId } = shipment;
  await tx.publish(StepOverdue.of({ orderId, matchId, shipmentId, buyerId, sellerId, ...pending, since }));
  await waitForNextStep(tx, [shipmentId], graceDays, since);
};
