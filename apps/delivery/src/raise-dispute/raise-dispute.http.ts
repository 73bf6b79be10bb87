import { Body, Controller, Param, Post } from '@nestjs/common';
import { newId, refuse } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, done, refusalTable, Replies, reply, Text, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { DeliveryConfig } from '../delivery.config.js';
import { raiseDispute } from '../domain/dispute.js';
import { waitForNextStep } from '../on-overdue/wait.js';
import { shipmentNotFound } from '../refusals.js';
import { insertDispute, openDisputes } from '../store/dispute.store.js';
import { standingInvoices } from '../store/invoice.store.js';
import { lockShipment } from '../store/shipment.store.js';

export class DisputeBody {
  @Text({ max: 200, example: 'count' }) reason: string;
  @Uuid({ optional: true, description: 'Where the invoice is contested and not only the count' }) invoiceId?: string;
}

const Raised = z.object({ disputeId: reply.uuid, shipmentId: reply.uuid, status: z.enum(['open', 'settled']) });

const refusals = refusalTable({
  ...shipmentNotFound,
  'not-yours-to-dispute': [403, 'تنها خریدار و فروشنده اختلاف ثبت می‌کنند. با حساب یکی از آن دو وارد شوید.', 'Only buyer and seller may raise a dispute. Sign in as one of them.'],
  'not-received-yet': [409, 'هنوز چیزی برای اختلاف نیست (وضع: {state}). پس از رسیدن کالا ثبت کنید.', 'There is nothing to contest yet (the shipment is {state}). Raise it once the goods are there.'],
  'already-disputed': [409, 'بر سر این محموله اختلافی باز است. نخست آن را پایان دهید.', 'A dispute over this shipment is open already. End that one first.'],
  'invoice-not-of-shipment': [422, 'این صورتحساب از آنِ این محموله نیست. شناسهٔ صورتحساب را بازبینی کنید.', 'This invoice does not belong to this shipment. Check its id.'],
});

@Controller('api/delivery/shipments')
export class RaiseDisputeHttp {
  constructor(private readonly source: Source, private readonly config: DeliveryConfig) {}

  @Post(':id/disputes') @Allow('buyer', 'approver', 'storekeeper', 'producer') @Replies(Raised, { refusals }) raise(@Param('id') id: string, @Body() body: DisputeBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => raise(tx, caller, id, body, this.config.graceDays));
  }
}

const raise = async (tx: Tx, caller: Caller, id: string, { reason, invoiceId }: DisputeBody, graceDays: number) => {
  // Locked: one dispute at a time.
  const shipment = (await lockShipment(tx, id))?.shipment;
  if (shipment === undefined) return refuse('shipment-not-found');
  if (invoiceId !== undefined && !(await standingInvoices(tx, id)).some((invoice) => invoice.invoice_id === invoiceId)) return refuse('invoice-not-of-shipment');
  const decision = raiseDispute(shipment, await openDisputes(tx, id), caller.party, { id: newId(), reason, ...(invoiceId === undefined ? {} : { invoiceId }) });
  if (!decision.ok) return decision;
  await insertDispute(tx, decision.state);
  await waitForNextStep(tx, [id], graceDays);
  await tx.publish(decision.events);
  return done({ disputeId: decision.state.id, shipmentId: id, status: decision.state.status });
};
