import { Body, Controller, Get, Put } from '@nestjs/common';
import { isUuid } from '@peyvand/kernel';
import { Allow, Anything, OneOf, Problem, problem, Replies, reply, Running, Whole } from '@peyvand/platform';
import { z } from 'zod';
import { SimulatedBank, type Mood } from '../ports/simulated-bank.js';

export class MoodBody {
  @OneOf(['ok', 'refuse', 'slow', 'twice'], { optional: true }) payments?: Mood['payments'];
  @Whole({ optional: true, max: 60_000 }) delayMs?: number;
  @Anything({ optional: true, description: 'Debtors whose account is empty: {"<party id>": "refuse"}; replaces what was there' }) collections?: Record<string, unknown>;
  @Anything({ optional: true, description: 'Parties whose Sheba is another’s: {"<party id>": "refuse"}' }) accounts?: Record<string, unknown>;
}

const whoRefuse = z.record(z.string(), z.literal('refuse'));
const BankMood = z.object({ payments: z.enum(['ok', 'refuse', 'slow', 'twice']), delayMs: reply.whole, collections: whoRefuse, accounts: whoRefuse });

/** How the simulated bank behaves. There is no such route where the bank is real. */
@Controller('api/financing/demo/bank')
export class DemoBankHttp {
  constructor(private readonly bank: SimulatedBank, private readonly running: Running) {}

  @Get()
  @Allow('operator')
  @Replies(BankMood)
  mood(): Promise<Mood> {
    this.onlyInDemo();
    return this.bank.mood();
  }

  @Put()
  @Allow('operator')
  @Replies(BankMood)
  change(@Body() { payments, delayMs, collections, accounts }: MoodBody): Promise<Mood> {
    this.onlyInDemo();
    return this.bank.setMood({
      ...(payments === undefined ? {} : { payments }), ...(delayMs === undefined ? {} : { delayMs }),
      ...(collections === undefined ? {} : { collections: refusing('collections', collections) }), ...(accounts === undefined ? {} : { accounts: refusing('accounts', accounts) }),
    });
  }

  private onlyInDemo(): void {
    if (!this.running.config.demo) throw problem('not-found');
  }
}

const refusing = (path: string, given: Record<string, unknown>): Mood['collections'] => {
  const wrong = Object.entries(given).find(([party, answer]) => !isUuid(party) || answer !== 'refuse');
  if (wrong === undefined) return given as Mood['collections'];
  const [fa, en] = ['باید از شناسهٔ طرف به refuse باشد.', 'must lead from party ids to "refuse".'];
  throw new Problem('validation-failed', [400, fa, en], { errors: [{ path: `${path}.${wrong[0]}`, code: 'mood', fa, en }] });
};
