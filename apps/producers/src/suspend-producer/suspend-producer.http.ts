import { Controller, Param, Post } from '@nestjs/common';
import type { Refused } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, refusalTable, Replies, reply, write } from '@peyvand/platform';
import { z } from 'zod';
import type { Producer } from '../domain/producer.js';
import { Standing } from '../find-producers/find-producers.http.js';
import { producerNotFound } from '../refusals.js';
import { withdrawLicence } from '../withdraw-licence/withdraw-licence.js';
import { reinstateProducer, suspendProducer } from './suspend-producer.js';

const refusals = refusalTable({
  'producer-not-found': producerNotFound,
  'producer-suspended-already': [409, 'این تولیدکننده هم‌اکنون به دستور گرداننده تعلیق است. کاری لازم نیست.', 'The operator has suspended this producer already. Nothing is left to do.'],
  'producer-not-held': [409, 'این تولیدکننده به دستور گرداننده تعلیق نشده است. اگر پروانه‌اش پایان یافته، پروانهٔ تازه ثبت کنید.', 'The operator has not suspended this producer. If its licence ended, register a new one.'],
  'licence-not-found': [404, 'این تولیدکننده چنین پروانه‌ای ندارد. شناسه را بازبینی کنید.', 'This producer has no such licence. Check the id.'],
  'licence-not-confirmed': [409, 'این پروانه در وضعیت تأییدشده نیست و پس گرفتن ندارد. وضعیت آن را در پروندهٔ تولیدکننده ببینید.', 'This licence is not confirmed, so there is nothing to withdraw. See its state on the producer.'],
});

const Settled = z.union(Standing.options.map((standing) => standing.extend({ producerId: reply.uuid }))).meta({ id: 'SettledStanding' });

@Controller('api/producers')
export class SuspendProducerHttp {
  constructor(private readonly source: Source) {}

  @Post(':id/suspend')
  @Allow('operator')
  @Replies(Settled, { status: 200, refusals })
  suspend(@Param('id') id: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => replied(await suspendProducer(tx, id)));
  }

  @Post(':id/reinstate')
  @Allow('operator')
  @Replies(Settled, { status: 200, refusals })
  reinstate(@Param('id') id: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => replied(await reinstateProducer(tx, id)));
  }

  @Post(':id/licences/:licenceId/withdraw')
  @Allow('operator')
  @Replies(Settled, { status: 200, refusals })
  withdraw(@Param('id') id: string, @Param('licenceId') licenceId: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => replied(await withdrawLicence(tx, id, licenceId)));
  }
}

const replied = <K extends string>(outcome: { readonly ok: true; readonly producer: Producer } | Refused<K>) =>
  outcome.ok ? done({ producerId: outcome.producer.id, ...outcome.producer.standing }) : outcome;
