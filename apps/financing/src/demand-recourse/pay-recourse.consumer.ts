import { Controller } from '@nestjs/common';
import { dayOf, type PartyId } from '@peyvand/kernel';
import { OnErrand, Source, transact, type Due, type Tx } from '@peyvand/messaging';
import { payRecourse, remainder } from '../domain/barat.js';
import { recordRecoursePaid } from '../domain/financing-case.js';
import { transfersOf } from '../domain/ledger.js';
import { askAgainAt } from '../financing.policy.js';
import { must } from '../must.js';
import { askLater, noteAnswer, paymentOrder } from '../pay-seller/ask-bank.js';
import { Bank } from '../ports/bank.js';
import { lockCase, saveCase } from '../store/cases.store.js';
import { post } from '../store/ledger.store.js';

@Controller()
export class PayRecourse {
  constructor(private readonly source: Source, private readonly bank: Bank) {}

  @OnErrand('bank/recourse')
  async pay(due: Due): Promise<(tx: Tx) => Promise<void>> {
    const paymentId = due.key;
    const order = await transact(this.source, (tx) => paymentOrder(tx, paymentId), { readOnly: true });
    if (order === undefined) return async () => {};
    const answer = await this.bank.pay(order);
    if (answer.outcome === 'pending') return (tx) => askLater(tx, due);
    return async (tx) => {
      const file = await lockCase(tx, order.caseId);
      if (file?.paper === undefined || !(await noteAnswer(tx, paymentId, answer)) || answer.outcome === 'refused') return;
      const by = order.debtorId as PartyId;
      const { holderId } = file.paper;
      const amount = remainder(file.paper);
      const paid = must(payRecourse(file.paper, by, paymentId, dayOf(tx.now)));
      const recorded = must(recordRecoursePaid(file.case, by));
      await saveCase(tx, { ...file, case: recorded.state, paper: paid.state });
      await post(tx, transfersOf({ kind: 'recourse-paid', id: paymentId, caseId: file.case.of.caseId, holderId, byId: by, amount }));
      await tx.schedule({ kind: 'financing/ask-again', key: order.caseId, dueAt: askAgainAt(tx.now) });
      await tx.publish([...paid.events, ...recorded.events]);
    };
  }
}
