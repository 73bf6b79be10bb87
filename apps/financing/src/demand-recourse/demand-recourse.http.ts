import { Body, Controller, Param, Post } from '@nestjs/common';
import { dayOf, newId, refuse, type PartyId } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, refusalsOf, Replies, reply, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { demandRecourse, remainder } from '../domain/barat.js';
import { recordRecourse } from '../domain/financing-case.js';
import { isAskedInRecourse } from '../domain/recourse.js';
import { Ordered } from '../collect-payment/pay-late.http.js';
import { refusals } from '../financing.refusals.js';
import { askBank, isPaymentUnderWay } from '../pay-seller/ask-bank.js';
import { lockCase, saveCase } from '../store/cases.store.js';

export class RecourseBody {
  @Uuid({ description: 'An endorser, the drawer, or a guarantor of one of them' }) againstId: string;
}

const demanding = refusalsOf(refusals, 'case-not-found', 'no-paper', 'not-the-holder', 'antedated', 'not-protested', 'not-liable', 'suit-time-barred');
const paying = refusalsOf(refusals, 'case-not-found', 'not-in-recourse', 'payment-under-way');

@Controller('api/financing/cases')
export class DemandRecourseHttp {
  constructor(private readonly source: Source) {}

  /** The holder turns to one of those liable on protested paper, in any order it likes (249). */
  @Post(':id/recourse')
  @Allow('funder', 'producer')
  @Replies(z.object({ caseId: reply.uuid, againstId: reply.uuid, amount: reply.rials }), { status: 200, refusals: demanding })
  demand(@Param('id') caseId: string, @Body() { againstId }: RecourseBody, @Caller() caller: Caller) {
    return write(this.source, caller, demanding, async (tx) => {
      const file = await lockCase(tx, caseId);
      if (file === undefined) return refuse('case-not-found');
      if (file.paper === undefined) return refuse('no-paper');
      if (file.paper.holderId !== caller.party) return refuse('not-the-holder');
      const demanded = demandRecourse(file.paper, againstId as PartyId, dayOf(tx.now));
      if (!demanded.ok) return demanded;
      const recorded = recordRecourse(file.case);
      if (!recorded.ok) return recorded;
      await saveCase(tx, { ...file, case: recorded.state, paper: demanded.state });
      await tx.publish([...demanded.events, ...recorded.events]);
      return done({ caseId, againstId, amount: remainder(demanded.state) });
    });
  }

  /** The one who was asked pays the holder, and holds the paper against those who signed before it. */
  @Post(':id/recourse/pay')
  @Allow('producer', 'approver', 'signatory')
  @Replies(Ordered, { status: 202, refusals: paying })
  pay(@Param('id') caseId: string, @Caller() caller: Caller) {
    return write(this.source, caller, paying, async (tx) => {
      const file = await lockCase(tx, caseId);
      if (file?.paper === undefined) return refuse('case-not-found');
      if (!isAskedInRecourse(file.case, file.paper, caller.party)) return refuse('not-in-recourse');
      if (await isPaymentUnderWay(tx, caseId)) return refuse('payment-under-way');
      const paymentId = newId();
      await askBank(tx, 'bank/recourse', { paymentId, caseId, purpose: 'recourse', fromId: caller.party, toId: file.paper.holderId, amount: remainder(file.paper) });
      return done({ caseId, paymentId, amount: remainder(file.paper) });
    });
  }
}
