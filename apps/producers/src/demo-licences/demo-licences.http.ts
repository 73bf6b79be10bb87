import { Body, Controller, Get, Put } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Anything, OneOf, problem, Public, Replies, reply, Running, Whole } from '@peyvand/platform';
import { z } from 'zod';
import { manners, politeIssuer, type Behaviour, type Manner } from '../licence-authority/simulated-authority.js';
import { readBehaviour, writeBehaviour } from '../store/licence-simulator.store.js';

export class BehaviourBody {
  @OneOf(manners, { optional: true }) answers?: Manner;
  @Anything({ optional: true, description: 'Licence number → how its issuer behaves, before `answers`' }) numbers?: Record<string, unknown>;
  @Whole({ min: 0, max: 60_000, optional: true, description: 'Wall milliseconds before the issuer answers' }) delayMs?: number;
}

const Manners = z.object({ answers: z.enum(manners), numbers: z.record(z.string(), z.enum(manners)), delayMs: reply.whole });

/** How the simulated issuers behave. Only with DEMO=true: elsewhere these addresses do not exist. */
@Controller('api/producers/demo/licences')
@Public()
export class DemoLicencesHttp {
  constructor(private readonly source: Source, private readonly running: Running) {}

  @Get()
  @Replies(Manners)
  async show(): Promise<Behaviour> {
    this.onlyInDemo();
    return (await readBehaviour(this.source)) ?? politeIssuer;
  }

  @Put()
  @Replies(Manners)
  async behave(@Body() { answers, numbers, delayMs }: BehaviourBody): Promise<Behaviour> {
    this.onlyInDemo();
    const behaviour: Behaviour = { answers: answers ?? 'confirm', delayMs: delayMs ?? 0, numbers: Object.fromEntries(Object.entries(numbers ?? {}).map(([number, manner]) => [number, mannerOf(number, manner)])) };
    await writeBehaviour(this.source, behaviour);
    return behaviour;
  }

  private onlyInDemo(): void {
    if (!this.running.config.demo) throw problem('route-not-found');
  }
}

const mannerOf = (number: string, manner: unknown): Manner => {
  const known = manners.find((one) => one === manner);
  if (known !== undefined) return known;
  const words = manners.join(', ');
  throw problem('validation-failed', { errors: [{ path: `numbers.${number}`, code: 'one-of', fa: `باید یکی از این‌ها باشد: ${words}`, en: `must be one of ${words}` }] });
};
