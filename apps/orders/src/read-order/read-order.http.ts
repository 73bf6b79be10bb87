import { Controller, Get, Param } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, read, Replies, withETag } from '@peyvand/platform';
import { Order, readOrder } from './read-order.js';

@Controller('api/orders')
export class ReadOrderHttp {
  constructor(private readonly source: Source) {}

  /** The buyer's own order: every line with where its units are and why, and every match. */
  @Get(':id')
  @Allow('buyer', 'approver', 'storekeeper', 'signatory', 'producer', 'operator')
  @Replies(Order, { etag: true })
  async read(@Param('id') id: string, @Caller() caller: Caller) {
    const order = await read(this.source, caller, (tx) => readOrder(tx, id));
    return withETag(order.revision, order);
  }
}
