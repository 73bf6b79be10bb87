import { Controller, Get, Req, Res } from '@nestjs/common';
import { Public, Replies, reply, Running, writtenByHand } from '@peyvand/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { onlyInDemo } from '../only-in-demo.js';
import { Board, type Summary } from './board.js';

const everyMs = 1_000;

const decimal = reply.text.describe('Rials per unit, with up to three decimals');
const Choice = z.object({
  buyer: reply.uuid, seller: reply.uuid, title: reply.bilingual, quantity: reply.whole, unit: reply.text, days: reply.whole, distanceKm: reply.whole,
  price: reply.rials, presentValue: decimal, freight: decimal, landed: decimal, runnerUp: z.object({ seller: reply.uuid, landed: decimal, difference: decimal }).optional(),
});

const Figures = z.object({
  now: reply.moment, note: reply.bilingual,
  counters: z.array(z.object({ key: reply.text, label: reply.bilingual, kind: z.enum(['rial', 'count', 'check']), value: reply.text, note: reply.bilingual.optional() })),
  hero: z.object({ orderId: reply.uuid, steps: z.array(z.object({ text: reply.bilingual, at: reply.moment.optional(), figures: z.record(z.string(), reply.text).optional(), bad: z.literal(true).optional() })) }),
  choice: Choice.optional().describe('Why the newest offer won, as its buyer sees it'),
}).meta({ id: 'Summary' });

@Controller('api/demo')
@Public()
export class SummaryHttp {
  constructor(private readonly board: Board, private readonly running: Running) {}

  @Get('summary')
  @Replies(Figures)
  summary(): Summary {
    onlyInDemo(this.running);
    return this.board.summary();
  }

  /** Server-sent events for the live page: `recent` once, then `fact` as they happen and `summary` every second. */
  @Get('live')
  @Replies(writtenByHand('text/event-stream', reply.anything))
  live(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    onlyInDemo(this.running);
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    const tell = (event: string, data: unknown): void => {
      // A reader that does not keep up misses facts; the next summary sets it right.
      if (raw.writableLength < 262_144) raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    tell('recent', this.board.recent);
    tell('summary', this.board.summary());
    const stop = this.board.watch((fact) => tell('fact', fact));
    // A page that stays open must not hold up a process that closes.
    const timer = setInterval(() => (this.running.ready ? tell('summary', this.board.summary()) : raw.end()), everyMs);
    request.raw.once('close', () => {
      clearInterval(timer);
      stop();
    });
  }
}
