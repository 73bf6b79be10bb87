import { Body, Controller, Param, Post } from '@nestjs/common';
import type { PartyId } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, refusalsOf, Replies, reply, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { refusals } from '../financing.refusals.js';
import { endorseToSupplierOf } from './endorse-to-supplier.js';

export class EndorseBody {
  @Uuid({ description: 'The supplier that is paid with the paper, at face' }) toProducerId: string;
  @Uuid({ optional: true, description: 'The case of the debt that it pays; none when the debt lies outside the platform' }) settlesCaseId?: string;
}

const endorsing = refusalsOf(refusals, 'case-not-found', 'already-under-lien', 'payment-under-way', 'antedated', 'not-the-holder',
  'already-the-holder', 'after-maturity', 'under-lien', 'too-early-for-electronic', 'never-held-it', 'not-accepted', 'party-to-the-trade',
  'not-endorsable', 'no-paper', 'debt-not-found', 'face-above-debt', 'not-due', 'more-than-owed', 'amount-not-positive', 'amount-out-of-range');

@Controller('api/financing/cases')
export class EndorseToSupplierHttp {
  constructor(private readonly source: Source) {}

  /** The holder pays its own supplier with the paper instead of selling it: that is how a chain is financed without a bank. */
  @Post(':id/endorse')
  @Allow('producer')
  @Replies(z.object({ caseId: reply.uuid, holderId: reply.uuid }), { status: 200, refusals: endorsing })
  endorse(@Param('id') caseId: string, @Body() body: EndorseBody, @Caller() caller: Caller) {
    return write(this.source, caller, endorsing, async (tx) => {
      const endorsed = await endorseToSupplierOf(tx, caller.party, { caseId, toId: body.toProducerId as PartyId, ...(body.settlesCaseId === undefined ? {} : { settlesCaseId: body.settlesCaseId }) });
      return endorsed.ok ? done({ caseId, holderId: body.toProducerId }) : endorsed;
    });
  }
}
