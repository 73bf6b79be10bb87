import { Controller } from '@nestjs/common';
import { addHours, dayOf } from '@peyvand/kernel';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { assignPaper } from '../assign-paper/assign-paper.js';
import { chooseBid, closeBidding } from '../domain/financing-case.js';
import { bestBid } from '../domain/standing-instructions.js';
import { yearDays } from '../financing.policy.js';
import { lockCase, saveCase, type CaseFile } from '../store/cases.store.js';
import { standingSales } from '../store/standing.store.js';

/** The window is over. While a bid still stands the seller may choose it, or has said that the best is taken; without one it keeps the paper. */
@Controller()
export class CloseBidding {
  @OnDeadline('financing/bidding-closes')
  async close({ key: caseId }: Due, tx: Tx): Promise<void> {
    const file = await lockCase(tx, caseId);
    if (file === undefined) return;
    const closed = closeBidding(file.case, tx.now);
    if (closed.ok) return saveCase(tx, { ...file, case: closed.state });
    if (closed.reason !== 'bids-still-stand' || (await takeBest(tx, file))) return;
    const last = file.case.bids.reduce((latest, bid) => (bid.validUntil > latest ? bid.validUntil : latest), tx.now);
    await tx.schedule({ kind: 'financing/bidding-closes', key: caseId, dueAt: last > tx.now ? last : addHours(tx.now, 1) });
  }
}

const takeBest = async (tx: Tx, file: CaseFile): Promise<boolean> => {
  const { bearerId } = file.case;
  const sale = (await standingSales(tx, [bearerId])).get(bearerId);
  const bidId = sale === undefined || sale.choose === 'by-hand' || !sale.payable ? undefined : bestBid(file.case, tx.now, dayOf(tx.now), yearDays);
  const choice = bidId === undefined ? undefined : chooseBid(file.case, { bidId, by: bearerId, now: tx.now, purchaseOn: dayOf(tx.now), yearDays });
  if (choice?.ok !== true) return false;
  await tx.publish(choice.events);
  await assignPaper(tx, [{ file: { ...file, case: choice.state } }]);
  return true;
};
