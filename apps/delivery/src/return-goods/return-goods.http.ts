import { Body, Controller, Param, Post } from '@nestjs/common';
import { newId, refuse } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, done, ListOf, refusalTable, Replies, reply, Text, Uuid, Whole, write } from '@peyvand/platform';
import { returnGoods } from '../domain/credit-note.js';
import { invoiceNotFound, lineFaults } from '../refusals.js';
import { CreditNote } from '../list-invoices/invoice-reply.js';
import { taxErrands } from '../send-to-tax/errand.js';
import { creditNotesOf, insertCreditNote, lockInvoice } from '../store/invoice.store.js';

export class ReturnedLine {
  @Uuid() lineId: string;
  @Whole({ min: 1, max: 1_000_000_000 }) quantity: number;
}
export class ReturnBody {
  @ListOf(() => ReturnedLine, { min: 1 }) lines: ReturnedLine[];
  @Text({ max: 200, example: 'return' }) reason: string;
}

const refusals = refusalTable({
  ...invoiceNotFound, ...lineFaults,
  'not-yours-to-return': [403, 'تنها خریدار کالا را برمی‌گرداند. با حساب خریدار وارد شوید.', 'Only the buyer returns goods. Sign in for the buyer.'],
  'invoice-not-approved': [409, 'صورتحساب هنوز تأیید نشده است (وضع: {state}). پیش از تأیید، مردودی را در رسید بنویسید یا اختلاف ثبت کنید.', 'The invoice is not approved yet (it is {state}). Until then reject goods in the receipt or raise a dispute.'],
  'returned-more-than-invoiced': [422, 'از قلم {lineId} تنها {returnable} واحد دیگر برگشت‌پذیر است. مقدار را کم کنید.', 'Of line {lineId} only {returnable} more can be returned. Send less.'],
});

@Controller('api/delivery/invoices')
export class ReturnGoodsHttp {
  constructor(private readonly source: Source) {}

  @Post(':id/returns') @Allow('buyer', 'storekeeper', 'producer') @Replies(CreditNote.extend({ invoiceId: reply.uuid }), { refusals }) giveBack(@Param('id') id: string, @Body() body: ReturnBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => giveBack(tx, caller, id, body));
  }
}

const giveBack = async (tx: Tx, caller: Caller, id: string, body: ReturnBody) => {
  // Locked, so that two returns at once cannot both fit into what is left.
  const stored = await lockInvoice(tx, id);
  if (stored === undefined) return refuse('invoice-not-found');
  const decision = returnGoods(stored.invoice, await creditNotesOf(tx, id), { by: caller.party, id: newId(), lines: body.lines.map(({ lineId, quantity }) => ({ lineId, quantity })), reason: body.reason });
  if (!decision.ok) return decision;
  await insertCreditNote(tx, decision.state, stored.invoice);
  await tx.schedule(taxErrands([{ id: decision.state.id, sellerId: stored.invoice.sellerId }], tx.now, 'return'));
  await tx.publish(decision.events);
  const { id: creditNoteId, ...note } = decision.state;
  return done({ creditNoteId, ...note });
};
