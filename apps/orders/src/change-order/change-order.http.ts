import { Body, Controller, Param, Patch } from '@nestjs/common';
import type { FillPolicy } from '@peyvand/contracts';
import type { Day } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, CivilDay, done, Flag, ListOf, Nested, OneOf, Replies, reply, Rials, Uuid, Uuids, Whole, write } from '@peyvand/platform';
import { z } from 'zod';
import type { LineChange } from '../domain/change-order.js';
import type { Grade } from '../domain/order.js';
import { orderRefusals } from '../order-refusals.js';
import { faultWords, substituteWords } from '../submit-order/new-order.js';
import { TermsBody } from '../submit-order/submit-order.body.js';
import { changeOrderLines } from './change-order.js';

export class LineChangeBody {
  @Uuid() lineId: string;
  @Whole({ min: 1, max: 1_000_000_000, optional: true, description: 'Not below what is matched' }) quantity?: number;
  @CivilDay({ optional: true }) neededBy?: Day;
  @Rials({ optional: true }) priceCeiling?: string;
  @Nested(() => TermsBody, { optional: true }) terms?: TermsBody;
  @OneOf(['A', 'B', 'C'], { optional: true }) minimumGrade?: Grade;
  @OneOf(['partial', 'all-or-none', 'back-order'], { optional: true }) fillPolicy?: FillPolicy;
  @Uuids({ max: 50, optional: true, description: 'Variants that do as well, in order of preference' }) substitutes?: string[];
  @Uuids({ max: 200, optional: true }) approvedSellers?: string[];
  @Uuids({ max: 200, optional: true }) blockedSellers?: string[];
  @Whole({ min: 1, max: 1_000_000_000, optional: true, description: 'At least so many units are matched, or none' }) minimumFill?: number;
  @Whole({ min: 1, max: 1_000, optional: true, description: 'At most so many producers supply the line' }) maximumSuppliers?: number;
  @Whole({ min: 1, max: 100, optional: true, description: 'No producer supplies more than so many per cent of the line' }) shareCap?: number;
  @Uuids({ max: 200, optional: true, description: 'Producers in the order you like them; decides where the operator gives preference a premium' }) preferredSellers?: string[];
  @Flag({ optional: true, description: 'Producers that got nothing may learn a rounded band by which they missed this line; never a rival or a price' }) tellsLosers?: boolean;
}

export class ChangeOrderBody {
  @Whole({ min: 1, optional: true, description: 'The revision you saw; refused when the order has changed since' }) revision?: number;
  @ListOf(() => LineChangeBody, { min: 1, max: 500 }) lines: LineChangeBody[];
}

const words: Readonly<Record<string, readonly [string, string]>> = {
  ...substituteWords,
  'line-unknown': ['این سطر در سفارش نیست؛ شناسه را از همان سفارش بردارید.', 'This line is not part of the order; take the id from it.'],
  'quantity-below-matched': ['مقدار از آنچه تخصیص یافته کمتر است؛ بیشتر بنویسید یا سفارش را لغو کنید.', 'The quantity is below what is matched; raise it or cancel the order.'],
  'line-already-matched': ['این سطر یکسره تخصیص یافته است و دیگر تغییر نمی‌کند.', 'This line is matched in full and changes no more.'],
  'minimum-fill-above-quantity': faultWords['minimum-fill-above-quantity'],
  'needed-by-past': ['تاریخ نیاز گذشته است؛ امروز یا روزی پس از آن را بنویسید.', 'The needed-by day has passed; give today or a later day.'],
};

@Controller('api/orders')
export class ChangeOrderHttp {
  constructor(private readonly source: Source) {}

  @Patch(':id')
  @Allow('buyer', 'producer')
  @Replies(z.object({ orderId: reply.uuid, revision: reply.whole }), { refusals: orderRefusals })
  change(@Param('id') id: string, @Body() body: ChangeOrderBody, @Caller() caller: Caller) {
    return write(this.source, caller, orderRefusals, async (tx) => {
      const changed = await changeOrderLines(tx, id, body.lines.map(changeOf), body.revision);
      if (changed.ok) return done({ orderId: id, revision: changed.revision });
      const faults = (changed.details?.['errors'] ?? []) as { path: string; code: string }[];
      return faults.length === 0 ? changed : { ...changed, details: { errors: faults.map((fault) => ({ ...fault, message: words[fault.code]?.[caller.locale === 'fa' ? 0 : 1] ?? fault.code })) } };
    });
  }
}

/** A field that was not sent must not overwrite the line's. */
const changeOf = (body: LineChangeBody): LineChange => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as LineChange;
