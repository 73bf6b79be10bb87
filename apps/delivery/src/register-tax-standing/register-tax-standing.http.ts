import { Body, Controller, Post } from '@nestjs/common';
import { day } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, CivilDay, done, Flag, refusalTable, Replies, reply, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { saveTaxRegistration } from '../store/reference.store.js';

export class TaxStandingBody {
  @Uuid() sellerId: string;
  @CivilDay({ description: 'From this day on' }) from: string;
  @Flag({ description: 'Whether the seller is registered for value added tax and may charge it' }) registered: boolean;
}

/** Dated, so that invoices of earlier days keep the tax of their day. */
@Controller('api/delivery/tax-standings')
export class RegisterTaxStandingHttp {
  constructor(private readonly source: Source) {}

  @Post() @Allow('operator') @Replies(z.object({ sellerId: reply.uuid, from: reply.day, registered: reply.flag })) register(@Body() { sellerId, from, registered }: TaxStandingBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusalTable({}), async (tx) => {
      await saveTaxRegistration(tx, sellerId, { from: day(from), registered });
      return done({ sellerId, from, registered });
    });
  }
}
