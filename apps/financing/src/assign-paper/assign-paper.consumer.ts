import { Controller } from '@nestjs/common';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { lockCase } from '../store/cases.store.js';
import { assignPaper } from './assign-paper.js';

/** The seller has chosen by hand, in a transaction that may not touch the funder's limit: this one may. */
@Controller()
export class AssignPaper {
  @OnDeadline('financing/assign')
  async assign({ key: caseId }: Due, tx: Tx): Promise<void> {
    const file = await lockCase(tx, caseId);
    if (file !== undefined) await assignPaper(tx, [{ file }]);
  }
}
