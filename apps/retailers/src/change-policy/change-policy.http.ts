import { Body, Controller, Param, Patch } from '@nestjs/common';
import { rials } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, ListOf, refusalTable, Replies, reply, Rials, Whole, write } from '@peyvand/platform';
import { z } from 'zod';
import { networkNotFound, policyRefusals } from '../refusals.js';
import { DatedRateBody, ratesOf } from '../register-network/register-network.http.js';
import { change } from './change-policy.js';

export class ChangePolicyBody {
  @ListOf(() => DatedRateBody, { max: 200, optional: true, description: 'Rates to add, from today on' }) costOfFunds?: DatedRateBody[];
  @Rials({ optional: true, description: '0 makes every award need an approver' }) automaticAwardUpTo?: string;
  @Whole({ min: 1, optional: true, description: 'The revision you looked at; the change is refused when the policy is past it' }) revision?: number;
}

export const Policy = z.object({
  costOfFunds: z.array(z.object({ from: reply.day, rate: reply.rate })).describe('By day; a rate is in force until the next one’s day'),
  automaticAwardUpTo: reply.rials.optional().describe('Awards up to this need no approver; absent: every award needs one'),
  revision: reply.whole,
}).meta({ id: 'Policy' });

const refusals = refusalTable({ ...policyRefusals, 'network-not-found': networkNotFound });

@Controller('api/retailers')
export class ChangePolicyHttp {
  constructor(private readonly source: Source) {}

  @Patch(':id/policy')
  @Allow('approver')
  @Replies(Policy.extend({ networkId: reply.uuid }), { refusals })
  change(@Param('id') id: string, @Body() { costOfFunds, automaticAwardUpTo, revision }: ChangePolicyBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const outcome = await change(tx, id, {
        ...(costOfFunds !== undefined && { costOfFunds: ratesOf(costOfFunds) }), ...(automaticAwardUpTo !== undefined && { automaticAwardUpTo: rials(automaticAwardUpTo) }), ...(revision !== undefined && { seen: revision }),
      });
      return outcome.ok ? done(outcome.policy) : outcome;
    });
  }
}
