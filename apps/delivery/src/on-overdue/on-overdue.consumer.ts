import { Controller } from '@nestjs/common';
import { newId } from '@peyvand/kernel';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { DeliveryConfig } from '../delivery.config.js';
import { notCounted, openDispute } from '../domain/dispute.js';
import { insertDispute, openDisputes } from '../store/dispute.store.js';
import { findShipment } from '../store/shipment.store.js';
import { endDelivery } from './end-delivery.js';
import { tellOverdue } from './step-overdue.js';
import { waitForNextStep, type Waiting } from './wait.js';

/** What was waited for did not come. A step taken in the meantime makes the deadline void. */
@Controller()
export class OnOverdue {
  constructor(private readonly config: DeliveryConfig) {}

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
    await waitForNextStep(tx, [due.key], this.config.graceDays);
    await tx.publish(events);
  }

  /** Nothing can be done in a party's stead: neither an invoice nor its approval is the platform's to give. Both sides hear whose turn it is, again and again. */
  @OnDeadline('delivery/step-by') async stepMissed({ key, data: { since } }: Due<Waiting>, tx: Tx): Promise<void> {
    await tellOverdue(tx, key, since, this.config.graceDays);
  }
}
