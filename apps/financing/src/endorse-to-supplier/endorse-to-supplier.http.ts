import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import type { PartyId } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, Uuid, write } from '@peyvand/platform';
import { refusals } from '../financing.refusals.js';
import { endorseToSupplierOf } from './endorse-to-supplier.js';

export class EndorseBody {
  @Uuid({ description: 'The supplier that is paid with the paper, at face' }) toProducerId: string;
  @Uuid({ optional: true, description: 'The case of the debt that it pays; none when the debt lies outside the platform' }) settlesCaseId?: string;
}

@Controller('api/financing/cases')
export class EndorseToSupplierHttp {
  constructor(private readonly source: Source) {}

  /** The holder pays its own supplier with the paper instead of selling it: that is how a chain is financed without a bank. */
  @Post(':id/endorse')
  @HttpCode(200)
  @Allow('producer')
  endorse(@Param('id') caseId: string, @Body() body: EndorseBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const endorsed = await endorseToSupplierOf(tx, caller.party, { caseId, toId: body.toProducerId as PartyId, ...(body.settlesCaseId === undefined ? {} : { settlesCaseId: body.settlesCaseId }) });
      return endorsed.ok ? done({ caseId, holderId: body.toProducerId }, { status: 200 }) : endorsed;
    });
  }
}
