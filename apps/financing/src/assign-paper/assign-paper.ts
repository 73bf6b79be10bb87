import { FinancingDeclined } from '@peyvand/contracts';
import { dayOf, newId } from '@peyvand/kernel';
import type { Because, Tx } from '@peyvand/messaging';
import { endorse, pledge } from '../domain/barat.js';
import { assign, failDisbursement } from '../domain/financing-case.js';
import { placeLien, type Lien } from '../domain/receivable.js';
import { must } from '../must.js';
import { askBankForMany } from '../pay-seller/ask-bank.js';
import { retireBids } from '../store/bids.store.js';
import { saveCases, type CaseFile } from '../store/cases.store.js';
import { insertLiens } from '../store/liens.store.js';
import { openPurchases, useLimit, type NotCarried } from './use-limit.js';

/** A folder whose bid is chosen, and what its facts follow from (a batch says so). */
export type ToAssign = { readonly file: CaseFile; readonly cause?: Because | undefined };

/**
 * After the choice: the funder's limit is used, the lien recorded, the paper endorsed, the debtor notified, and only then the bank told to
 * pay. A statement each for all of them. What cannot be assigned (nothing chosen, no paper) is left as it is.
 */
export const assignPaper = async (tx: Tx, chosen: readonly ToAssign[]): Promise<void> => {
  const ready = chosen.flatMap(({ file, cause }) => (file.paper === undefined || file.case.stage.status !== 'chosen' ? [] : [{ file, paper: file.paper, cause, ...file.case.stage.chosen }]));
  if (ready.length === 0) return;
  const on = dayOf(tx.now);
  const book = await openPurchases(tx, ready.map(({ file, bid }) => ({ case: file.case, funderId: bid.funderId })));
  const done: { file: CaseFile; lien: Lien; paymentId: string; cause: Because | undefined; net: (typeof ready)[number]['purchase']['net'] }[] = [];
  for (const { file, paper, cause, bid: { funderId }, purchase } of ready) {
    const used = useLimit(book, { case: file.case, funderId }, on);
    const paymentId = newId();
    const assigned = must(assign(file.case, paymentId));
    if (typeof used === 'string') {
      await withdraw(tx, file, must(failDisbursement(assigned.state, paymentId)).state, used, cause);
      continue;
    }
    const lien = { holderId: funderId, kind: 'debt-purchase', on } as const;
    const receivable = must(placeLien(file.receivable, lien)).state;
    const endorsed = must(endorse(must(pledge(paper, 'financed', funderId)).state, { by: file.case.of.sellerId, toId: funderId, on, purpose: 'debt-purchase' }));
    done.push({ file: { ...file, case: assigned.state, receivable, paper: endorsed.state }, lien, paymentId, cause, net: purchase.net });
    await tx.publish([...used.events, ...endorsed.events, ...assigned.events], cause);
  }
  await book.save(tx);
  await insertLiens(tx, done.map(({ file, lien }) => ({ of: file.case.of, lien })));
  await saveCases(tx, done.map(({ file }) => file));
  await askBankForMany(tx, 'bank/pay', done.map(({ file: { case: { of, holderId } }, paymentId, net, cause }) => ({ paymentId, caseId: of.caseId, purpose: 'disburse' as const, fromId: holderId, toId: of.sellerId, amount: net, cause })));
};

/** The funder cannot carry it after all: its bid is out and the others stand. */
const withdraw = async (tx: Tx, file: CaseFile, reopened: CaseFile['case'], reason: NotCarried, cause: Because | undefined): Promise<void> => {
  const { orderId, matchId, buyerId, sellerId, caseId } = file.case.of;
  await saveCases(tx, [{ ...file, case: reopened }]);
  await retireBids(tx, caseId, reopened.bids.map((bid) => bid.bidId));
  if (reopened.stage.status === 'bidding') await tx.schedule({ kind: 'financing/bidding-closes', key: caseId, dueAt: reopened.stage.bidUntil }, cause);
  await tx.publish(FinancingDeclined.of({ orderId, matchId, buyerId, sellerId, reason, amount: String(file.case.face) }), cause);
};
