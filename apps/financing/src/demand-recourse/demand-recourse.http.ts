import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { dayOf, newId, refuse, type PartyId } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, Uuid, write } from '@peyvand/platform';
import { demandRecourse, remainder } from '../domain/barat.js';
import { recordRecourse } from '../domain/financing-case.js';
import { refusals } from '../financing.refusals.js';
import { askBank, isPaymentUnderWay } from '../pay-seller/ask-bank.js';
import { lockCase, saveCase } from '../store/cases.store.js';

export class RecourseBody {
  @Uuid({ description: 'An endorser, the drawer, or a guarantor of one of them' }) againstId: string;
}

@Controller('api/financing/cases')
export class DemandRecourseHttp {
  constructor(private readonly source: Source) {}

  /** The holder turns to one of those liable on protested paper, in any order it likes (249). */
  @Post(':id/recourse')
  @HttpCode(200)
  @Allow('funder', 'producer')
  demand(@Param('id') caseId: string, @Body() { againstId }: RecourseBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
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
      return done({ caseId, againstId, amount: remainder(demanded.state) }, { status: 200 });
    });
  }

  /** The one who was asked pays the holder, and holds the paper against those who signed before it. */
  @Post(':id/recourse/pay')
  @HttpCode(202)
  @Allow('producer', 'approver', 'signatory')
  pay(@Param('id') caseId: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const file = await lockCase(tx, caseId);
      if (file?.paper === undefined) return refuse('case-not-found');
      const { stage } = file.paper;
      if (stage.status !== 'recourse' || !stage.against.includes(caller.party)) return refuse('not-in-recourse');
      if (await isPaymentUnderWay(tx, caseId)) return refuse('payment-under-way');
      const paymentId = newId();
      await askBank(tx, 'bank/recourse', { paymentId, caseId, purpose: 'recourse', fromId: caller.party, toId: file.paper.holderId, amount: remainder(file.paper) });
      return done({ caseId, paymentId, amount: remainder(file.paper) }, { status: 202 });
    });
  }
}
