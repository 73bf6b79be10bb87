import { Controller } from '@nestjs/common';
import { addHours } from '@peyvand/kernel';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { closeBidding } from '../domain/financing-case.js';
import { lockCase, saveCase } from '../store/cases.store.js';

/** The window is over. While a bid still stands the seller may choose it; without one it keeps the paper. */
@Controller()
export class CloseBidding {
  @OnDeadline('financing/bidding-closes')
  async close({ key: caseId }: Due, tx: Tx): Promise<void> {
    const file = await lockCase(tx, caseId);
    if (file === undefined) return;
    const closed = closeBidding(file.case, tx.now);
    if (closed.ok) return saveCase(tx, { ...file, case: closed.state });
    if (closed.reason !== 'bids-still-stand') return;
    const last = file.case.bids.reduce((latest, bid) => (bid.validUntil > latest ? bid.validUntil : latest), tx.now);
    await tx.schedule({ kind: 'financing/bidding-closes', key: caseId, dueAt: last > tx.now ? last : addHours(tx.now, 1) });
  }
}
