import { Body, Controller, Get, Post } from '@nestjs/common';
import { newId, normalise, refuse } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, Fraction, Nested, OneOf, page, pageOf, read, refusalTable, Replies, reply, Text, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { sites, type Site } from '../domain/producer.js';
import { BilingualName } from '../register-producer/register-producer.http.js';
import { signedIn } from '../signed-in.js';
import { insertPark, listParks, type Park } from '../store/park.store.js';

export class OpenParkBody {
  @Uuid({ optional: true }) id?: string;
  @Nested(() => BilingualName) name: BilingualName;
  @OneOf(sites.filter((site) => site !== 'none')) site: Site;
  @Text({ max: 80 }) city: string;
  @Text({ max: 80 }) province: string;
  @Fraction({ min: -90, max: 90 }) latitude: number;
  @Fraction({ min: -180, max: 180 }) longitude: number;
}

const ListedPark = z.object({ parkId: reply.uuid, name: reply.bilingual, site: z.enum(sites), city: reply.text, province: reply.text, latitude: reply.number, longitude: reply.number }).meta({ id: 'Park' });

const refusals = refusalTable({ 'park-exists': [409, 'شهرکی با این شناسه هست. شناسهٔ تازه بدهید یا آن را بردارید.', 'There is a park with this id. Give a fresh id or leave it out.'] });

@Controller('api/producers/parks')
export class ParksHttp {
  constructor(private readonly source: Source) {}

  @Get()
  @Allow(...signedIn)
  @Replies(pageOf(ListedPark))
  async list(@Caller() caller: Caller) {
    return page((await read(this.source, caller, listParks)).map(({ id: parkId, ...park }) => ({ parkId, ...park })));
  }

  @Post()
  @Allow('operator')
  @Replies(z.object({ parkId: reply.uuid }), { refusals })
  open(@Body() { id, name, site, city, province, latitude, longitude }: OpenParkBody, @Caller() caller: Caller) {
    const park: Park = { id: id ?? newId(), name: { fa: normalise(name.fa), en: normalise(name.en) }, site, city: normalise(city), province: normalise(province), latitude, longitude };
    return write(this.source, caller, refusals, async (tx) => ((await insertPark(tx, park)) ? done({ parkId: park.id }) : refuse('park-exists')));
  }
}
