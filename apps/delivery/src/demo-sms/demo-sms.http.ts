import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { OneOf, problem, Public, Replies, reply, Uuid } from '@peyvand/platform';
import { z } from 'zod';
import { DeliveryConfig } from '../delivery.config.js';
import { behaviours, readOutbox, setBehaviour, type Behaviour } from '../store/sms-outbox.store.js';

export class OutboxQuery {
  @Uuid({ description: 'A place or a party' }) to: string;
}
export class BehaviourBody {
  @OneOf(behaviours) mode: Behaviour;
}

const Message = z.object({
  to: z.object({ partyId: reply.uuid, placeId: reply.uuid, phone: reply.text.optional() }), text: reply.text, code: reply.text.optional(), shipmentId: reply.uuid.optional(), sentAt: reply.moment,
});

/** The storekeeper's phone in a demonstration; elsewhere these addresses do not exist. */
@Controller('api/delivery/demo/sms')
export class DemoSmsHttp {
  constructor(private readonly source: Source, private readonly config: DeliveryConfig) {}

  @Get() @Public() @Replies(z.object({ items: z.array(Message) })) async outbox(@Query() query: OutboxQuery) {
    this.onlyInDemo();
    return { items: await readOutbox(this.source, query.to) };
  }

  @Put() @Public() @Replies(z.object({ mode: z.enum(behaviours) })) async behave(@Body() body: BehaviourBody) {
    this.onlyInDemo();
    await setBehaviour(this.source, body.mode);
    return { mode: body.mode };
  }

  private onlyInDemo(): void {
    if (!this.config.demo) throw problem('route-not-found');
  }
}
