import { Body, Controller, Get, Put } from '@nestjs/common';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, done, OneOf, read, refusalTable, Replies, write } from '@peyvand/platform';
import { z } from 'zod';
import type { StandingSale } from '../domain/standing-instructions.js';
import { keepStandingSale, standingSales } from '../store/standing.store.js';

export class StandingSaleBody {
  @OneOf(['on-approval', 'by-hand'], { description: 'on-approval: paper is drawn as soon as the invoice is approved, where the terms call for paper' }) draw: StandingSale['draw'];
  @OneOf(['best-at-once', 'best-at-close', 'by-hand'], { description: 'Which bid is taken: the best of those that stand when bidding opens, the best at the end of the window, or the one you choose' }) choose: StandingSale['choose'];
}

const Standing = z.object({ draw: z.enum(['on-approval', 'by-hand']), choose: z.enum(['best-at-once', 'best-at-close', 'by-hand']) }).meta({ id: 'StandingSale' });

/** A seller's standing word on its paper to come. It is taken at once only where the bank vouches for the seller's account. */
@Controller('api/financing/standing-sale')
@Allow('producer')
export class StandingSaleHttp {
  constructor(private readonly source: Source) {}

  @Put()
  @Replies(Standing)
  set(@Body() body: StandingSaleBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusalTable({}), async (tx) => {
      await keepStandingSale(tx, { sellerId: caller.party, ...body });
      return done(await shown(tx, caller.party));
    });
  }

  @Get()
  @Replies(Standing)
  own(@Caller() caller: Caller) {
    return read(this.source, caller, (tx) => shown(tx, caller.party));
  }
}

const shown = async (tx: Tx, sellerId: string) => {
  const { draw, choose } = (await standingSales(tx, [sellerId])).get(sellerId) ?? { draw: 'by-hand', choose: 'by-hand' };
  return { draw, choose };
};
