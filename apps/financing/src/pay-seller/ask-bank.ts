import type { Money } from '@peyvand/kernel';
import type { Due, Tx } from '@peyvand/messaging';
import { bankAgainAt } from '../financing.policy.js';
import type { PaymentOrder } from '../ports/bank.js';

export type AskedPayment = PaymentOrder & { readonly caseId: string };

export type Payment = {
  readonly paymentId: string; readonly caseId: string; readonly purpose: 'disburse' | 'collect' | 'recourse'; readonly fromId: string; readonly toId: string; readonly amount: Money;
};

/** Records the payment and has the bank asked once this transaction stands. */
export const askBank = async (tx: Tx, errand: 'bank/pay' | 'bank/collect' | 'bank/recourse', payment: Payment): Promise<void> => {
  const { paymentId, caseId, purpose, fromId, toId, amount } = payment;
  await tx.run('insert into payments (payment_id, case_id, purpose, from_id, to_id, amount, parties) values ($1, $2, $3, $4, $5, $6, array[$4::uuid, $5::uuid])',
    [paymentId, caseId, purpose, fromId, toId, String(amount)]);
  await tx.schedule({ kind: errand, key: paymentId, dueAt: tx.now, data: { caseId } });
};

/** The bank does not know yet; the same errand runs again, with the same id. */
export const askLater = (tx: Tx, { kind, key, data }: Due): Promise<void> => tx.schedule({ kind, key, dueAt: bankAgainAt(tx.now), data });

/** What the bank is asked: the accounts are looked up when it is asked, so that a changed Sheba counts. */
export const paymentOrder = async (tx: Tx, paymentId: string): Promise<AskedPayment | undefined> => {
  const [row] = await tx.sql<{ case_id: string; from_id: string; amount: string; from_sheba: string | null; to_sheba: string | null }>(
    `select p.case_id, p.from_id, p.amount::text, coalesce(ff.sheba, fa.sheba) as from_sheba, coalesce(ta.sheba, tf.sheba) as to_sheba
     from payments p
     left join funders ff on ff.party_id = p.from_id left join accounts fa on fa.party_id = p.from_id
     left join funders tf on tf.party_id = p.to_id left join accounts ta on ta.party_id = p.to_id and ta.state = 'verified'
     where p.payment_id = $1 and p.state = 'asked'`, [paymentId]);
  return row === undefined ? undefined : { paymentId, caseId: row.case_id, debtorId: row.from_id, amount: row.amount, fromSheba: row.from_sheba ?? '', toSheba: row.to_sheba ?? '' };
};

/** Is money on its way on this case, whoever pays it? Asked with the case locked, so that no second payment starts beside it. */
export const isPaymentUnderWay = async (tx: Tx, caseId: string): Promise<boolean> =>
  (await tx.sql<{ running: boolean }>('select payment_under_way($1) as running', [caseId]))[0]?.running === true;

/** Notes the bank's word; false when it was noted before. */
export const noteAnswer = async (tx: Tx, paymentId: string, answer: { readonly outcome: 'done' | 'refused'; readonly bankRef?: string; readonly reason?: string }): Promise<boolean> =>
  (await tx.run("update payments set state = $2, bank_ref = $3, reason = $4 where payment_id = $1 and state = 'asked'", [paymentId, answer.outcome, answer.bankRef ?? null, answer.reason ?? null])) === 1;
