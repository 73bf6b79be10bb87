import { Controller } from '@nestjs/common';
import { FinancingDeclined } from '@peyvand/contracts';
import { dayOf, newId } from '@peyvand/kernel';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { endorse, pledge } from '../domain/barat.js';
import { assign, failDisbursement } from '../domain/financing-case.js';
import { placeLien } from '../domain/receivable.js';
import { must } from '../must.js';
import { askBank } from '../pay-seller/ask-bank.js';
import { retireBids } from '../store/bids.store.js';
import { lockCase, saveCase, type CaseFile } from '../store/cases.store.js';
import { insertLien } from '../store/liens.store.js';
import { useLimit, type NotCarried } from './use-limit.js';

/** After the choice: the funder's limit is used, the lien recorded, the paper endorsed, the debtor notified, and only then the bank told to pay. */
@Controller()
export class AssignPaper {
  @OnDeadline('financing/assign')
  async assign({ key: caseId }: Due, tx: Tx): Promise<void> {
    const file = await lockCase(tx, caseId);
    if (file?.paper === undefined || file.case.stage.status !== 'chosen') return;
    const { chosen } = file.case.stage;
    const { funderId } = chosen.bid;
    const notCarried = await useLimit(tx, file.case, funderId);
    const paymentId = newId();
    const assigned = must(assign(file.case, paymentId));
    if (notCarried !== undefined) return withdraw(tx, file, must(failDisbursement(assigned.state, paymentId)).state, notCarried);
    const on = dayOf(tx.now);
    const lien = { holderId: funderId, kind: 'debt-purchase', on } as const;
    const receivable = must(placeLien(file.receivable, lien)).state;
    const endorsed = must(endorse(must(pledge(file.paper, 'financed', funderId)).state, { by: file.case.of.sellerId, toId: funderId, on, purpose: 'debt-purchase' }));
    await insertLien(tx, file.case.of, lien);
    await saveCase(tx, { ...file, case: assigned.state, receivable, paper: endorsed.state });
    await askBank(tx, 'bank/pay', { paymentId, caseId, purpose: 'disburse', fromId: funderId, toId: file.case.of.sellerId, amount: chosen.purchase.net });
    await tx.publish([...endorsed.events, ...assigned.events]);
  }
}

/** The funder cannot carry it after all: its bid is out and the others stand. */
const withdraw = async (tx: Tx, file: CaseFile, reopened: CaseFile['case'], reason: NotCarried): Promise<void> => {
  const { orderId, matchId, buyerId, sellerId, caseId } = file.case.of;
  await saveCase(tx, { ...file, case: reopened });
  await retireBids(tx, caseId, reopened.bids.map((bid) => bid.bidId));
  if (reopened.stage.status === 'bidding') await tx.schedule({ kind: 'financing/bidding-closes', key: caseId, dueAt: reopened.stage.bidUntil });
  await tx.publish(FinancingDeclined.of({ orderId, matchId, buyerId, sellerId, reason, amount: String(file.case.face) }));
};
