import { Controller, Param, Post } from '@nestjs/common';
import { refuse } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, refusalsOf, Replies, reply, write } from '@peyvand/platform';
import { z } from 'zod';
import { closeCaseSoon } from '../close-case/close-case.js';
import { owed, writeOff } from '../domain/financing-case.js';
import { transfersOf } from '../domain/ledger.js';
import { releaseLien } from '../domain/receivable.js';
import { refusals } from '../financing.refusals.js';
import { must } from '../must.js';
import { isPaymentUnderWay } from '../pay-seller/ask-bank.js';
import { lockCase, saveCase } from '../store/cases.store.js';
import { post } from '../store/ledger.store.js';

const writingOff = refusalsOf(refusals, 'case-not-found', 'payment-under-way', 'not-the-holder', 'not-overdue');

@Controller('api/financing/cases')
export class WriteOffHttp {
  constructor(private readonly source: Source) {}

  /** The holder gives up the rest. Prescription never does this by itself: it may only be pleaded (318). */
  @Post(':id/write-off')
  @Allow('funder', 'producer')
  @Replies(z.object({ caseId: reply.uuid, status: z.literal('settled') }), { status: 200, refusals: writingOff })
  writeOff(@Param('id') caseId: string, @Caller() caller: Caller) {
    return write(this.source, caller, writingOff, async (tx) => {
      const file = await lockCase(tx, caseId);
      if (file === undefined) return refuse('case-not-found');
      const decision = writeOff(file.case, caller.party);
      if (!decision.ok) return decision;
      if (await isPaymentUnderWay(tx, caseId)) return refuse('payment-under-way');
      await saveCase(tx, { ...file, case: decision.state, receivable: must(releaseLien(file.receivable)).state });
      await closeCaseSoon(tx, file.case.of);
      if (file.case.stage.status === 'failed') await tx.unschedule('financing/protest-by', caseId);
      await post(tx, transfersOf({ kind: 'written-off', id: `${caseId}/written-off`, caseId, holderId: caller.party, amount: owed(file.case) }));
      await tx.publish(decision.events);
      return done({ caseId, status: 'settled' });
    });
  }
}
