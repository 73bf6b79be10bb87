import { Controller, Get, Param, Query } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, cursorOf, page, pageOf, PageQuery, read, Replies, valuesOf } from '@peyvand/platform';
import { z } from 'zod';
import { Offer, shown } from '../publish-offer/offer-body.js';
import { findOffer, listOffers } from '../store/offer.store.js';

@Controller('api/producers/offers')
export class ListOffersHttp {
  constructor(private readonly source: Source) {}

  /** The producer's own offers, newest first. */
  @Get()
  @Allow('producer')
  @Replies(pageOf(Offer))
  async list(@Query() query: PageQuery, @Caller() caller: Caller) {
    const limit = query.limit ?? 50;
    const before = query.cursor === undefined ? undefined : valuesOf(query.cursor, z.tuple([z.uuid()]))[0];
    const found = await read(this.source, caller, (tx) => listOffers(tx, caller.party, before, limit + 1));
    const last = found[limit - 1];
    return page(found.slice(0, limit).map(shown), found.length > limit && last !== undefined ? cursorOf([last.id]) : undefined);
  }

  @Get(':id')
  @Allow('producer')
  @Replies(Offer)
  one(@Param('id') id: string, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const offer = await findOffer(tx, id, caller.party);
      return offer && shown(offer);
    });
  }
}
