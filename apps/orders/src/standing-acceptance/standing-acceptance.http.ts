import { Body, Controller, Get, Put } from '@nestjs/common';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, done, OneOf, read, refusalTable, Replies, reply, type ReplyOf, Rials, write } from '@peyvand/platform';
import { refuse } from '@peyvand/kernel';
import { z } from 'zod';
import { endStandingAcceptance, keepStandingAcceptance, standingAcceptances } from '../store/standing-acceptance.store.js';

export class StandingAcceptanceBody {
  @OneOf(['automatic', 'by-hand']) accept: 'automatic' | 'by-hand';
  @Rials({ optional: true, min: '1', description: 'Goods of one purchase order up to this are accepted; everything when left out' }) upTo?: string;
}

const Standing = z.object({ accept: z.enum(['automatic', 'by-hand']), upTo: reply.rials.optional() });

const refusals = refusalTable({
  'ceiling-without-acceptance': [422, 'سقف تنها با accept=automatic معنا دارد. upTo را بردارید یا accept را automatic کنید.', 'A ceiling only goes with accept=automatic. Leave upTo out, or accept automatically.'],
});

/** A producer's standing word on purchase orders to come; those already issued are answered as before. */
@Controller('api/orders/standing-acceptance')
@Allow('producer')
export class StandingAcceptanceHttp {
  constructor(private readonly source: Source) {}

  @Put()
  @Replies(Standing, { refusals })
  set(@Body() { accept, upTo }: StandingAcceptanceBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      if (accept === 'by-hand' && upTo !== undefined) return refuse('ceiling-without-acceptance');
      if (accept === 'by-hand') await endStandingAcceptance(tx, caller.party);
      else await keepStandingAcceptance(tx, { sellerId: caller.party, ...(upTo === undefined ? {} : { upTo }) });
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
  const word = (await standingAcceptances(tx, [sellerId])).get(sellerId);
  return { accept: word === undefined ? 'by-hand' : 'automatic', ...(word?.upTo === undefined ? {} : { upTo: word.upTo }) };
};
