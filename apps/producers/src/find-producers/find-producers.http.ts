import { Controller, Get, Param, Query } from '@nestjs/common';
import { fold, isUuid } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, cursorOf, Everyones, page, pageOf, PageQuery, read, Replies, reply, Text, valuesOf } from '@peyvand/platform';
import { z } from 'zod';
import { licenceKinds, licenceStates } from '../domain/licence.js';
import { producerKinds, sites, type Producer } from '../domain/producer.js';
import { signedIn } from '../signed-in.js';
import { licencesOf } from '../store/licence.store.js';
import { findParticulars, findProducer, producerColumns, producerOf, type ProducerRow } from '../store/producer.store.js';

export class FindProducersQuery extends PageQuery {
  @Text({ max: 100, optional: true, description: 'A park’s id or part of its name' }) park?: string;
  @Text({ max: 80, optional: true }) city?: string;
  @Text({ max: 100, optional: true, description: 'Part of a name or place, however it is spelled' }) q?: string;
}

export const Standing = z.union([
  z.object({ status: z.literal('registered') }),
  z.object({ status: z.literal('verified'), licence: z.enum(licenceKinds), until: reply.day }),
  z.object({ status: z.literal('suspended'), reason: z.enum(['licence-expired', 'licence-withdrawn', 'by-operator']) }),
]).meta({ id: 'Standing', description: 'Whether the producer may be matched' });

const Profile = z.object({
  producerId: reply.uuid, kind: z.enum(producerKinds), name: reply.bilingual, place: reply.place, site: z.enum(sites), parkId: reply.uuid.optional(), small: reply.flag, standing: Standing,
}).meta({ id: 'Producer' });

const Licence = z.object({
  licenceId: reply.uuid, kind: z.enum(licenceKinds), number: reply.text, state: z.enum(licenceStates), validUntil: reply.day,
  reason: reply.text.optional().describe('Why its issuer refused it'), endedOn: reply.day.optional(),
}).meta({ id: 'Licence' });

@Controller('api/producers')
export class FindProducersHttp {
  constructor(private readonly source: Source) {}

  @Get()
  @Allow(...signedIn)
  @Replies(pageOf(Profile))
  async find(@Query() query: FindProducersQuery, @Caller() caller: Caller) {
    const limit = query.limit ?? 50;
    const after = query.cursor === undefined ? undefined : valuesOf(query.cursor, z.tuple([z.uuid()]))[0];
    const found = await read(this.source, caller, (tx) => search(tx, query, after, limit + 1));
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return page(items.map(profile), found.length > limit && last !== undefined ? cursorOf([last.id]) : undefined);
  }

  /** The public profile; to the producer itself and the operator also what is secret. */
  @Get(':id')
  @Everyones('a public profile; what is secret in it only the producer gets')
  @Allow(...signedIn)
  @Replies(Profile.extend({ nationalId: reply.text.optional(), sheba: reply.text.optional(), phone: reply.text.optional(), postalCode: reply.text.optional(), licences: z.array(Licence).optional() }))
  one(@Param('id') id: string, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const producer = await findProducer(tx, id);
      if (producer === undefined) return undefined;
      // Row security hides these from anyone else.
      const [particulars, licences] = [await findParticulars(tx, id), await licencesOf(tx, id)];
      return particulars === undefined ? profile(producer) : { ...profile(producer), ...particulars, licences: licences.map(({ id: licenceId, version: _version, producerId: _producer, ...licence }) => ({ licenceId, ...licence })) };
    });
  }
}

const search = async (tx: Tx, { park, city, q }: FindProducersQuery, after: string | undefined, limit: number): Promise<Producer[]> =>
  (await tx.sql<ProducerRow>(`
    select ${producerColumns} from producers
    where ($1::uuid is null or id > $1)
      and ($2::uuid is null or park_id = $2)
      and ($3::text is null or park_id in (select id from parks where strpos(folded, $3) > 0))
      and ($4::text is null or folded_city = $4)
      and ($5::text is null or strpos(folded, $5) > 0)
    order by id limit $6`, [
    after ?? null, park !== undefined && isUuid(park) ? park : null, park !== undefined && !isUuid(park) ? fold(park) : null,
    city === undefined ? null : fold(city), q === undefined ? null : fold(q), limit])).map(producerOf);

const profile = ({ id: producerId, version: _version, blocked: _blocked, ...producer }: Producer) => ({ producerId, ...producer });
