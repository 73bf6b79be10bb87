import { Body, Controller, Get, Put } from '@nestjs/common';
import { refuse } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, Code, done, OneOf, read, refusalTable, Replies, reply, type ReplyOf, write } from '@peyvand/platform';
import { z } from 'zod';
import { endInvoicing, invoicingPrefixes, keepInvoicing } from '../store/standing.store.js';

export class StandingInvoicingBody {
  @OneOf(['on-receipt', 'by-hand']) invoice: 'on-receipt' | 'by-hand';
  @Code({ optional: true, pattern: /^[A-Za-z0-9]{1,12}$/, description: 'What the numbers of these invoices begin with', example: 'GMK' }) prefix?: string;
}

const Standing = z.object({ invoice: z.enum(['on-receipt', 'by-hand']), prefix: reply.text.optional() }).meta({ id: 'StandingInvoicing' });

const refusals = refusalTable({
  'prefix-needed': [422, 'برای صدور خودکار صورتحساب، prefix لازم است. پیشوند شمارهٔ صورتحساب‌های خود را بنویسید.', 'Invoices on receipt need a prefix. Say what their numbers begin with.'],
});

/** A seller's standing word: what the buyer has counted is invoiced at once, for the accepted quantities at the agreed price. */
@Controller('api/delivery/standing-invoicing')
@Allow('producer')
export class StandingInvoicingHttp {
  constructor(private readonly source: Source) {}

  @Put()
  @Replies(Standing, { refusals })
  set(@Body() { invoice, prefix }: StandingInvoicingBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      if (invoice === 'by-hand') await endInvoicing(tx, caller.party);
      else if (prefix === undefined) return refuse('prefix-needed');
      else await keepInvoicing(tx, caller.party, prefix);
      return done(await shown(tx, caller.party));
    });
  }

  @Get()
  @Replies(Standing)
  own(@Caller() caller: Caller) {
    return read(this.source, caller, (tx) => shown(tx, caller.party));
  }
}

const shown = async (tx: Tx, sellerId: string): Promise<ReplyOf<typeof Standing>> => {
  const prefix = (await invoicingPrefixes(tx, [sellerId])).get(sellerId);
  return prefix === undefined ? { invoice: 'by-hand' } : { invoice: 'on-receipt', prefix };
};
