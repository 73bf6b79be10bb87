import { Body, Controller, Param, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, Code, done, ListOf, refusalTable, Replies, reply, Text, Uuid, Whole, write } from '@peyvand/platform';
import { z } from 'zod';
import { bulkItem } from '../bulk-answer.js';
import { DeliveryConfig } from '../delivery.config.js';
import { lineFaults, shipmentNotFound, shipmentNotUnderWay } from '../refusals.js';
import { ReceiptLine } from './receipt-line.js';
import { countTries, receiveGoods, type Received, type ReceiveRefusal } from './receive-goods.js';

export class CountedLineBody {
  @Uuid() lineId: string;
  @Whole({ max: 1_000_000_000, description: 'Units that came, the rejected ones among them' }) received: number;
  @Whole({ max: 1_000_000_000 }) rejected: number;
  @Text({ max: 200, optional: true, description: 'Needed where something is rejected', example: 'stitching' }) reason?: string;
}
export class ReceiptBody {
  @Code({ pattern: /^\d{6}$/, description: 'One-time code of this shipment', example: '482913' }) code: string;
  @ListOf(() => CountedLineBody, { min: 1, description: 'Every line of the shipment' }) lines: CountedLineBody[];
}
export class BulkReceipt extends ReceiptBody {
  @Uuid() shipmentId: string;
}
export class BulkReceiptsBody {
  @ListOf(() => BulkReceipt, { min: 1, max: 1_000 }) receipts: BulkReceipt[];
}

const refusals = refusalTable<ReceiveRefusal>({
  ...shipmentNotFound, ...shipmentNotUnderWay, ...lineFaults,
  'shipment-twice': [422, 'این محموله در همین درخواست دو بار آمده است. هر محموله را یک بار بفرستید.', 'This shipment is told twice in one request. Send each shipment once.'],
  'not-yours-to-receive': [403, 'تنها انباردار خریدار کالای این محموله را می‌شمارد. با حساب او وارد شوید.', 'Only the buyer’s storekeeper counts this shipment. Sign in as the storekeeper.'],
  'receipt-code-not-sent': [409, 'کد رسید این محموله هنوز فرستاده نشده است. اندکی صبر کنید یا کد تازه بخواهید.', 'The receipt code of this shipment has not been sent yet. Wait a moment or ask for a new one.'],
  'receipt-code-wrong': [422, 'کد رسید درست نیست؛ {attemptsLeft} بار دیگر می‌توانید بکوشید. کد را از پیامک همین محموله بردارید.', 'The receipt code is wrong; {attemptsLeft} tries are left. Take the code from the message for this very shipment.'],
  'receipt-code-locked': [423, 'پس از پنج کد نادرست، این کد قفل شده است. با «کد تازه» کد دیگری بخواهید.', 'After five wrong tries this code is locked. Ask for a new code.'],
  'receipt-code-expired': [410, 'مهلت این کد گذشته است. با «کد تازه» کد دیگری بخواهید.', 'This code is too old. Ask for a new code.'],
  'line-not-counted': [422, 'قلم {lineId} شمرده نشده است. همهٔ قلم‌ها را بنویسید، حتی با صفر.', 'Line {lineId} is not counted. Give every line, even with 0.'],
  'received-more-than-sent': [422, 'برای قلم {lineId} مقدار رسیده ({received}) بیش از فرستاده ({sent}) است. افزوده را نپذیرید و مقدار را درست کنید.', 'For line {lineId}, {received} came where {sent} were sent. Send the surplus back and mend the number.'],
  'rejected-more-than-received': [422, 'برای قلم {lineId} مردودی ({rejected}) بیش از رسیده ({received}) است. مقدارها را درست کنید.', 'For line {lineId}, {rejected} are rejected where {received} came. Mend the numbers.'],
  'rejection-needs-reason': [422, 'برای مردودی قلم {lineId} دلیلی ننوشته‌اید. reason را بنویسید.', 'There is no reason for what is rejected of line {lineId}. Fill in reason.'],
});

const Counted = z.object({
  receiptId: reply.uuid, shipmentId: reply.uuid, status: z.literal('received'), lines: z.array(ReceiptLine), remaining: reply.whole.describe('Units of the match planned or under way on other shipments'),
}).meta({ id: 'Receipt' });
const items = z.array(z.union([Counted.extend({ ok: z.literal(true) }), reply.refused.extend({ shipmentId: reply.uuid })]));

@Controller('api/delivery')
export class ReceiveGoodsHttp {
  constructor(private readonly source: Source, private readonly config: DeliveryConfig) {}

  @Post('shipments/:id/receipt') @Allow('storekeeper', 'producer') @Replies(Counted, { refusals }) async receive(@Param('id') id: string, @Body() body: ReceiptBody, @Caller() caller: Caller) {
    const count = { ...body, shipmentId: id };
    await countTries(this.source, caller, [count]);
    return write(this.source, caller, refusals, async (tx) => {
      const [outcome] = await receiveGoods(tx, caller, [count], this.config.graceDays);
      if (outcome === undefined) throw new Error('A receipt came back without an outcome');
      return outcome.ok ? done(view(outcome.state)) : outcome;
    });
  }

  /** For a warehouse system that posts many at once: each receipt stands or falls by itself. */
  @Post('receipts') @Allow('storekeeper', 'producer') @Replies(z.object({ received: reply.whole, refused: reply.whole, items }), { status: 200 }) async receiveMany(@Body() { receipts }: BulkReceiptsBody, @Caller() caller: Caller) {
    await countTries(this.source, caller, receipts);
    return write(this.source, caller, refusalTable({}), async (tx) => {
      const outcomes = await receiveGoods(tx, caller, receipts, this.config.graceDays);
      const items = outcomes.map((outcome, i) => bulkItem(outcome, { shipmentId: receipts[i]?.shipmentId }, refusals, caller, view));
      const received = outcomes.filter(({ ok }) => ok).length;
      return done({ received, refused: items.length - received, items });
    });
  }
}

const view = ({ shipment, receipt, remaining }: Received) => ({ receiptId: receipt.id, shipmentId: shipment.id, status: shipment.status, lines: receipt.lines, remaining });
