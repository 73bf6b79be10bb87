import type { Money } from '@peyvand/kernel';
import type { Because, Due, DueOfMany, Tx } from '@peyvand/messaging';
import { bankAgainAt } from '../financing.policy.js';
import type { PaymentAnswer, PaymentOrder } from '../ports/bank.js';

export type AskedPayment = PaymentOrder & { readonly caseId: string };

export type Payment = {
  readonly paymentId: string; readonly caseId: string; readonly purpose: 'disburse' | 'collect' | 'recourse'; readonly fromId: string; readonly toId: string; readonly amount: Money;
};

/** Records the payment and has the bank asked once this transaction stands. */
export const askBank = async (tx: Tx, errand: 'bank/pay' | 'bank/collect' | 'bank/recourse', payment: Payment): Promise<void> => {
  await askBankForMany(tx, errand, [payment]);
};

/** The same for many; each payment may name the cause of its story. */
export const askBankForMany = async (tx: Tx, errand: 'bank/pay' | 'bank/collect' | 'bank/recourse', payments: readonly (Payment & { readonly cause?: Because | undefined })[]): Promise<void> => {
  if (payments.length === 0) return;
  await tx.run(
    `insert into payments (payment_id, case_id, purpose, from_id, to_id, amount, parties) select payment_id, case_id, purpose, from_id, to_id, amount, array[from_id, to_id]
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::numeric[]) as p(payment_id, case_id, purpose, from_id, to_id, amount)`,
    [payments.map((p) => p.paymentId), payments.map((p) => p.caseId), payments.map((p) => p.purpose), payments.map((p) => p.fromId), payments.map((p) => p.toId), payments.map((p) => String(p.amount))]);
  await tx.schedule(payments.map(({ paymentId, caseId, cause }) => ({ kind: errand, key: paymentId, dueAt: tx.now, data: { caseId }, ...(cause === undefined ? {} : { cause }) })));
};

/** The bank does not know yet; the same errand runs again, with the same id. */
export const askLater = (tx: Tx, { kind, key, data }: Due): Promise<void> => tx.schedule({ kind, key, dueAt: bankAgainAt(tx.now), data });

/** What the bank is asked: the accounts are looked up when it is asked, so that a changed Sheba counts. */
export const paymentOrder = async (tx: Tx, paymentId: string): Promise<AskedPayment | undefined> => (await paymentOrders(tx, [paymentId]))[0];

/** The same for many; payments that were answered meanwhile are not among them. */
export const paymentOrders = async (tx: Tx, paymentIds: readonly string[]): Promise<AskedPayment[]> => {
  const rows = await tx.sql<{ payment_id: string; case_id: string; from_id: string; amount: string; from_sheba: string | null; to_sheba: string | null }>(
    `select p.payment_id, p.case_id, p.from_id, p.amount::text, coalesce(ff.sheba, fa.sheba) as from_sheba, coalesce(ta.sheba, tf.sheba) as to_sheba
     from payments p
     left join funders ff on ff.party_id = p.from_id left join accounts fa on fa.party_id = p.from_id
     left join funders tf on tf.party_id = p.to_id left join accounts ta on ta.party_id = p.to_id and ta.state = 'verified'
     where p.payment_id = any($1::uuid[]) and p.state = 'asked'`, [paymentIds]);
  return rows.map((row) => ({ paymentId: row.payment_id, caseId: row.case_id, debtorId: row.from_id, amount: row.amount, fromSheba: row.from_sheba ?? '', toSheba: row.to_sheba ?? '' }));
};

/** Is money on its way on this case, whoever pays it? Asked with the case locked, so that no second payment starts beside it. */
export const isPaymentUnderWay = async (tx: Tx, caseId: string): Promise<boolean> =>
  (await tx.sql<{ running: boolean }>('select payment_under_way($1) as running', [caseId]))[0]?.running === true;

/** Notes the bank's word; false when it was noted before. */
export const noteAnswer = async (tx: Tx, paymentId: string, answer: { readonly outcome: 'done' | 'refused'; readonly bankRef?: string; readonly reason?: string }): Promise<boolean> =>
  (await tx.run("update payments set state = $2, bank_ref = $3, reason = $4 where payment_id = $1 and state = 'asked'", [paymentId, answer.outcome, answer.bankRef ?? null, answer.reason ?? null])) === 1;

export type Answered = { readonly order: AskedPayment; readonly answer: Exclude<PaymentAnswer, { outcome: 'pending' }>; readonly cause: DueOfMany };

/** Sorts what the bank said of a lot: payments it does not know of yet are asked for again, the others' words are noted once and answered. */
export const noteAnswers = async (tx: Tx, asked: readonly AskedPayment[], answers: readonly PaymentAnswer[], taken: readonly DueOfMany[]): Promise<Answered[]> => {
  const dues = new Map(taken.map((due) => [due.key, due]));
  const heard: Answered[] = [];
  const later: DueOfMany[] = [];
  asked.forEach((order, index) => {
    const [answer, cause] = [answers[index], dues.get(order.paymentId)];
    if (answer === undefined || cause === undefined) return;
    if (answer.outcome === 'pending') later.push(cause);
    else heard.push({ order, answer, cause });
  });
  await tx.schedule(later.map((cause) => ({ kind: cause.kind, key: cause.key, dueAt: bankAgainAt(tx.now), data: cause.data, cause })));
  if (heard.length === 0) return [];
  const rows = await tx.sql<{ payment_id: string }>(
    `update payments p set state = n.state, bank_ref = n.bank_ref, reason = n.reason from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as n(payment_id, state, bank_ref, reason)
     where p.payment_id = n.payment_id and p.state = 'asked' returning p.payment_id`,
    [heard.map(({ order }) => order.paymentId), heard.map(({ answer }) => answer.outcome), heard.map(({ answer }) => ('bankRef' in answer ? answer.bankRef : null)), heard.map(({ answer }) => ('reason' in answer ? answer.reason : null))]);
  const noted = new Set(rows.map((row) => row.payment_id));
  return heard.filter(({ order }) => noted.has(order.paymentId));
};
