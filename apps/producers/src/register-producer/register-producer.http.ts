import { Body, Controller, Post } from '@nestjs/common';
import { newId, normalise } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, Code, done, Flag, Fraction, Nested, OneOf, refusalTable, Replies, reply, Text, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { producerKinds, sites, type ProducerKind, type Site } from '../domain/producer.js';
import { explained } from '../fault-words.js';
import { faulty } from '../refusals.js';
import { register } from './register-producer.js';

export class BilingualName {
  @Text({ max: 120 }) fa: string;
  @Text({ max: 120 }) en: string;
}

export class PlaceBody {
  @Uuid({ optional: true }) placeId?: string;
  @Text({ max: 80 }) city: string;
  @Text({ max: 80 }) province: string;
  @Fraction({ min: -90, max: 90 }) latitude: number;
  @Fraction({ min: -180, max: 180 }) longitude: number;
}

export class RegisterProducerBody {
  @Uuid({ optional: true }) id?: string;
  @OneOf(producerKinds) kind: ProducerKind;
  @Nested(() => BilingualName) name: BilingualName;
  @Text({ max: 30, description: 'Shenase melli (11 digits); of a guild unit the owner’s kod-e melli (10 digits)' }) nationalId: string;
  @Text({ max: 40, optional: true }) sheba?: string;
  @Code({ pattern: /^\+?\d{8,15}$/, optional: true }) phone?: string;
  @Text({ max: 20, optional: true }) postalCode?: string;
  @Nested(() => PlaceBody) place: PlaceBody;
  @OneOf(sites) site: Site;
  @Uuid({ optional: true, description: 'The park it stands in, from GET /api/producers/parks' }) parkId?: string;
  @Flag({ description: 'Small by the law’s count of workers: buyers may favour it' }) small: boolean;
}

const refusals = refusalTable({
  'producer-faulty': faulty,
  'park-not-found': [422, 'چنین شهرکی در فهرست نیست. parkId را از فهرست شهرک‌ها بردارید یا ننویسید.', 'There is no such park. Take parkId from the list of parks or leave it out.'],
  'producer-exists': [409, 'این شناسه یا شناسهٔ ملی پیش‌تر ثبت شده است. همان تولیدکننده را به کار ببرید.', 'This id or national id is registered already. Use that producer.'],
});

@Controller('api/producers')
export class RegisterProducerHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('operator')
  @Replies(z.object({ producerId: reply.uuid, placeId: reply.uuid, status: z.enum(['registered', 'verified', 'suspended']) }), { refusals })
  register(@Body() body: RegisterProducerBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const outcome = await register(tx, told(body));
      if (!outcome.ok) return explained(outcome, caller.locale);
      const { id: producerId, place: { placeId }, standing: { status } } = outcome.producer;
      return done({ producerId, placeId, status });
    });
  }
}

const told = ({ id, kind, name, nationalId, sheba, phone, postalCode, place, site, parkId, small }: RegisterProducerBody) => ({
  id: id ?? newId(), kind, name: { fa: name.fa, en: name.en }, site, small, ...(parkId !== undefined && { parkId }),
  place: { placeId: place.placeId ?? newId(), city: normalise(place.city), province: normalise(place.province), latitude: place.latitude, longitude: place.longitude },
  particulars: { nationalId, ...(sheba !== undefined && { sheba }), ...(phone !== undefined && { phone }), ...(postalCode !== undefined && { postalCode }) },
});
