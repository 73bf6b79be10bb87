import { Controller, Get, Param, Post } from '@nestjs/common';
import { Problem, Public, refusalTable, Replies, reply, Running } from '@peyvand/platform';
import { z } from 'zod';
import { DemoSettings } from '../demo.config.js';
import { onlyInDemo } from '../only-in-demo.js';
import { scenarios } from './scenarios.js';
import { idsOf, namesOf, Stage } from './stage.js';

const refusals = refusalTable({
  'scenario-not-found': [404, 'چنین سناریویی نیست. یکی از این‌ها را بخوانید: {known}.', 'There is no such scenario. Call one of: {known}.'],
  'demo-world-missing': [409, 'این اجرا بنگاه‌های نمایشی ندارد. بدون --empty آغاز کنید.', 'This run has no demo firms. Start without --empty.'],
});

const Played = z.looseObject({
  scenario: reply.text, orderId: reply.uuid, ids: z.record(z.string(), z.union([reply.text, z.array(reply.text)])), facts: z.array(reply.text).describe('By name, in their order'), story: reply.text.describe('Its address'),
}).meta({ description: 'What each scenario tells beside these is its own' });

@Controller('api/demo/scenarios')
@Public()
export class RunScenarioHttp {
  constructor(private readonly stage: Stage, private readonly settings: DemoSettings, private readonly running: Running) {}

  @Get()
  @Replies(z.object({ items: z.array(reply.text) }))
  list() {
    onlyInDemo(this.running);
    return { items: Object.keys(scenarios) };
  }

  /** Plays the scenario to its end (some ten seconds; the business clock goes forward by weeks) and answers the ids of its story. */
  @Post(':name')
  @Replies(Played, { status: 200, refusals })
  async run(@Param('name') name: string) {
    onlyInDemo(this.running);
    const scenario = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
    if (scenario === undefined) throw new Problem('scenario-not-found', refusals['scenario-not-found'], { details: { known: Object.keys(scenarios).join(', ') } });
    if (!this.settings.world) throw new Problem('demo-world-missing', refusals['demo-world-missing']);
    const ending = await this.stage.alone(() => scenario(this.stage));
    const facts = await this.stage.story(ending.orderId);
    return { scenario: name, ...ending, ids: idsOf(facts), facts: namesOf(facts), story: `/api/orders/${ending.orderId}/story` };
  }
}
