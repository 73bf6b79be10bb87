import { Controller, Param, Post } from '@nestjs/common';
import { refuse } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, done, refusalTable, Replies, write } from '@peyvand/platform';
import { DeliveryConfig } from '../delivery.config.js';
import { approveInvoice, type Approver } from '../domain/invoice.js';
import { Invoice } from '../list-invoices/invoice-reply.js';
import { invoiceView } from '../list-invoices/invoice-view.js';
import { invoiceNotFound } from '../refusals.js';
import { endWait, waitForNextStep } from '../on-overdue/wait.js';
import { isMaker } from '../seats.js';
import { openDisputes } from '../store/dispute.store.js';
import { lockInvoice, updateInvoice } from '../store/invoice.store.js';
import { lockShipment } from '../store/shipment.store.js';
import { checkVersion } from '../version.js';

const refusals = refusalTable({
  ...invoiceNotFound,
  'not-yours-to-approve': [403, 'تنها دفتر خریدار صورتحساب را تأیید می‌کند. با حساب خریدار وارد شوید.', 'Only the buyer’s office approves an invoice. Sign in for the buyer.'],
  'invoice-not-matched': [409, 'این صورتحساب با سفارش و رسید نمی‌خواند (وضع: {state}). فروشنده باید آن را جایگزین کند.', 'This invoice does not agree with order and receipt (it is {state}). The seller has to replace it.'],
  'already-approved': [409, 'این صورتحساب پیش‌تر تأیید شده است و تأیید برگشت ندارد.', 'This invoice is approved already, and approval cannot be taken back.'],
  'dispute-open': [409, 'بر سر این محموله اختلافی باز است. پیش از تأیید آن را پایان دهید.', 'A dispute over this shipment is open. End it before approving.'],
  'maker-needed': [403, 'نخست کارشناس خرید باید صورتحساب را بررسی کند. از او بخواهید.', 'A buyer has to check the invoice first. Ask one to do so.'],
  'checker-needed': [403, 'این صورتحساب بررسی شده است و تأیید آن با تأییدکننده است. از او بخواهید.', 'The invoice is checked; an approver has to approve it. Ask one to do so.'],
  'same-person': [403, 'بررسی‌کننده و تأییدکننده یک نفر نمی‌شوند. فرد دیگری باید تأیید کند.', 'Who checked may not approve. Another person has to.'],
});

@Controller('api/delivery/invoices')
export class ApproveInvoiceHttp {
  constructor(private readonly source: Source, private readonly config: DeliveryConfig) {}

  @Post(':id/approve') @Allow('buyer', 'approver', 'producer') @Replies(Invoice, { status: 200, refusals, ifMatch: true }) approve(@Param('id') id: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => approve(tx, caller, id, this.config.graceDays));
  }
}

const approve = async (tx: Tx, caller: Caller, id: string, graceDays: number) => {
  const stored = await lockInvoice(tx, id);
  if (stored === undefined) return refuse('invoice-not-found');
  checkVersion(caller, stored.version);
  // A dispute raised at this moment is either seen here or waits until the debt is certain.
  await lockShipment(tx, stored.invoice.shipmentId);
  const decision = approveInvoice(stored.invoice, approverOf(caller), await openDisputes(tx, stored.invoice.shipmentId), tx.now);
  if (!decision.ok) return decision;
  await updateInvoice(tx, { invoice: decision.state, version: stored.version });
  const { shipmentId, status } = decision.state;
  await (status === 'approved' ? endWait(tx, shipmentId) : waitForNextStep(tx, [shipmentId], graceDays));
  await tx.publish(decision.events);
  return done(invoiceView({ invoice: decision.state, version: stored.version + 1 }));
};

const approverOf = (caller: Caller): Approver => ({ party: caller.party, subject: caller.subject, maker: isMaker(caller), checker: caller.roles.includes('approver') });
