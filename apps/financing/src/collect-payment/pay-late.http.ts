import { Controller, Param, Post } from '@nestjs/common';
import { newId, refuse } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, refusalsOf, Replies, reply, write } from '@peyvand/platform';
import { z } from 'zod';
import { isOverdue, owed } from '../domain/financing-case.js';
import { refusals } from '../financing.refusals.js';
import { askBank, isPaymentUnderWay } from '../pay-seller/ask-bank.js';
import { lockCase } from '../store/cases.store.js';

const paying = refusalsOf(refusals, 'case-not-found', 'not-due', 'payment-under-way');

export const Ordered = z.object({ caseId: reply.uuid, paymentId: reply.uuid, amount: reply.rials });

@Controller('api/financing/cases')
export class PayLateHttp {
  constructor(private readonly source: Source) {}

  /** The debtor pays what was not paid on the day. */
  @Post(':id/pay')
  @Allow('approver', 'signatory')
  @Replies(Ordered, { status: 202, refusals: paying })
  pay(@Param('id') caseId: string, @Caller() caller: Caller) {
    return write(this.source, caller, paying, async (tx) => {
      const file = await lockCase(tx, caseId);
      if (file === undefined || file.case.debtorId !== caller.party) return refuse('case-not-found');
      if (!isOverdue(file.case)) return refuse('not-due');
      if (await isPaymentUnderWay(tx, caseId)) return refuse('payment-under-way');
      const paymentId = newId();
      await askBank(tx, 'bank/collect', { paymentId, caseId, purpose: 'collect', fromId: caller.party, toId: file.case.holderId, amount: owed(file.case) });
      return done({ caseId, paymentId, amount: owed(file.case) });
    });
  }
}
