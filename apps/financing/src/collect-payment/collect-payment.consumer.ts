import { Controller } from '@nestjs/common';
import { addHours, dayOf, newId, rials } from '@peyvand/kernel';
import { OnDeadline, OnErrand, Source, transact, type Due, type Tx } from '@peyvand/messaging';
import { closeCase } from '../close-case/close-case.js';
import { dishonour, mature } from '../domain/barat.js';
import { protestByOf } from '../domain/clocks.js';
import { failPayment, fallDue, isOverdue, owed } from '../domain/financing-case.js';
import { transfersOf } from '../domain/ledger.js';
import { askAgainAt, legalHolidays, protestLostAt } from '../financing.policy.js';
import { must } from '../must.js';
import { askBank, askLater, isPaymentUnderWay, noteAnswer, paymentOrder, type AskedPayment } from '../pay-seller/ask-bank.js';
import { Bank } from '../ports/bank.js';
import { retireBids } from '../store/bids.store.js';
import { lockCase, saveCase, type CaseFile } from '../store/cases.store.js';
import { post } from '../store/ledger.store.js';
import { isOnPaper, receivePayment } from './receive-payment.js';

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
    const paper = isOnPaper(file) ? must(mature(file.paper, on, legalHolidays)).state : file.paper;
    await saveCase(tx, { ...file, case: decision.state, ...(paper === undefined ? {} : { paper }) });
    await endBidding(tx, file);
    await collectFrom(tx, file, paymentId);
    await tx.publish(decision.events);
  }

  /** Whoever paid by way of recourse holds the paper now; its debtor is asked again until it has paid. */
  @OnDeadline('financing/ask-again')
  async askAgain({ key: caseId }: Due, tx: Tx): Promise<void> {
    const file = await lockCase(tx, caseId);
    if (file?.case.stage.status !== 'recourse-paid' || (await isPaymentUnderWay(tx, caseId))) return;
    await collectFrom(tx, file, newId());
  }

  @OnErrand('bank/collect')
  async collect(due: Due): Promise<(tx: Tx) => Promise<void>> {
    const paymentId = due.key;
    const order = await transact(this.source, (tx) => paymentOrder(tx, paymentId), { readOnly: true });
    if (order === undefined) return async () => {};
    const answer = await this.bank.collect(order);
    if (answer.outcome === 'pending') return (tx) => askLater(tx, due);
    return async (tx) => {
      const file = await lockCase(tx, order.caseId);
      if (file === undefined || !(await noteAnswer(tx, paymentId, answer))) return;
      await (answer.outcome === 'done' ? collected(tx, file, order) : notPaid(tx, file, answer.reason));
    };
  }
}

const collectFrom = (tx: Tx, { case: { of, debtorId, holderId, ...rest } }: CaseFile, paymentId: string): Promise<void> =>
  askBank(tx, 'bank/collect', { paymentId, caseId: of.caseId, purpose: 'collect', fromId: debtorId, toId: holderId, amount: owed(rest) });

/** Most cases were bought or never open to bids by then: they have nothing to end. */
const endBidding = async (tx: Tx, { case: { of, stage, bids } }: CaseFile): Promise<void> => {
  if (stage.status !== 'bidding' && stage.status !== 'chosen') return;
  if (bids.length > 0) await retireBids(tx, of.caseId);
  await tx.unschedule('financing/bidding-closes', of.caseId);
};

const collected = async (tx: Tx, file: CaseFile, { paymentId, amount: asked }: AskedPayment): Promise<void> => {
  const { of, debtorId, holderId, stage } = file.case;
  const amount = rials(asked);
  const received = must(receivePayment(file, paymentId, amount, dayOf(tx.now)));
  await saveCase(tx, received.file);
  await post(tx, transfersOf({ kind: 'payment-collected', id: paymentId, caseId: of.caseId, debtorId, holderId, amount, overdue: isOverdue(file.case) }));
  if (stage.status === 'failed') await tx.unschedule('financing/protest-by', of.caseId);
  await tx.publish(received.events);
  if (received.settled) await closeCase(tx, of, file.receivable.lien === undefined ? 'no-lien' : 'lien');
};

const notPaid = async (tx: Tx, file: CaseFile, reason: string): Promise<void> => {
  const { of, holderId, stage } = file.case;
  if (stage.status === 'recourse-paid') return tx.schedule({ kind: 'financing/ask-again', key: of.caseId, dueAt: askAgainAt(tx.now) });
  // A late payment that the bank refused again changes nothing: the case is overdue already.
  if (stage.status !== 'due') return;
  const paper = isOnPaper(file) ? must(dishonour(file.paper, reason, dayOf(tx.now))).state : undefined;
  const protestBy = paper === undefined ? undefined : protestByOf(paper, legalHolidays);
  const decision = must(failPayment(file.case, reason, protestBy));
  await saveCase(tx, { ...file, case: decision.state, ...(paper === undefined ? {} : { paper }) });
  await post(tx, transfersOf({ kind: 'payment-failed', id: `${of.caseId}/failed`, caseId: of.caseId, holderId, amount: owed(file.case) }));
  if (protestBy !== undefined) await tx.schedule({ kind: 'financing/protest-by', key: of.caseId, dueAt: protestLostAt(protestBy) });
  await tx.publish(decision.events);
};
