import { Body, Controller, Get, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, page, pageOf, read, refusalTable, Replies, reply, type ReplyOf, Text, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { registerCarrier } from './register-carrier.js';

export class RegisterCarrierBody {
  @Uuid({ optional: true }) id?: string;
  @Text({ max: 200, example: 'ترابری راه‌ابریشم زنجان' }) name: string;
}

const Carrier = z.object({ carrierId: reply.uuid, name: reply.text });

const refusals = refusalTable({
  'carrier-registered-before': [409, 'متصدی حملی با این شناسه پیش‌تر ثبت شده است. شناسهٔ دیگری بدهید یا آن را خالی بگذارید.', 'A carrier with this id is registered already. Give another id or leave it out.'],
});

@Controller('api/delivery/carriers')
export class RegisterCarrierHttp {
  constructor(private readonly source: Source) {}

  @Post() @Allow('operator') @Replies(Carrier.pick({ carrierId: true }), { refusals }) register(@Body() body: RegisterCarrierBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, (tx) => registerCarrier(tx, body));
  }

  @Get() @Allow('operator', 'producer', 'buyer', 'approver', 'storekeeper', 'carrier') @Replies(pageOf(Carrier)) list(@Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => page(await tx.sql<ReplyOf<typeof Carrier>>('select carrier_id as "carrierId", name from carriers order by name limit 1000')));
  }
}
