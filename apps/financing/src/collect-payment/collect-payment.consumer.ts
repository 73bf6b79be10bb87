import { Controller } from '@nestjs/common';
import { addHours, dayOf, newId, rials } from '@peyvand/kernel';
import { OnDeadline, OnDeadlines, OnErrands, Source, transact, type Because, type Due, type DueOfMany, type Tx } from '@peyvand/messaging';
import { closeCases, type Closed } from '../close-case/close-case.js';
import { dishonour, mature } from '../domain/barat.js';
import { protestByOf } from '../domain/clocks.js';
import { failPayment, fallDue, isOverdue, owed } from '../domain/financing-case.js';
import { transfersOf, type Transfer } from '../domain/ledger.js';
import { askAgainAt, legalHolidays, protestLostAt } from '../financing.policy.js';
import { must } from '../must.js';
import { askBankForMany, isPaymentUnderWay, noteAnswers, paymentOrders, type AskedPayment, type Payment } from '../pay-seller/ask-bank.js';
import { Bank } from '../ports/bank.js';
import { retireBids } from '../store/bids.store.js';
import { lockCase, lockCases, saveCase, saveCases, type CaseFile } from '../store/cases.store.js';
import { post } from '../store/ledger.store.js';
import { isOnPaper, receivePayment } from './receive-payment.js';

type Paid = { readonly file: CaseFile; readonly order: AskedPayment; readonly cause: Because };

/** Leg 2: on the pay day the debtor pays whoever holds the claim, or does not, and the law's clock begins. */
@Controller()
export class CollectPayment {
  constructor(private readonly source: Source, private readonly bank: Bank) {}

  @OnDeadlines('financing/pay-day')
  async fallDue(dues: DueOfMany[], tx: Tx): Promise<void> {
    const causes = new Map(dues.map((due) => [due.key, due]));
    const on = dayOf(tx.now);
    const called: CaseFile[] = [];
    const asked: (Payment & { readonly cause: Because })[] = [];
    for (const file of await lockCases(tx, 'case_id', [...causes.keys()])) {
      const cause = causes.get(file.case.of.caseId);
      if (cause === undefined) continue;
      const paymentId = newId();
      const decision = fallDue(file.case, paymentId, on);
      if (!decision.ok) {
        // A purchase whose money is on its way is finished first; a case that was paid early has nothing to fall due.
        const again = decision.reason === 'purchase-under-way' ? addHours(tx.now, 1) : decision.reason === 'not-yet-due' ? addHours(tx.now, 24) : undefined;
        if (again !== undefined) await tx.schedule({ kind: cause.kind, key: cause.key, dueAt: again }, cause);
        continue;
      }
      const paper = isOnPaper(file) ? must(mature(file.paper, on, legalHolidays)).state : file.paper;
      called.push({ ...file, case: decision.state, ...(paper === undefined ? {} : { paper }) });
      asked.push({ ...collectionOf(file, paymentId), cause });
      await endBidding(tx, file);
      await tx.publish(decision.events, cause);
    }
    await saveCases(tx, called);
    await askBankForMany(tx, 'bank/collect', asked);
  }

  /** Whoever paid by way of recourse holds the paper now; its debtor is asked again until it has paid. */
  @OnDeadline('financing/ask-again')
  async askAgain({ key: caseId }: Due, tx: Tx): Promise<void> {
    const file = await lockCase(tx, caseId);
    if (file?.case.stage.status !== 'recourse-paid' || (await isPaymentUnderWay(tx, caseId))) return;
    await askBankForMany(tx, 'bank/collect', [collectionOf(file, newId())]);
  }

  @OnErrands('bank/collect')
  async collect(dues: DueOfMany[]): Promise<(tx: Tx, taken: readonly DueOfMany[]) => Promise<void>> {
    const orders = await transact(this.source, (tx) => paymentOrders(tx, dues.map(({ key }) => key)), { readOnly: true });
    const answers = orders.length === 0 ? [] : await this.bank.collectMany(orders);
    return async (tx, taken) => {
      const files = new Map((await lockCases(tx, 'case_id', orders.map(({ caseId }) => caseId))).map((file) => [file.case.of.caseId, file]));
      const paid: Paid[] = [];
      for (const { order, answer, cause } of await noteAnswers(tx, orders, answers, taken)) {
        const file = files.get(order.caseId);
        if (file === undefined) continue;
        if (answer.outcome === 'done') paid.push({ file, order, cause });
        else await notPaid(tx, file, answer.reason, cause);
      }
      await collected(tx, paid);
    };
  }
}

const collectionOf = ({ case: { of, debtorId, holderId, ...rest } }: CaseFile, paymentId: string): Payment =>
  ({ paymentId, caseId: of.caseId, purpose: 'collect', fromId: debtorId, toId: holderId, amount: owed(rest) });

/** Most cases were bought or never open to bids by then: they have nothing to end. */
const endBidding = async (tx: Tx, { case: { of, stage, bids } }: CaseFile): Promise<void> => {
  if (stage.status !== 'bidding' && stage.status !== 'chosen') return;
  if (bids.length > 0) await retireBids(tx, of.caseId);
  await tx.unschedule('financing/bidding-closes', of.caseId);
};

const collected = async (tx: Tx, paid: readonly Paid[]): Promise<void> => {
  if (paid.length === 0) return;
  const after: CaseFile[] = [];
  const transfers: Transfer[] = [];
  const settled: Closed[] = [];
  for (const { file, order: { paymentId, amount: asked }, cause } of paid) {
    const { of, debtorId, holderId } = file.case;
    const amount = rials(asked);
    const received = must(receivePayment(file, paymentId, amount, dayOf(tx.now)));
    after.push(received.file);
    transfers.push(...transfersOf({ kind: 'payment-collected', id: paymentId, caseId: of.caseId, debtorId, holderId, amount, overdue: isOverdue(file.case) }));
    if (received.settled) settled.push({ of, lien: file.receivable.lien !== undefined, cause });
    await tx.publish(received.events, cause);
  }
  await saveCases(tx, after);
  await post(tx, transfers);
  await tx.unschedule('financing/protest-by', ...paid.flatMap(({ file }) => (file.case.stage.status === 'failed' ? [file.case.of.caseId] : [])));
  await closeCases(tx, settled);
};

const notPaid = async (tx: Tx, file: CaseFile, reason: string, cause: Because): Promise<void> => {
  const { of, holderId, stage } = file.case;
  if (stage.status === 'recourse-paid') return tx.schedule({ kind: 'financing/ask-again', key: of.caseId, dueAt: askAgainAt(tx.now) }, cause);
  // A late payment that the bank refused again changes nothing: the case is overdue already.
  if (stage.status !== 'due') return;
  const paper = isOnPaper(file) ? must(dishonour(file.paper, reason, dayOf(tx.now))).state : undefined;
  const protestBy = paper === undefined ? undefined : protestByOf(paper, legalHolidays);
  const decision = must(failPayment(file.case, reason, protestBy));
  await saveCase(tx, { ...file, case: decision.state, ...(paper === undefined ? {} : { paper }) });
  await post(tx, transfersOf({ kind: 'payment-failed', id: `${of.caseId}/failed`, caseId: of.caseId, holderId, amount: owed(file.case) }));
  if (protestBy !== undefined) await tx.schedule({ kind: 'financing/protest-by', key: of.caseId, dueAt: protestLostAt(protestBy) }, cause);
  await tx.publish(decision.events, cause);
};
