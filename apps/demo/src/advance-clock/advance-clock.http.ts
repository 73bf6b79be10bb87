import { Body, Controller, Get, Post } from '@nestjs/common';
import { isoOf } from '@peyvand/kernel';
import { Public, Replies, reply, Running, Whole } from '@peyvand/platform';
import { z } from 'zod';
import { onlyInDemo } from '../only-in-demo.js';
import { DemoClock, type Advanced } from './demo-clock.js';

export class AdvanceClockBody {
  @Whole({ min: 0, max: 3_650, description: 'Business days to go forward; every deadline on the way fires in its order', example: 90 }) advanceDays: number;
}

@Controller('api/demo/clock')
@Public()
export class AdvanceClockHttp {
  constructor(private readonly clock: DemoClock, private readonly running: Running) {}

  @Get()
  @Replies(z.object({ now: reply.moment, day: reply.day, rate: reply.number.describe('Business seconds per second'), held: reply.flag.describe('It stands until somebody is done') }))
  show() {
    onlyInDemo(this.running);
    return { now: isoOf(this.clock.now()), day: this.clock.today(), rate: this.running.config.clock.rate, held: this.clock.held };
  }

  /** Answers when the jump is digested: deadlines fired, facts handled, people done with what it brought them. */
  @Post()
  @Replies(z.object({ now: reply.moment, day: reply.day, stops: reply.whole, digested: reply.flag, waitedFor: z.array(reply.text).describe('Who was not done where patience first ended, when the jump was not digested') }), { status: 200 })
  advance(@Body() { advanceDays }: AdvanceClockBody): Promise<Advanced> {
    onlyInDemo(this.running);
    return this.clock.advance(advanceDays);
  }
}
