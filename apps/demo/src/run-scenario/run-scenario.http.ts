import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Problem, Public, Running } from '@peyvand/platform';
import { DemoSettings } from '../demo.config.js';
import { onlyInDemo } from '../only-in-demo.js';
import { scenarios } from './scenarios.js';
import { idsOf, namesOf, Stage } from './stage.js';

@Controller('api/demo/scenarios')
@Public()
export class RunScenarioHttp {
  constructor(private readonly stage: Stage, private readonly settings: DemoSettings, private readonly running: Running) {}

  @Get()
  list() {
    onlyInDemo(this.running);
    return { items: Object.keys(scenarios) };
  }

  /** Plays the scenario to its end (some ten seconds; the business clock goes forward by weeks) and answers the ids of its story. */
  @Post(':name')
  @HttpCode(200)
  async run(@Param('name') name: string) {
    onlyInDemo(this.running);
    const scenario = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
    if (scenario === undefined) {
      const known = Object.keys(scenarios).join(', ');
      throw new Problem('scenario-not-found', [404, `چنین سناریویی نیست. یکی از این‌ها را بخوانید: ${known}.`, `There is no such scenario. Call one of: ${known}.`]);
    }
    if (!this.settings.world) {
      throw new Problem('demo-world-missing', [409, 'این اجرا بنگاه‌های نمایشی ندارد. بدون --empty آغاز کنید.', 'This run has no demo firms. Start without --empty.']);
    }
    const ending = await this.stage.alone(() => scenario(this.stage));
    const facts = await this.stage.story(ending.orderId);
    return { scenario: name, ...ending, ids: idsOf(facts), facts: namesOf(facts), story: `/api/orders/${ending.orderId}/story` };
  }
}
