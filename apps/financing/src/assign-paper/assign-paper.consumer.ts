import { Controller } from '@nestjs/common';
import { FinancingDeclined } from '@peyvand/contracts';
import { dayOf, newId } from '@peyvand/kernel';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { endorse, pledge } from '../domain/barat.js';
import { assign, failDisbursement, type Chosen } from '../domain/financing-case.js';
import { reserve, use } from '../domain/limit.js';
import { placeLien } from '../domain/receivable.js';
import { insertLien, lockCase, retireBids, saveCase, type CaseFile } from '../store/cases.store.js';
import { findLimit, openCoverBook } from '../store/limits.store.js';
import { must } from '../must.js';
import { askBank } from '../pay-seller/ask-bank.js';

/** After the choice: the funder's limit is used, the lien recorded, the paper endorsed, the debtor notified, and only then the bank told to pay. */
@Controller()
export class AssignPaper {
  @OnDeadline('financing/assign')
  async assign({ key: caseId }: Due, tx: Tx): Promise<void> {
    const file = await lockCase(tx, caseId);
    if (file?.paper === undefined || file.case.stage.status !== 'chosen') return;
    const { chosen } = file.case.stage;
    const refused = await useLimit(tx, file, chosen);
    const paymentId = newId();
    const assigned = must(assign(file.case, paymentId));
    if (refused !== undefined) return withdraw(tx, file, must(failDisbursement(assigned.state, paymentId)).state, refused);
    const { funderId } = chosen.bid;
    const on = dayOf(tx.now);
    const lien = { holderId: funderId, kind: 'debt-purchase', on } as const;
    const receivable = must(placeLien(file.receivable, lien)).state;
    const endorsed = must(endorse(must(pledge(file.paper, 'financed', funderId)).state, { by: file.case.of.sellerId, toId: funderId, on, purpose: 'debt-purchase' }));
    const after: CaseFile = { ...file, case: assigned.state, receivable, paper: endorsed.state };
    await insertLien(tx, after, lien);
    await saveCase(tx, after);
    await askBank(tx, 'bank/pay', { paymentId, caseId, purpose: 'disburse', fromId: funderId, toId: file.case.of.sellerId, amount: chosen.purchase.net });
    await tx.publish([...endorsed.events, ...assigned.events]);
  }
}

/** The funder's own limit on this debtor carries the debt from now on; undefined when it does, or why it cannot. */
const useLimit = async (tx: Tx, { case: { of, face } }: CaseFile, { bid }: Chosen): Promise<'no-limit' | 'limit-too-small' | undefined> => {
  const limit = await findLimit(tx, bid.funderId, of.buyerId, 'funder');
  if (limit === undefined) return 'no-limit';
  const book = await openCoverBook(tx, [of.matchId], [limit.id]);
  const held = book.reservation(of.matchId, limit.id);
  const locked = book.allLimits().find((one) => one.id === limit.id) ?? limit;
  const on = dayOf(tx.now);
  const reserved = held === undefined ? reserve(locked, undefined, { of, amount: face, on }) : { ok: true as const, state: { limit: locked, reservation: held }, events: [] };
  if (!reserved.ok) return 'limit-too-small';
  const used = use(reserved.state, of.caseId, face, on);
  if (!used.ok) return 'limit-too-small';
  book.put(used.state);
  await book.save(tx);
  await tx.publish([...reserved.events, ...used.events]);
  return undefined;
};

/** The funder cannot carry it after all: its bid is out and the others stand. */
const withdraw = async (tx: Tx, file: CaseFile, reopened: CaseFile['case'], reason: 'no-limit' | 'limit-too-small'): Promise<void> => {
  const { orderId, matchId, buyerId, sellerId, caseId } = file.case.of;
  await saveCase(tx, { ...file, case: reopened }, reopened.bids.map((bid) => bid.funderId));
  await retireBids(tx, caseId, reopened.bids.map((bid) => bid.bidId));
  if (reopened.stage.status === 'bidding') await tx.schedule({ kind: 'financing/bidding-closes', key: caseId, dueAt: reopened.stage.bidUntil });
  await tx.publish(FinancingDeclined.of({ orderId, matchId, buyerId, sellerId, reason, amount: String(file.case.face) }));
};
