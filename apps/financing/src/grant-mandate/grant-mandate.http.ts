import { Body, Controller, Post } from '@nestjs/common';
import { newId } from '@peyvand/kernel';
import { Source, type Tx } from '@peyvand/messaging';
import { Allow, Caller, CivilDay, done, Rials, Text, Uuid, write } from '@peyvand/platform';
import type { Day, Money } from '@peyvand/kernel';
import { refusals } from '../financing.refusals.js';

export class MandateBody {
  @Uuid({ optional: true, description: 'The party it is given for; the caller’s own when left out. Only an operator names another' }) partyId?: string;
  @Text({ max: 255, description: 'Who may sign, as the identity provider names them' }) subject: string;
  @Rials({ min: '1', description: 'Up to this amount per signature' }) ceiling: string;
  @CivilDay() validUntil: string;
}

/** A signing mandate stands behind every signature on paper: who, up to how much, until when. */
@Controller('api/financing/mandates')
export class GrantMandateHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('approver', 'operator')
  grant(@Body() body: MandateBody, @Caller() caller: Caller) {
    const partyId = caller.roles.includes('operator') ? (body.partyId ?? caller.party) : caller.party;
    return write(this.source, caller, refusals, async (tx) => {
      const mandateId = newId();
      await tx.run('insert into mandates (mandate_id, party_id, subject, ceiling, valid_until, parties) values ($1, $2, $3, $4, $5, array[$2::uuid])',
        [mandateId, partyId, body.subject, body.ceiling, body.validUntil]);
      return done({ mandateId });
    });
  }
}

/** Does this person sign for the party up to that amount on that day? */
export const mandateOf = async (tx: Tx, party: string, subject: string, face: Money, on: Day): Promise<'ok' | 'no-mandate' | 'above-mandate'> => {
  const [row] = await tx.sql<{ ceiling: string | null }>('select max(ceiling)::text as ceiling from mandates where party_id = $1 and subject = $2 and valid_until >= $3', [party, subject, on]);
  if (row?.ceiling == null) return 'no-mandate';
  return BigInt(row.ceiling) >= face ? 'ok' : 'above-mandate';
};
