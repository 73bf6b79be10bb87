import { Body, Controller, Post } from '@nestjs/common';
import { day, newId, rials } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, CivilDay, done, ListOf, Nested, refusalTable, Replies, reply, Rials, Text, Uuid, Whole, write } from '@peyvand/platform';
import { z } from 'zod';
import type { DatedRate } from '../domain/policy.js';
import { explained } from '../fault-words.js';
import { faulty, policyRefusals } from '../refusals.js';
import { registerNetwork } from './register-network.js';

export class NetworkName {
  @Text({ max: 120 }) fa: string;
  @Text({ max: 120 }) en: string;
}

export class DatedRateBody {
  @CivilDay() from: string;
  @Whole({ min: 0, max: 100_000, description: 'Yearly, in hundredths of a per cent: 2300 = 23 %' }) rate: number;
}

export class RegisterNetworkBody {
  @Uuid({ optional: true }) id?: string;
  @Nested(() => NetworkName) name: NetworkName;
  @Text({ max: 30, description: 'Shenase melli (11 digits)' }) nationalId: string;
  @ListOf(() => DatedRateBody, { min: 1, max: 200 }) costOfFunds: DatedRateBody[];
  @Rials({ optional: true, description: 'Awards up to this need no approver; left out, every award needs one' }) automaticAwardUpTo?: string;
}

const refusals = refusalTable({
  ...policyRefusals,
  'network-faulty': faulty,
  'network-exists': [409, 'این شناسه یا شناسهٔ ملی پیش‌تر ثبت شده است. همان شبکه را به کار ببرید.', 'This id or national id is registered already. Use that network.'],
});

@Controller('api/retailers')
export class RegisterNetworkHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('operator')
  @Replies(z.object({ networkId: reply.uuid, revision: reply.whole.describe('Of the policy') }), { refusals })
  register(@Body() { id, name, nationalId, costOfFunds, automaticAwardUpTo }: RegisterNetworkBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const outcome = await registerNetwork(tx, {
        id: id ?? newId(), name, nationalId, costOfFunds: ratesOf(costOfFunds), ...(automaticAwardUpTo !== undefined && { automaticAwardUpTo: rials(automaticAwardUpTo) }),
      });
      return outcome.ok ? done({ networkId: outcome.networkId, revision: outcome.revision }) : explained(outcome, caller.locale);
    });
  }
}

export const ratesOf = (rates: readonly DatedRateBody[]): DatedRate[] => rates.map(({ from, rate }) => ({ from: day(from), rate }));
