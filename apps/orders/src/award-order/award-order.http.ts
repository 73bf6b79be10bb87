import { Body, Controller, Param, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, OneOf, refusalTable, Replies, reply, write } from '@peyvand/platform';
import { z } from 'zod';
import { orderRefusals } from '../order-refusals.js';
import { awardOrder, type AwardRefusal } from './award-order.js';

export class AwardOrderBody {
  @OneOf(['approve', 'refuse']) decision: 'approve' | 'refuse';
}

const refusals = refusalTable<AwardRefusal>({
  'order-not-found': orderRefusals['order-not-found'],
  'nothing-to-award': [409, 'پیشنهادی برای ابلاغ در این سفارش نیست. وضعیت سفارش را بخوانید.', 'Nothing of this order waits for an award. Read its state.'],
  'award-by-submitter': [403, 'ثبت‌کنندهٔ سفارش نمی‌تواند آن را تأیید کند. شخص دیگری با نقش تأییدکننده باید تصمیم بگیرد.', 'Whoever submitted an order may not award it. Another person with the approver role has to decide.'],
});

@Controller('api/orders')
export class AwardOrderHttp {
  constructor(private readonly source: Source) {}

  @Post(':id/award')
  @Allow('approver')
  @Replies(z.object({ orderId: reply.uuid, decision: z.enum(['approve', 'refuse']), matchIds: z.array(reply.uuid) }), { status: 200, refusals })
  award(@Param('id') id: string, @Body() { decision }: AwardOrderBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const awarded = await awardOrder(tx, id, caller.subject, decision);
      return awarded.ok ? done({ orderId: id, decision, matchIds: awarded.matchIds }) : awarded;
    });
  }
}
