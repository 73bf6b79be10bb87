import { Body, Controller, Param, Post } from '@nestjs/common';
import { dayOf, refuse } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, refusalsOf, Replies, reply, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { chooseBid, keepPaper, statuses } from '../domain/financing-case.js';
import { yearDays } from '../financing.policy.js';
import { refusals } from '../financing.refusals.js';
import { retireBids } from '../store/bids.store.js';
import { lockCase, saveCase } from '../store/cases.store.js';

export class ChooseBody {
  @Uuid() bidId: string;
}

const choosing = refusalsOf(refusals, 'case-not-found', 'account-not-verified', 'not-bidding', 'bid-expired', 'face-above-maximum', 'not-the-bearer', 'bid-not-found', 'no-days-left');
const keeping = refusalsOf(refusals, 'case-not-found', 'not-bidding', 'not-the-bearer');

@Controller('api/financing/cases')
export class ChooseBidHttp {
  constructor(private readonly source: Source) {}

  /** Fixes the terms. Limits, endorsement and money follow at once in a transaction of their own, because they are not the seller's to touch. */
  @Post(':id/choose')
  @Allow('producer')
  @Replies(z.object({ caseId: reply.uuid, bidId: reply.uuid, net: reply.rials.optional().describe('What reaches the seller'), days: reply.whole.optional() }), { status: 200, refusals: choosing })
  choose(@Param('id') caseId: string, @Body() { bidId }: ChooseBody, @Caller() caller: Caller) {
    return write(this.source, caller, choosing, async (tx) => {
      const file = await lockCase(tx, caseId);
      if (file === undefined) return refuse('case-not-found');
      const [account] = await tx.sql("select 1 from accounts where party_id = $1 and state = 'verified'", [caller.party]);
      if (account === undefined) return refuse('account-not-verified');
      const decision = chooseBid(file.case, { bidId, by: caller.party, now: tx.now, purchaseOn: dayOf(tx.now), yearDays });
      if (!decision.ok) return decision;
      await saveCase(tx, { ...file, case: decision.state });
      await tx.unschedule('financing/bidding-closes', caseId);
      await tx.schedule({ kind: 'financing/assign', key: caseId, dueAt: tx.now });
      await tx.publish(decision.events);
      const { stage } = decision.state;
      return done({ caseId, bidId, ...(stage.status === 'chosen' ? { net: stage.chosen.purchase.net, days: stage.chosen.purchase.days } : {}) });
    });
  }

  /** None of them: the seller keeps the paper to maturity, or passes it on later. */
  @Post(':id/keep')
  @Allow('producer')
  @Replies(z.object({ caseId: reply.uuid, status: z.enum(statuses) }), { status: 200, refusals: keeping })
  keep(@Param('id') caseId: string, @Caller() caller: Caller) {
    return write(this.source, caller, keeping, async (tx) => {
      const file = await lockCase(tx, caseId);
      if (file === undefined) return refuse('case-not-found');
      const decision = keepPaper(file.case, caller.party);
      if (!decision.ok) return decision;
      await saveCase(tx, { ...file, case: decision.state });
      await retireBids(tx, caseId);
      await tx.unschedule('financing/bidding-closes', caseId);
      return done({ caseId, status: decision.state.stage.status });
    });
  }
}
