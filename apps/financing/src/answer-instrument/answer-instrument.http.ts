import { Body, Controller, Param, Post } from '@nestjs/common';
import { dayOf, rials } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, refusalsOf, refusalTable, Replies, reply, Rials, Text, Uuids, write } from '@peyvand/platform';
import { z } from 'zod';
import { statuses } from '../domain/barat.js';
import { refusals } from '../financing.refusals.js';
import { acceptInstrument, acceptInstruments } from './accept-instrument.js';
import { refuseInstrument } from './refuse-instrument.js';

export class AcceptBody {
  @Rials({ optional: true, min: '1', description: 'What is still owed on it (less than the face where goods came back); left out: just that' }) amount?: string;
  @Text({ optional: true, max: 200, description: 'Any condition makes the acceptance a refusal (233)' }) condition?: string;
}
export class AcceptancesBody {
  @Uuids({ min: 1, max: 1_000, description: 'Papers to accept whole and without condition' }) instrumentIds: string[];
}
export class RefuseBody {
  @Text({ max: 200 }) reason: string;
}

const accepting = refusalsOf(refusals, 'paper-not-found', 'invoice-not-approved', 'antedated', 'not-presented', 'not-the-drawee', 'answer-too-late',
  'amount-out-of-range', 'leaves-a-rest', 'promise-is-whole', 'not-open', 'no-mandate', 'above-mandate', 'mandate-expired');
const refusing = refusalsOf(refusals, 'paper-not-found', 'not-open', 'antedated', 'not-presented', 'not-the-drawee');

const Answered = z.object({ instrumentId: reply.uuid, status: z.enum(statuses), on: reply.day });
const signaturesNeeded = reply.whole.optional().describe('More have to sign before the acceptance stands');

const Acceptances = z.object({
  accepted: reply.whole, others: reply.whole,
  items: z.array(z.union([z.object({ ok: z.literal(true), instrumentId: reply.uuid, status: z.enum(statuses), signaturesNeeded }), reply.refused.extend({ instrumentId: reply.uuid })])),
});

/** The drawee answers on paper presented to it. Acceptance is the undertaking: it needs a signing mandate and cannot be withdrawn (231). */
@Controller('api/financing/instruments')
export class AnswerInstrumentHttp {
  constructor(private readonly source: Source) {}

  @Post(':id/accept')
  @Allow('signatory')
  @Replies(Answered.extend({ signaturesNeeded }), { status: [200, 202], refusals: accepting })
  accept(@Param('id') id: string, @Body() body: AcceptBody, @Caller() caller: Caller) {
    return write(this.source, caller, accepting, async (tx) => {
      const answer = await acceptInstrument(tx, { by: caller.party, subject: caller.subject }, {
        instrumentId: id, ...(body.condition === undefined ? {} : { condition: body.condition }), ...(body.amount === undefined ? {} : { amount: rials(body.amount) }),
      });
      return answer.ok ? done({ instrumentId: id, status: answer.status, on: dayOf(tx.now), ...('needed' in answer ? { signaturesNeeded: answer.needed } : {}) }, { status: 'needed' in answer ? 202 : 200 }) : answer;
    });
  }

  /** Many at once, each checked against the mandate and accepted or refused by itself. */
  @Post('acceptances')
  @Allow('signatory')
  @Replies(Acceptances, { status: 200 })
  acceptMany(@Body() { instrumentIds }: AcceptancesBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusalTable({}), async (tx) => {
      const outcomes = await acceptInstruments(tx, { by: caller.party, subject: caller.subject }, instrumentIds.map((instrumentId) => ({ instrumentId })));
      const items = outcomes.map((outcome, i) => {
        const instrumentId = instrumentIds[i];
        if (outcome.ok) return { ok: true as const, instrumentId, status: outcome.status, ...('needed' in outcome ? { signaturesNeeded: outcome.needed } : {}) };
        const [status, fa, en] = accepting[outcome.reason];
        return { ok: false as const, instrumentId, type: `urn:peyvand:problem:${outcome.reason}`, status, detail: caller.locale === 'fa' ? fa : en, ...outcome.details };
      });
      const accepted = items.filter((item) => item.ok && item.status === 'accepted').length;
      return done({ accepted, others: items.length - accepted, items });
    });
  }

  @Post(':id/refuse')
  @Allow('signatory')
  @Replies(Answered, { status: 200, refusals: refusing })
  refuse(@Param('id') id: string, @Body() body: RefuseBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusing, async (tx) => {
      const answer = await refuseInstrument(tx, id, caller.party, body.reason);
      return answer.ok ? done({ instrumentId: id, status: 'refused', on: dayOf(tx.now) }) : answer;
    });
  }
}
