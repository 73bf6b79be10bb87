import { Body, Controller, Param, Post } from '@nestjs/common';
import { day, newId, refuse } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, CivilDay, done, OneOf, refusalTable, Replies, reply, Text, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { licenceKinds, licenceStates, type LicenceKind } from '../domain/licence.js';
import { producerNotFound } from '../refusals.js';
import { applyForLicence } from './apply-for-licence.js';

export class ApplyForLicenceBody {
  @Uuid({ optional: true }) id?: string;
  @OneOf(licenceKinds) kind: LicenceKind;
  @Text({ max: 60 }) number: string;
  @CivilDay() validUntil: string;
}

const refusals = refusalTable({
  'producer-not-found': producerNotFound,
  'licence-held': [409, 'این پروانه پیش‌تر ثبت شده یا در دست استعلام است. شمارهٔ درست پروانهٔ خود را وارد کنید.', 'This licence is registered already or is being asked about. Type the number of your own licence.'],
});

@Controller('api/producers')
export class ApplyForLicenceHttp {
  constructor(private readonly source: Source) {}

  /** The issuer is asked afterwards; its answer shows on the producer and as ProducerVerified. */
  @Post(':id/licences')
  @Allow('operator', 'producer')
  @Replies(z.object({ licenceId: reply.uuid, state: z.enum(licenceStates) }), { refusals })
  apply(@Param('id') id: string, @Body() body: ApplyForLicenceBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      // The public profile is everybody's to read, so row security alone would not tell a stranger's application apart.
      if (!caller.roles.includes('operator') && caller.party !== id) return refuse('producer-not-found');
      const outcome = await applyForLicence(tx, { id: body.id ?? newId(), producerId: id, kind: body.kind, number: body.number, validUntil: day(body.validUntil) });
      return outcome.ok ? done({ licenceId: outcome.licence.id, state: outcome.licence.state }) : outcome;
    });
  }
}
