import { Body, Controller, Param, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, Text, write } from '@peyvand/platform';
import { orderRefusals } from '../order-refusals.js';
import { cancelOrder } from './cancel-order.js';

export class CancelOrderBody {
  @Text({ max: 200, example: 'season-over' }) reason: string;
}

@Controller('api/orders')
export class CancelOrderHttp {
  constructor(private readonly source: Source) {}

  @Post(':id/cancel')
  @Allow('buyer', 'producer')
  cancel(@Param('id') id: string, @Body() body: CancelOrderBody, @Caller() caller: Caller) {
    return write(this.source, caller, orderRefusals, async (tx) => {
      const cancelled = await cancelOrder(tx, id, body.reason);
      return cancelled.ok ? done({ orderId: id, releasedMatches: cancelled.releasedMatches, standingMatches: cancelled.standingMatches }, { status: 200 }) : cancelled;
    });
  }
}
