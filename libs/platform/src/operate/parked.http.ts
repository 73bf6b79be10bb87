import { Body, Controller, Get, Param, Post, Query, type Type } from '@nestjs/common';
import { refuse } from '@peyvand/kernel';
import { discardIn, parkedOf, redriveIn, Source, tellRedriven, type Parked } from '@peyvand/messaging';
import { Caller } from '../auth/caller.js';
import { Allow } from '../auth/roles.js';
import { page } from '../http/answer.js';
import { Flag, OneOf, Text, Whole } from '../http/fields.js';
import { refusalsOf, refusalTable } from '../http/refusals.js';
import { pageOf, Replies } from '../http/replies.js';
import { reply } from '../http/reply-words.js';
import { done, read, write } from '../http/write.js';
import { z } from 'zod';

const states = ['parked', 'retrying', 'waiting', 'queued'] as const;

class ParkedQuery {
  @Text({ optional: true, max: 100, description: 'A consumer group; `deadlines` for deadlines and errands' }) group?: string;
  @OneOf(states, { optional: true, description: 'parked: people decide; retrying: after an error; waiting: for a predecessor; queued: behind one of these' }) state?: (typeof states)[number];
  @Text({ optional: true, max: 200, description: 'A fact type, or a kind of deadline' }) type?: string;
  @Whole({ min: 1, max: 1_000, optional: true, description: '100 when left out' }) limit?: number;
}

class RedriveBody {
  @Text({ max: 100 }) group: string;
  @Text({ optional: true, max: 100, description: 'One of id, key, type and all says which' }) id?: string;
  @Text({ optional: true, max: 300 }) key?: string;
  @Text({ optional: true, max: 200 }) type?: string;
  @Flag({ optional: true }) all?: boolean;
  @Flag({ optional: true, description: 'Only answers what would be set going' }) dryRun?: boolean;
}

class DiscardBody {
  @Text({ max: 500, description: 'Kept in the log beside the name of whoever decided' }) reason: string;
}

const SetAside = z.object({
  group: reply.text, id: reply.text, key: reply.text, type: reply.text, state: z.enum(states), attempts: reply.whole, error: reply.text.nullable(), since: reply.moment.nullable(),
});
const Redriven = z.object({ dryRun: reply.flag, items: z.array(SetAside.pick({ id: true, key: true, type: true })) });
const Discarded = z.object({ discarded: SetAside.pick({ id: true, key: true, type: true }), by: reply.text, reason: reply.text });

const refusals = refusalTable({
  'say-which': [400, 'دقیقاً یکی از id، key، type و all را بدهید.', 'Give exactly one of id, key, type and all.'],
  'not-parked': [404, 'چنین رخدادی کنار گذاشته نشده است؛ فهرست را دوباره بخوانید.', 'There is no such parked fact; read the list again.'],
});

const shown = ({ fact: _fact, since, ...row }: Parked) => ({ ...row, since: since === null ? null : since.toISOString() });

/**
 * What stands still in a service, and the operator's means: look, set going again, give up. Every service has these routes under its own
 * path. A redrive takes effect once: the row leaves the queue in the transaction of its effect.
 */
export const parkedHttpOf = (service: string): Type => {
  @Controller(`api/${service}/parked`)
  @Allow('operator')
  class ParkedHttp {
    constructor(private readonly source: Source) {}

    @Get()
    @Replies(pageOf(SetAside))
    list(@Query() { limit = 100, ...query }: ParkedQuery, @Caller() caller: Caller) {
      return read(this.source, caller, async (tx) => page((await parkedOf(tx, { ...query, limit })).map(shown), undefined));
    }

    @Get(':group/:id')
    @Replies(SetAside.extend({ fact: reply.anything.nullable() }))
    one(@Param('group') group: string, @Param('id') id: string, @Caller() caller: Caller) {
      return read(this.source, caller, async (tx) => {
        const [row] = await parkedOf(tx, { group, id });
        return row === undefined ? undefined : { ...shown(row), fact: row.fact === null ? null : { ...row.fact } };
      });
    }

    @Post('redrive')
    @Replies(Redriven, { status: 200, refusals: refusalsOf(refusals, 'say-which') })
    async redrive(@Body() { group, id, key, type, all, dryRun }: RedriveBody, @Caller() caller: Caller) {
      const answer = await write(this.source, caller, refusals, async (tx) => {
        if ([id, key, type, all === true ? all : undefined].filter((given) => given !== undefined).length !== 1) return refuse('say-which');
        return done({ dryRun: dryRun === true, items: await redriveIn(tx, { group, id, key, type, all: all === true ? true : undefined, dryRun: dryRun === true }) });
      });
      tellRedriven(this.source);
      return answer;
    }

    @Post(':group/:id/discard')
    @Replies(Discarded, { status: 200, refusals: refusalsOf(refusals, 'not-parked') })
    async discard(@Param('group') group: string, @Param('id') id: string, @Body() { reason }: DiscardBody, @Caller() caller: Caller) {
      const answer = await write(this.source, caller, refusals, async (tx) => {
        const fact = await discardIn(tx, { group, id });
        return fact === undefined ? refuse('not-parked') : done({ discarded: { id, type: fact.type, key: fact.key }, by: caller.subject, reason });
      });
      tellRedriven(this.source);
      return answer;
    }
  }
  return ParkedHttp;
};
