import { Controller } from '@nestjs/common';
import { dayOf } from '@peyvand/kernel';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { loseRecourse } from '../domain/barat.js';
import { recordRecourseLost } from '../domain/financing-case.js';
import { legalHolidays } from '../financing.policy.js';
import { must } from '../must.js';
import { lockCase, saveCase } from '../store/cases.store.js';

/** The eleventh day without protest: endorsers and drawer are free (289), the acceptor still owes. */
@Controller()
export class LoseRecourse {
  @OnDeadline('financing/protest-by')
  async lose({ key: caseId }: Due, tx: Tx): Promise<void> {
    const file = await lockCase(tx, caseId);
    if (file?.paper === undefined || file.case.stage.status !== 'failed') return;
    const lost = must(loseRecourse(file.paper, dayOf(tx.now), legalHolidays));
    const recorded = must(recordRecourseLost(file.case));
    await saveCase(tx, { ...file, case: recorded.state, paper: lost.state });
    await tx.publish([...lost.events, ...recorded.events]);
  }
}
