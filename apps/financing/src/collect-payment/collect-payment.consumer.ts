import { Controller } from '@nestjs/common';
import { addHours, dayOf, newId } from '@peyvand/kernel';
import { OnDeadline, OnErrand, Source, transact, type Due, type Tx } from '@peyvand/messaging';
import { dishonour, mature, pay } from '../domain/barat.js';
import { protestByOf } from '../domain/clocks.js';
import { collect, failPayment, fallDue, owed } from '../domain/financing-case.js';
import { transfersOf } from '../domain/ledger.js';
import { releaseUse } from '../domain/limit.js';
import { legalHolidays, protestLostAt } from '../financing.policy.js';
import { must } from '../must.js';
import { askBank, noteAnswer, paymentOrder } from '../pay-seller/ask-bank.js';
import { Bank, type PaymentAnswer } from '../ports/bank.js';
import { lockCase, retireBids, saveCase, type CaseFile } from '../store/cases.store.js';
import { post } from '../store/ledger.store.js';
import { openCoverBook } from '../store/limits.store.js';

/** Leg 2: on the pay day the debtor pays whoever holds the claim, or does not, and the law's clock begins. */
@Controller()
export class CollectPayment {
  constructor(private readonly source: Source, private readonly bank: Bank) {}

  @OnDeadline('financing/pay-day')
  async fallDue({ key: caseId }: Due, tx: Tx): Promise<void> {
    const file = await lockCase(tx, caseId);
    if (file === undefined) return;
    const on = dayOf(tx.now);
    const paymentId = newId();
    const decision = fallDue(file.case, paymentId, on);
    if (!decision.ok) {
      // A purchase whose money is on its way is finished first; a case that was paid early has nothing to fall due.
      const again = decision.reason === 'purchase-under-way' ? addHours(tx.now, 1) : decision.reason === 'not-yet-due' ? addHours(tx.now, 24) : undefined;
      return again === undefined ? undefined : tx.schedule({ kind: 'financing/pay-day', key: caseId, dueAt: again });
    }
    const paper = file.paper?.stage.status === 'accepted' ? must(mature(file.paper, on, legalHolidays)).state : file.paper;
    await saveCase(tx, { ...file, case: decision.state, ...(paper === undefined ? {} : { paper }) });
    await retireBids(tx, caseId, file.case.bought === undefined ? [] : [file.case.bought.bid.bidId]);
    await tx.unschedule('financing/bidding-closes', caseId);
    await askBank(tx, 'bank/collect', { paymentId, caseId, purpose: 'collect', fromId: file.case.debtorId, toId: file.case.holderId, amount: owed(file.case) });
    await tx.publish(decision.events);
  }

  @OnErrand('bank/collect')
  async collect({ key: paymentId }: Due): Promise<(tx: Tx) => Promise<void>> {
    const order = await transact(this.source, (tx) => paymentOrder(tx, paymentId), { readOnly: true });
    if (order === undefined) return async () => {};
    const answer = await this.bank.collect(order);
    return async (tx) => {
      const file = await lockCase(tx, order.caseId);
      if (file === undefined || !(await noteAnswer(tx, paymentId, answer))) return;
      await (answer.outcome === 'done' ? collected(tx, file, paymentId) : notPaid(tx, file, answer));
    };
  }
}

const collected = async (tx: Tx, file: CaseFile, paymentId: string): Promise<void> => {
  const { of, debtorId, holderId, stage } = file.case;
  const amount = owed(file.case);
  const overdue = stage.status !== 'due' && file.case.instrumentId === undefined ? stage.status === 'failed' : stage.status !== 'due';
  const decision = must(collect(file.case, paymentId, amount));
  const paper = file.paper === undefined || file.case.instrumentId === undefined ? undefined : must(pay(file.paper, amount, dayOf(tx.now))).state;
  await saveCase(tx, { ...file, case: decision.state, ...(paper === undefined ? {} : { paper }) });
  await post(tx, transfersOf({ kind: 'payment-collected', id: paymentId, caseId: of.caseId, debtorId, holderId, amount, overdue }));
  await tx.unschedule('financing/protest-by', of.caseId);
  const book = await openCoverBook(tx, [of.matchId]);
  for (const covered of book.coveredBy(of.matchId)) {
    const released = must(releaseUse(covered, of.caseId));
    book.put(released.state);
    await tx.publish(released.events);
  }
  await book.save(tx);
  await tx.publish(decision.events);
};

const notPaid = async (tx: Tx, file: CaseFile, answer: Extract<PaymentAnswer, { outcome: 'refused' }>): Promise<void> => {
  // A late payment that the bank refused again changes nothing: the case is overdue already.
  if (file.case.stage.status !== 'due') return;
  const onPaper = file.paper !== undefined && file.case.instrumentId !== undefined;
  const protestBy = onPaper ? protestByOf(file.paper, legalHolidays) : undefined;
  const decision = must(failPayment(file.case, answer.reason, protestBy));
  const paper = onPaper ? must(dishonour(file.paper, answer.reason, dayOf(tx.now))).state : undefined;
  const { of, holderId } = file.case;
  await saveCase(tx, { ...file, case: decision.state, ...(paper === undefined ? {} : { paper }) });
  await post(tx, transfersOf({ kind: 'payment-failed', id: `${of.caseId}/failed`, caseId: of.caseId, holderId, amount: owed(file.case) }));
  if (protestBy !== undefined) await tx.schedule({ kind: 'financing/protest-by', key: of.caseId, dueAt: protestLostAt(protestBy) });
  await tx.publish(decision.events);
};
