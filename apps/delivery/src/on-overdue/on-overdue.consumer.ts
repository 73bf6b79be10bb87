import { Controller } from '@nestjs/common';
import { newId } from '@peyvand/kernel';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { notCounted, openDispute } from '../domain/dispute.js';
import { insertDispute, openDisputes } from '../store/dispute.store.js';
import { findShipment } from '../store/shipment.store.js';
import { endDelivery } from './end-delivery.js';

/** What was waited for did not come. A step taken in the meantime makes the deadline void. */
@Controller()
export class OnOverdue {
  @OnDeadline('delivery/dispatch-by') async notDispatched(due: Due, tx: Tx): Promise<void> {
    await endDelivery(tx, due.key, 'not-dispatched');
  }

  @OnDeadline('delivery/arrive-by') async notArrived(due: Due, tx: Tx): Promise<void> {
    await endDelivery(tx, due.key, 'not-arrived');
  }

  /** Goods stand at the door and nobody counts them: neither side may lose by silence, so people must talk. */
  @OnDeadline('delivery/count-by') async notCounted(due: Due, tx: Tx): Promise<void> {
    const stored = await findShipment(tx, due.key);
    if (stored?.shipment.status !== 'arrived' || (await openDisputes(tx, due.key)) > 0) return;
    const { state, events } = openDispute(stored.shipment, stored.shipment.sellerId, { id: newId(), reason: notCounted });
    await insertDispute(tx, state);
    await tx.publish(events);
  }
}
