import { Controller } from '@nestjs/common';
import { dayOf } from '@peyvand/kernel';
import { OnErrand, Source, transact, type Due, type Tx } from '@peyvand/messaging';
import { endorse } from '../domain/barat.js';
import { disburse, failDisbursement } from '../domain/financing-case.js';
import { transfersOf } from '../domain/ledger.js';
import { giveBack, releaseUse } from '../domain/limit.js';
import { releaseLien, transferReceivable } from '../domain/receivable.js';
import { must } from '../must.js';
import { Bank } from '../ports/bank.js';
import { retireBids } from '../store/bids.store.js';
import { lockCase, saveCase, type CaseFile } from '../store/cases.store.js';
import { changeCover } from '../store/cover-book.js';
import { post } from '../store/ledger.store.js';
import { endLien } from '../store/liens.store.js';
import { askLater, noteAnswer, paymentOrder } from './ask-bank.js';

/** Leg 1: the funder's bank pays the seller. The purchase is for cash, so it happens with the money or not at all. */
@Controller()
export class PaySeller {
  constructor(private readonly source: Source, private readonly bank: Bank) {}

  @OnErrand('bank/pay')
  async pay(due: Due): Promise<(tx: Tx) => Promise<void>> {
    const paymentId = due.key;
    const order = await transact(this.source, (tx) => paymentOrder(tx, paymentId), { readOnly: true });
    if (order === undefined) return async () => {};
    const answer = await this.bank.pay(order);
    if (answer.outcome === 'pending') return (tx) => askLater(tx, due);
    return async (tx) => {
      const file = await lockCase(tx, order.caseId);
      if (file === undefined || !(await noteAnswer(tx, paymentId, answer))) return;
      await (answer.outcome === 'done' ? bought(tx, file, paymentId) : returned(tx, file, paymentId));
    };
  }
}

const bought = async (tx: Tx, file: CaseFile, paymentId: string): Promise<void> => {
  const decision = must(disburse(file.case, paymentId));
  const { of, bought: deal } = decision.state;
  if (deal === undefined) return;
  const { funderId } = deal.bid;
  const receivable = must(transferReceivable(file.receivable, funderId)).state;
  await saveCase(tx, { ...file, case: decision.state, receivable });
  await retireBids(tx, of.caseId, [deal.bid.bidId]);
  // Whoever carried the debt before is free: the buyer of the debt carries it now.
  await changeCover(tx, [of.matchId], (covered) => (covered.limit.grantorId === funderId ? undefined : releaseUse(covered, of.caseId)));
  const { face, profit, fee, net } = deal.purchase;
  const parties = { caseId: of.caseId, sellerId: of.sellerId, funderId };
  await post(tx, [
    ...transfersOf({ kind: 'debt-purchased', id: `${paymentId}/purchase`, ...parties, face, profit, fee }),
    ...transfersOf({ kind: 'funds-disbursed', id: paymentId, ...parties, amount: net }),
  ]);
  await tx.publish(decision.events);
};

/** The bank refused: the paper goes back by a return endorsement, that bid is out, the others stand again. */
const returned = async (tx: Tx, file: CaseFile, paymentId: string): Promise<void> => {
  const decision = must(failDisbursement(file.case, paymentId));
  const { of, stage, bids } = decision.state;
  const back = file.paper === undefined ? undefined : must(endorse(file.paper, { by: file.paper.holderId, toId: of.sellerId, on: dayOf(tx.now), purpose: 'return' }));
  await endLien(tx, of.caseId);
  await saveCase(tx, { ...file, case: decision.state, receivable: must(releaseLien(file.receivable, of.sellerId)).state, ...(back === undefined ? {} : { paper: back.state }) });
  await retireBids(tx, of.caseId, bids.map((bid) => bid.bidId));
  // What was reserved for this purchase is free; a limit that carried the match before it goes on carrying it.
  await changeCover(tx, [of.matchId], (covered) => (covered.reservation.for === 'purchase' ? giveBack(covered, of.caseId) : undefined));
  if (stage.status === 'bidding') await tx.schedule({ kind: 'financing/bidding-closes', key: of.caseId, dueAt: stage.bidUntil });
  await tx.publish([...(back?.events ?? []), ...decision.events]);
};
