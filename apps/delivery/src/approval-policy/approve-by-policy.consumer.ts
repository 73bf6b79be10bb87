import { Controller } from '@nestjs/common';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { approveByPolicy } from '../domain/approval-policy.js';
import { endWait } from '../on-overdue/wait.js';
import { openDisputes } from '../store/dispute.store.js';
import { lockInvoice, updateInvoice } from '../store/invoice.store.js';
import { lockShipment } from '../store/shipment.store.js';
import { policiesInForce } from '../store/standing.store.js';

/** An invoice that its seller issued by hand is looked up in the buyer's policy at once; what the policy does not cover waits for people. */
@Controller()
export class ApproveByPolicy {
  @OnDeadline('delivery/approve-by-policy')
  async approve({ key: invoiceId }: Due, tx: Tx): Promise<void> {
    const stored = await lockInvoice(tx, invoiceId);
    if (stored === undefined) return;
    const { invoice, version } = stored;
    await lockShipment(tx, invoice.shipmentId);
    const policy = (await policiesInForce(tx, [invoice.buyerId])).get(invoice.buyerId);
    const decision = approveByPolicy(invoice, policy, (await openDisputes(tx, invoice.shipmentId)) > 0, tx.now);
    if (!decision.ok) return;
    await updateInvoice(tx, { invoice: decision.state, version });
    await endWait(tx, invoice.shipmentId);
    await tx.publish(decision.events);
  }
}
