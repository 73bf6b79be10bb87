import { Body, Controller, Param, Post } from '@nestjs/common';
import { dayOf, refuse } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, done, OneOf, refusalTable, Replies, reply, Text, write } from '@peyvand/platform';
import { z } from 'zod';
import { react, type BuyersWord } from '../domain/tax-document.js';
import { taxSide } from '../list-invoices/invoice-reply.js';
import { taxView } from '../list-invoices/tax-view.js';
import { invoiceNotFound } from '../refusals.js';
import { findInvoice } from '../store/invoice.store.js';
import { lockTaxDocument, updateTaxDocuments } from '../store/tax.store.js';
import { passOn } from './pass-on.consumer.js';

export class ReactionBody {
  @OneOf(['confirmed', 'rejected']) reaction: BuyersWord['reaction'];
  @Text({ max: 200, optional: true, description: 'Why it is rejected' }) reason?: string;
}

const refusals = refusalTable({
  ...invoiceNotFound,
  'not-yours-to-react': [403, 'تنها خریدار در سامانهٔ مؤدیان به صورتحساب واکنش نشان می‌دهد. با حساب خریدار وارد شوید.', 'Only the buyer reacts to an invoice in the tax system. Sign in for the buyer.'],
  'not-awaiting-reaction': [409, 'این صورتحساب در سامانهٔ مؤدیان در انتظار واکنش نیست (وضع: {state}).', 'This invoice does not wait for a reaction in the tax system (it is {state}).'],
  'reason-needed': [422, 'رد صورتحساب دلیل می‌خواهد. reason را بنویسید.', 'Rejecting an invoice needs a reason. Write one in reason.'],
});

/** The buyer's word to the tax office. It approves nothing and disputes nothing here: those have routes of their own. */
@Controller('api/delivery/invoices')
export class ReactToInvoiceHttp {
  constructor(private readonly source: Source) {}

  @Post(':id/tax-reaction') @Allow('approver') @Replies(z.object({ invoiceId: reply.uuid, ...taxSide }), { status: 200, refusals }) react(@Param('id') id: string, @Body() { reaction, reason }: ReactionBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => record(tx, caller, id, { reaction, ...(reason === undefined ? {} : { reason }) }));
  }
}

const record = async (tx: Tx, caller: Caller, id: string, word: BuyersWord) => {
  if ((await findInvoice(tx, id)) === undefined) return refuse('invoice-not-found');
  const document = await lockTaxDocument(tx, id);
  if (document === undefined) return refuse('not-awaiting-reaction', { state: 'not-sent' });
  const decision = react(document, caller.party, word, dayOf(tx.now));
  if (!decision.ok) return decision;
  await updateTaxDocuments(tx, [decision.state]);
  await tx.schedule({ kind: passOn, key: id, dueAt: tx.now, data: { taxId: decision.state.taxId, ...word } });
  return done({ invoiceId: id, ...taxView(decision.state) });
};
