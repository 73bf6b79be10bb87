import { Controller, Get, Post } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { day, refuse, rials } from '@peyvand/kernel';
import type { Source } from '@peyvand/messaging';
import { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import { page, withETag } from './answer.js';
import { refusalTable } from './refusals.js';
import { fileOf, nothing, pageOf, Replies, repliesOf, successOf } from './replies.js';
import { reply } from './reply-words.js';
import { done, write } from './write.js';

const Thing = z.object({
  id: reply.uuid, amount: reply.rials.optional(), on: reply.day, kind: z.enum(['a', 'b']), lines: z.array(z.object({ quantity: reply.whole })),
  state: z.union([z.object({ open: z.literal(true) }), z.object({ open: z.literal(false), why: reply.text })]).optional(),
});

const thing = { id: 'x', amount: rials(1n), on: day('2026-03-21'), kind: 'a' as const, lines: [{ quantity: 1 }] as const };
const chatty = { ...thing, lines: [{ quantity: 1, secret: 'x' }], gone: undefined };
const refusals = refusalTable({ 'thing-gone': [409, 'رفت.', 'Gone.'] });

// Nothing here is called: that it compiles, and that each marked line does not, is what `npm run typecheck` proves.
declare const [source, caller, sometimes]: [Source, Caller, boolean];

@Controller()
class Fitting {
  @Get() @Replies(Thing) one() { return thing; }
  @Get() @Replies(Thing, { etag: true }) tagged() { return withETag(1, thing); }
  @Get() @Replies([pageOf(Thing), fileOf('text/csv')]) async listed() { return sometimes ? page([thing]) : 'a,b'; }
  @Post() @Replies(Thing, { status: [200, 202], refusals }) done() {
    return write(source, caller, refusals, async () => (sometimes ? done({ ...thing, state: { open: true } }) : sometimes ? done({ ...thing, state: { open: false, why: 'x' } }) : refuse('thing-gone')));
  }
  @Post() @Replies(nothing, { refusals }) silent() { return write(source, caller, refusals, async () => done()); }
}

export class Drifting {
  // @ts-expect-error -- an undescribed field, inside a list
  @Get() @Replies(Thing) chatty() { return chatty; }
  // @ts-expect-error -- the same on a page
  @Get() @Replies(pageOf(Thing)) async chattyPage() { return page([chatty]); }
  // @ts-expect-error -- a day is text
  @Get() @Replies(Thing) mistyped() { return { ...thing, on: 1 }; }
  // @ts-expect-error -- a field is missing
  @Get() @Replies(Thing) short() { return { id: 'x' }; }
  // @ts-expect-error -- one thing is no page
  @Get() @Replies(pageOf(Thing)) single() { return thing; }
  // @ts-expect-error -- the refusals are not told
  @Post() @Replies(Thing) untold() { return write(source, caller, refusals, async () => (sometimes ? done(thing) : refuse('thing-gone'))); }
  // @ts-expect-error -- nothing where something is promised
  @Post() @Replies(Thing, { refusals }) empty() { return write(source, caller, refusals, async () => done()); }
  // @ts-expect-error -- something where nothing is promised
  @Post() @Replies(nothing, { refusals }) wordy() { return write(source, caller, refusals, async () => done(thing)); }
}

describe('what routes say they answer', () => {
  it('is kept with its status', () => {
    const { one, done: post, silent } = Fitting.prototype;
    expect([repliesOf(one)?.bodies[0]?.schema, repliesOf(post)?.status, repliesOf(post)?.refusals, repliesOf(silent)?.bodies]).toEqual([Thing, [200, 202], refusals, [nothing]]);
    expect([successOf(one, 'GET'), successOf(post, 'POST'), successOf(silent, 'POST')]).toEqual([200, 200, 201]);
  });
});
