import { Body, Controller, Post } from '@nestjs/common';
import { FunderRegistered } from '@peyvand/contracts';
import { newId, parseSheba, refuse } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, OneOf, refusalsOf, Replies, reply, Text, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { refusals } from '../financing.refusals.js';

export class RegisterFunderBody {
  @Uuid({ optional: true, description: 'Its party id; made when left out' }) id?: string;
  @OneOf(['bank', 'factor']) kind: 'bank' | 'factor';
  @Text({ max: 120 }) name: string;
  @Text({ max: 40, description: 'The account it pays from' }) sheba: string;
}

const registering = refusalsOf(refusals, 'account-not-valid', 'already-registered');

@Controller('api/financing/funders')
export class RegisterFunderHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('operator')
  @Replies(z.object({ funderId: reply.uuid }), { refusals: registering })
  register(@Body() body: RegisterFunderBody, @Caller() caller: Caller) {
    return write(this.source, caller, registering, async (tx) => {
      const sheba = parseSheba(body.sheba);
      if (!sheba.ok) return refuse('account-not-valid', { fault: sheba.reason });
      const funderId = body.id ?? newId();
      const inserted = await tx.run(
        'insert into funders (party_id, kind, name, sheba, parties) values ($1, $2, $3, $4, array[$1::uuid]) on conflict do nothing', [funderId, body.kind, body.name, sheba.value]);
      if (inserted === 0) return refuse('already-registered');
      await tx.publish(FunderRegistered.of({ funderId, kind: body.kind }));
      return done({ funderId });
    });
  }
}
