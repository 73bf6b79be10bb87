import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { newId, refuse } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, write } from '@peyvand/platform';
import { isOverdue, owed } from '../domain/financing-case.js';
import { refusals } from '../financing.refusals.js';
import { askBank, isPaymentUnderWay } from '../pay-seller/ask-bank.js';
import { lockCase } from '../store/cases.store.js';

@Controller('api/financing/cases')
export class PayLateHttp {
  constructor(private readonly source: Source) {}

  /** The debtor pays what was not paid on the day. */
  @Post(':id/pay')
  @HttpCode(202)
  @Allow('approver', 'signatory')
  pay(@Param('id') caseId: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const file = await lockCase(tx, caseId);
      if (file === undefined || file.case.debtorId !== caller.party) return refuse('case-not-found');
      if (!isOverdue(file.case)) return refuse('not-due');
      if (await isPaymentUnderWay(tx, caseId)) return refuse('payment-under-way');
      const paymentId = newId();
      await askBank(tx, 'bank/collect', { paymentId, caseId, purpose: 'collect', fromId: caller.party, toId: file.case.holderId, amount: owed(file.case) });
      return done({ caseId, paymentId, amount: owed(file.case) }, { status: 202 });
    });
  }
}
