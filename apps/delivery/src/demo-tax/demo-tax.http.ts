import { Body, Controller, Get, Put } from '@nestjs/common';
import { Allow, Anything, OneOf, Problem, problem, Replies, reply, Whole } from '@peyvand/platform';
import { z } from 'zod';
import { DeliveryConfig } from '../delivery.config.js';
import { reactions, type Reaction } from '../domain/tax-document.js';
import { manners, SimulatedTax, type TaxMood } from '../tax/simulated-tax.js';

export class TaxMoodBody {
  @OneOf(manners, { optional: true }) documents?: TaxMood['documents'];
  @Whole({ optional: true, max: 60_000, description: 'Wall milliseconds before it answers' }) delayMs?: number;
  @Anything({ optional: true, description: 'What buyers did in the system’s own pages, told as news: {"<tax id>": "confirmed"}' }) reactions?: Record<string, unknown>;
}

const Mood = z.object({ documents: z.enum(manners), delayMs: reply.whole });

/** How the simulated tax system behaves. There is no such route where it is real. */
@Controller('api/delivery/demo/tax')
@Allow('operator')
export class DemoTaxHttp {
  constructor(private readonly simulated: SimulatedTax, private readonly config: DeliveryConfig) {}

  @Get() @Replies(Mood) mood(): Promise<TaxMood> {
    this.onlyInDemo();
    return this.simulated.mood();
  }

  @Put() @Replies(Mood) async change(@Body() { documents, delayMs, reactions: said }: TaxMoodBody): Promise<TaxMood> {
    this.onlyInDemo();
    if (said !== undefined) await this.simulated.report(reacting(said));
    return this.simulated.setMood({ ...(documents === undefined ? {} : { documents }), ...(delayMs === undefined ? {} : { delayMs }) });
  }

  private onlyInDemo(): void {
    if (!this.config.demo) throw problem('route-not-found');
  }
}

const reacting = (given: Record<string, unknown>): Record<string, { reaction: Reaction }> =>
  Object.fromEntries(Object.entries(given).map(([taxId, said]) => {
    const reaction = reactions.find((known) => known === said);
    if (reaction !== undefined) return [taxId, { reaction }];
    const words = reactions.join(', ');
    throw new Problem('validation-failed', [400, 'واکنش شناخته نیست.', 'There is no such reaction.'], { errors: [{ path: `reactions.${taxId}`, code: 'one-of', fa: `باید یکی از این‌ها باشد: ${words}`, en: `must be one of ${words}` }] });
  }));
