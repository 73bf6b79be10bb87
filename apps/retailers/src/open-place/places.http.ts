import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { fold, newId, normalise } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, cursorOf, done, Fraction, OneOf, page, pageOf, PageQuery, read, refusalTable, Replies, reply, Text, Uuid, valuesOf, write } from '@peyvand/platform';
import { z } from 'zod';
import type { NetworkPlace } from '../domain/place.js';
import { explained } from '../fault-words.js';
import { faulty, networkNotFound } from '../refusals.js';
import { listPlaces } from '../store/place.store.js';
import { open } from './open-place.js';

export class OpenPlaceBody {
  @Uuid({ optional: true }) id?: string;
  @OneOf(['store', 'distribution-centre']) kind: NetworkPlace['kind'];
  @Text({ max: 120 }) name: string;
  @Text({ max: 40, description: 'The network’s own code of the place' }) code: string;
  @Text({ max: 20, optional: true }) gln?: string;
  @Text({ max: 20, optional: true }) postalCode?: string;
  @Text({ max: 80 }) city: string;
  @Text({ max: 80 }) province: string;
  @Fraction({ min: -90, max: 90 }) latitude: number;
  @Fraction({ min: -180, max: 180 }) longitude: number;
}

export class PlacesQuery extends PageQuery {
  @Text({ max: 100, optional: true, description: 'Part of a name, code or city, however it is spelled' }) q?: string;
}

const OwnPlace = reply.place.extend({
  networkId: reply.uuid, kind: z.enum(['store', 'distribution-centre']), name: reply.text, code: reply.text.describe('The network’s own code of the place'), gln: reply.text.optional(), postalCode: reply.text.optional(),
}).meta({ id: 'OwnPlace' });

const refusals = refusalTable({
  'network-not-found': networkNotFound,
  'place-faulty': faulty,
  'place-exists': [409, 'مکانی با این شناسه، کد یا GLN هست. کد دیگری بدهید یا همان مکان را به کار ببرید.', 'There is a place with this id, code or GLN. Give another code or use that place.'],
});

@Controller('api/retailers/places')
export class PlacesHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('buyer', 'approver')
  @Replies(z.object({ placeId: reply.uuid }), { refusals })
  open(@Body() { id, gln, postalCode, kind, name, code, city, province, latitude, longitude }: OpenPlaceBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const outcome = await open(tx, {
        id: id ?? newId(), networkId: caller.party, kind, name, code: normalise(code), city, province, latitude, longitude, ...(gln !== undefined && { gln }), ...(postalCode !== undefined && { postalCode }),
      });
      return outcome.ok ? done({ placeId: outcome.place.id }) : explained(outcome, caller.locale);
    });
  }

  /** The network's own places. */
  @Get()
  @Allow('buyer', 'approver', 'storekeeper', 'signatory')
  @Replies(pageOf(OwnPlace))
  async list(@Query() query: PlacesQuery, @Caller() caller: Caller) {
    const limit = query.limit ?? 50;
    const after = query.cursor === undefined ? undefined : valuesOf(query.cursor, z.tuple([z.uuid()]))[0];
    const found = await read(this.source, caller, (tx) => listPlaces(tx, caller.party, fold(query.q ?? ''), after, limit + 1));
    const last = found[limit - 1];
    return page(found.slice(0, limit).map(({ id: placeId, ...place }) => ({ placeId, ...place })), found.length > limit && last !== undefined ? cursorOf([last.id]) : undefined);
  }
}
