import { Body, Controller, Post } from '@nestjs/common';
import { day, refuse, rials, type PartyId } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, CivilDay, done, refusalsOf, Replies, reply, Rials, Text, Texts, Uuid, Whole, write } from '@peyvand/platform';
import { z } from 'zod';
import { refusals } from '../financing.refusals.js';
import { insertMandate } from '../store/mandates.store.js';

export class MandateBody {
  @Uuid({ optional: true, description: 'The party it is given for; the caller’s own when left out. Only an operator names another' }) partyId?: string;
  @Text({ optional: true, max: 255, description: 'The one who may sign, as the identity provider names them; `persons` for several' }) subject?: string;
  @Texts({ optional: true, max: 20, length: 255 }) persons?: string[];
  @Whole({ optional: true, min: 1, max: 20, description: 'How many of them must sign together; 1 when left out' }) together?: number;
  @Rials({ min: '1', description: 'Up to this amount per signature' }) ceiling: string;
  @CivilDay() validUntil: string;
}

const granting = refusalsOf(refusals, 'mandate-not-possible');

/** A signing mandate stands behind every signature on paper: who, how many together, up to how much, until when. */
@Controller('api/financing/mandates')
export class GrantMandateHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('approver', 'operator')
  @Replies(z.object({ mandateId: reply.uuid }), { refusals: granting })
  grant(@Body() body: MandateBody, @Caller() caller: Caller) {
    const partyId = caller.roles.includes('operator') ? ((body.partyId ?? caller.party) as PartyId) : caller.party;
    const persons = [...new Set([...(body.persons ?? []), ...(body.subject === undefined ? [] : [body.subject])])];
    const { together = 1 } = body;
    return write(this.source, caller, granting, async (tx) =>
      together > persons.length ? refuse('mandate-not-possible') : done({ mandateId: await insertMandate(tx, { partyId, persons, together, ceiling: rials(body.ceiling), validUntil: day(body.validUntil) }) }));
  }
}
