import { Controller } from '@nestjs/common';
import { dayOf } from '@peyvand/kernel';
import { OnErrands, Source, transact, type Because, type DueOfMany, type Tx } from '@peyvand/messaging';
import { endorse } from '../domain/barat.js';
import { disburse, failDisbursement } from '../domain/financing-case.js';
import { transfersOf, type Transfer } from '../domain/ledger.js';
import { giveBack, releaseUse } from '../domain/limit.js';
import { releaseLien, transferReceivable } from '../domain/receivable.js';
import { must } from '../must.js';
import { Bank } from '../ports/bank.js';
import { retireBids } from '../store/bids.store.js';
import { lockCases, saveCase, saveCases, type CaseFile } from '../store/cases.store.js';
import { changeCover, forEach } from '../store/cover-book.js';
import { post } from '../store/ledger.store.js';
import { endLien } from '../store/liens.store.js';
import { noteAnswers, paymentOrders } from './ask-bank.js';

type Paid = { readonly file: CaseFile; readonly paymentId: string; readonly cause: Because };

/** Leg 1: the funder's bank pays the seller. The purchase is for cash, so it happens with the money or not at all. */
@Controller()
export class PaySeller {
  constructor(private readonly source: Source, private readonly bank: Bank) {}

  @OnErrands('bank/pay')
  async pay(dues: DueOfMany[]): Promise<(tx: Tx, taken: readonly DueOfMany[]) => Promise<void>> {
    const orders = await transact(this.source, (tx) => paymentOrders(tx, dues.map(({ key }) => key)), { readOnly: true });
    const answers = orders.length === 0 ? [] : await this.bank.payMany(orders);
    return async (tx, taken) => {
      const files = new Map((await lockCases(tx, 'case_id', orders.map(({ caseId }) => caseId))).map((file) => [file.case.of.caseId, file]));
      const paid: Paid[] = [];
      for (const { order, answer, cause } of await noteAnswers(tx, orders, answers, taken)) {
        const file = files.get(order.caseId);
        if (file === undefined) continue;
        if (answer.outcome === 'done') paid.push({ file, paymentId: order.paymentId, cause });
        else await returned(tx, { file, paymentId: order.paymentId, cause });
      }
      await bought(tx, paid);
    };
  }
}

const bought = async (tx: Tx, paid: readonly Paid[]): Promise<void> => {
  if (paid.length === 0) return;
  const after: CaseFile[] = [];
  const transfers: Transfer[] = [];
  const sold: { readonly of: CaseFile['case']['of']; readonly funderId: string; readonly bidId: string; readonly cause: Because }[] = [];
  for (const { file, paymentId, cause } of paid) {
    const decision = must(disburse(file.case, paymentId));
    const { of, bought: deal } = decision.state;
    if (deal === undefined) continue;
    const { funderId, bidId } = deal.bid;
    const { face, profit, fee, net } = deal.purchase;
    const parties = { caseId: of.caseId, sellerId: of.sellerId, funderId };
    after.push({ ...file, case: decision.state, receivable: must(transferReceivable(file.receivable, funderId)).state });
    sold.push({ of, funderId, bidId, cause });
    transfers.push(
      ...transfersOf({ kind: 'debt-purchased', id: `${paymentId}/purchase`, ...parties, face, profit, fee }),
      ...transfersOf({ kind: 'funds-disbursed', id: paymentId, ...parties, amount: net }));
    await tx.publish(decision.events, cause);
  }
  await saveCases(tx, after);
  await retireBids(tx, sold.map(({ of }) => of.caseId), sold.map(({ bidId }) => bidId));
  await post(tx, transfers);
  // Whoever carried the debt before is free: the buyer of the debt carries it now.
  await changeCover(tx, sold.map(({ of }) => of.matchId),
    (covered) => forEach(covered, sold.filter(({ of, funderId }) => of.matchId === covered.reservation.of.matchId && covered.limit.grantorId !== funderId), (now, { of }) => releaseUse(now, of.caseId)),
    (matchId) => sold.find(({ of }) => of.matchId === matchId)?.cause);
};

/** The bank refused: the paper goes back by a return endorsement, that bid is out, the others stand again. */
const returned = async (tx: Tx, { file, paymentId, cause }: Paid): Promise<void> => {
  const decision = must(failDisbursement(file.case, paymentId));
  const { of, stage, bids } = decision.state;
  const back = file.paper === undefined ? undefined : must(endorse(file.paper, { by: file.paper.holderId, toId: of.sellerId, on: dayOf(tx.now), purpose: 'return' }));
  await endLien(tx, of.caseId);
  await saveCase(tx, { ...file, case: decision.state, receivable: must(releaseLien(file.receivable, of.sellerId)).state, ...(back === undefined ? {} : { paper: back.state }) });
  await retireBids(tx, of.caseId, bids.map((bid) => bid.bidId));
  // What was reserved for this purchase is free; a limit that carried the match before it goes on carrying it.
  await changeCover(tx, [of.matchId], (covered) => (covered.reservation.for === 'purchase' ? giveBack(covered, of.caseId) : undefined), () => cause);
  if (stage.status === 'bidding') await tx.schedule({ kind: 'financing/bidding-closes', key: of.caseId, dueAt: stage.bidUntil }, cause);
  await tx.publish([...(back?.events ?? []), ...decision.events], cause);
};
