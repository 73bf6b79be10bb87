import { Body, Controller, Param, Post } from '@nestjs/common';
import { rials } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, ListOf, Nested, refusalTable, Replies, Rials, Text, Uuid, Whole, write } from '@peyvand/platform';
import { DeliveryConfig } from '../delivery.config.js';
import type { StatedLine } from '../domain/invoice.js';
import { invoiceNotFound, lineFaults, shipmentNotFound } from '../refusals.js';
import { Invoice } from '../list-invoices/invoice-reply.js';
import { issue, replace, type Paper } from './issue-invoice.js';

export class PriceBody {
  @Rials() amount: string;
  @Whole({ min: 1, max: 1_000_000_000, description: 'Units that the amount is for' }) per: number;
}
export class InvoiceLineBody {
  @Uuid() lineId: string;
  @Whole({ max: 1_000_000_000, optional: true, description: 'The accepted quantity when absent' }) quantity?: number;
  @Nested(() => PriceBody, { optional: true, description: 'The purchase order’s price when absent' }) price?: PriceBody;
  @Rials({ optional: true }) amount?: string;
  @Rials({ optional: true }) vat?: string;
}
export class InvoiceBody {
  @Uuid({ optional: true }) id?: string;
  @Text({ max: 60, description: 'The seller’s own number, used once', example: 'GMK-1405-118' }) invoiceNumber: string;
  @ListOf(() => InvoiceLineBody, { min: 1, optional: true, description: 'All accepted goods at the purchase order’s prices when absent' }) lines?: InvoiceLineBody[];
}

const refusals = refusalTable({
  ...shipmentNotFound, ...invoiceNotFound, ...lineFaults,
  'not-yours-to-invoice': [403, 'تنها فروشندهٔ این محموله صورتحساب می‌دهد. با حساب فروشنده وارد شوید.', 'Only the seller of this shipment invoices it. Sign in as the seller.'],
  'not-received-yet': [409, 'کالای این محموله هنوز شمرده نشده است (وضع: {state}). پس از رسید انبار صورتحساب بدهید.', 'The goods have not been counted yet (the shipment is {state}). Invoice them after the receipt.'],
  'nothing-accepted': [409, 'از این محموله چیزی پذیرفته نشده است و صورتحسابی ندارد. اگر شمارش را درست نمی‌دانید اختلاف ثبت کنید.', 'Nothing of this shipment was accepted, so there is nothing to invoice. Raise a dispute if the count is wrong.'],
  'already-invoiced': [409, 'این محموله صورتحساب دارد. اگر با رسید نمی‌خواند همان را جایگزین کنید.', 'This shipment has an invoice. Replace that one if it does not agree.'],
  'invoice-number-used': [409, 'این شمارهٔ صورتحساب (با هر املایی) پیش‌تر به کار رفته است. شمارهٔ تازه بدهید.', 'This invoice number was used before, in whatever spelling. Give a new number.'],
  'invoice-number-empty': [422, 'شمارهٔ صورتحساب دست‌کم یک حرف یا رقم می‌خواهد. شماره را بنویسید.', 'An invoice number needs a letter or digit. Write the number.'],
  'worth-too-much': [422, 'جمع این صورتحساب بیش از ۲۰۰ میلیون میلیارد ریال است. مبلغ‌ها و تعدادها را درست کنید؛ شاید صفری زیاد است.', 'This invoice adds up to more than 2 × 10^17 rials. Mend its amounts and quantities; perhaps there is a zero too many.'],
  'tax-category-unknown': [409, 'گروه مالیاتی کالای {variantId} هنوز به اینجا نرسیده است. اندکی بعد دوباره بفرستید.', 'The tax category of product {variantId} is not known here yet. Try again shortly.'],
  'invoice-not-discrepant': [409, 'تنها صورتحسابی که مغایرت دارد جایگزین می‌شود (وضع: {state}).', 'Only an invoice that disagreed is replaced (this one is {state}).'],
});

@Controller('api/delivery')
export class IssueInvoiceHttp {
  constructor(private readonly source: Source, private readonly config: DeliveryConfig) {}

  @Post('shipments/:id/invoice') @Allow('producer') @Replies(Invoice, { refusals }) issue(@Param('id') id: string, @Body() body: InvoiceBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => issue(tx, caller, id, paperOf(body), this.config.graceDays));
  }

  @Post('invoices/:id/replace') @Allow('producer') @Replies(Invoice, { refusals, ifMatch: true }) replace(@Param('id') id: string, @Body() body: InvoiceBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => replace(tx, caller, id, paperOf(body), this.config.graceDays));
  }
}

const paperOf = ({ id, invoiceNumber, lines }: InvoiceBody): Paper => ({
  invoiceNumber, ...(id === undefined ? {} : { id }), ...(lines === undefined ? {} : { lines: lines.map(statedLine) }),
});

const statedLine = ({ lineId, quantity, price, amount, vat }: InvoiceLineBody): StatedLine => ({
  lineId,
  ...(quantity === undefined ? {} : { quantity }),
  ...(price === undefined ? {} : { price: { amount: price.amount, per: price.per } }),
  ...(amount === undefined ? {} : { amount: rials(amount) }),
  ...(vat === undefined ? {} : { vat: rials(vat) }),
});
