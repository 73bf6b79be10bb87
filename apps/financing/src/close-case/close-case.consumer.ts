import { Controller } from '@nestjs/common';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { lockCase } from '../store/cases.store.js';
import { closeCase } from './close-case.js';

@Controller()
export class CloseCase {
  @OnDeadline('financing/close-case')
  async close({ key: caseId }: Due, tx: Tx): Promise<void> {
    const file = await lockCase(tx, caseId);
    if (file?.case.stage.status === 'settled') await closeCase(tx, file.case.of);
  }
}
