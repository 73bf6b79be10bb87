import { Body, Controller, Param, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, Replies, reply, Text, write } from '@peyvand/platform';
import { z } from 'zod';
import { orderRefusals } from '../order-refusals.js';
import { cancelOrder } from './cancel-order.js';

export class CancelOrderBody {
  @Text({ max: 200, example: 'season-over' }) reason: string;
}

const Cancelled = z.object({ orderId: reply.uuid, releasedMatches: z.array(reply.uuid), standingMatches: z.array(reply.uuid).describe('Their goods have left: they are received and paid') });

@Controller('api/orders')
export class CancelOrderHttp {
  constructor(private readonly source: Source) {}

  @Post(':id/cancel')
  @Allow('buyer', 'producer')
  @Replies(Cancelled, { status: 200, refusals: orderRefusals })
  cancel(@Param('id') id: string, @Body() body: CancelOrderBody, @Caller() caller: Caller) {
    return write(this.source, caller, orderRefusals, async (tx) => {
      const cancelled = await cancelOrder(tx, id, body.reason);
      return cancelled.ok ? done({ orderId: id, releasedMatches: cancelled.releasedMatches, standingMatches: cancelled.standingMatches }) : cancelled;
    });
  }
}
