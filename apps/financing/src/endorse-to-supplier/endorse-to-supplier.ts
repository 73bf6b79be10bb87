import { dayOf, newId, refuse, type PartyId } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { endorse } from '../domain/barat.js';
import { closeCaseSoon } from '../close-case/close-case.js';
import { receivePayment } from '../collect-payment/receive-payment.js';
import { endorseToSupplier, isOverdue, owed } from '../domain/financing-case.js';
import { transfersOf } from '../domain/ledger.js';
import { placeLien, transferReceivable } from '../domain/receivable.js';
import { must } from '../must.js';
import { isPaymentUnderWay } from '../pay-seller/ask-bank.js';
import { retireBids } from '../store/bids.store.js';
import { lockCase, saveCase, type CaseFile } from '../store/cases.store.js';
import { insertLien } from '../store/liens.store.js';
import { post } from '../store/ledger.store.js';

export type EndorseToSupplier = { readonly caseId: string; readonly toId: PartyId; readonly settlesCaseId?: string };

/** Endorsement, lien, notice and the debt it pays, in one transaction. */
export const endorseToSupplierOf = async (tx: Tx, by: PartyId, { caseId, toId, settlesCaseId }: EndorseToSupplier) => {
  const file = await lockCase(tx, caseId);
  if (file === undefined) return refuse('case-not-found');
  if (file.paper === undefined) return refuse('no-paper');
  const on = dayOf(tx.now);
  const endorsed = endorse(file.paper, { by, toId, on, purpose: 'payment-to-supplier', ...(settlesCaseId === undefined ? {} : { settlesCaseId }) });
  if (!endorsed.ok) return endorsed;
  const decided = endorseToSupplier(file.case, by, toId, settlesCaseId);
  if (!decided.ok) return decided;
  const lien = { holderId: toId, kind: 'endorsement', on } as const;
  const pledged = placeLien(file.receivable, lien);
  if (!pledged.ok) return pledged;
  const paid = settlesCaseId === undefined ? undefined : await debtPaidWith(tx, file, settlesCaseId, by, toId);
  if (paid !== undefined && !paid.ok) return paid;
  const after: CaseFile = { ...file, case: decided.state, receivable: must(transferReceivable(pledged.state, toId)).state, paper: endorsed.state };
  await insertLien(tx, file.case.of, lien);
  await saveCase(tx, after);
  await retireBids(tx, caseId);
  await tx.unschedule('financing/bidding-closes', caseId);
  await post(tx, transfersOf({
    kind: 'endorsed-at-face', id: `${caseId}/endorsed/${after.paper?.endorsements.length ?? 0}`, caseId, fromId: by, toId, face: file.case.face,
    ...(settlesCaseId === undefined || paid === undefined ? {} : { settles: { caseId: settlesCaseId, overdue: paid.overdue } }),
  }));
  await tx.publish([...endorsed.events, ...decided.events, ...(paid?.events ?? [])]);
  return { ok: true as const };
};

/** The endorser's debt to whom it endorses, paid by the paper's face: it must be owed by the one to the other, and be no smaller than the face. */
const debtPaidWith = async (tx: Tx, { case: { face } }: CaseFile, settlesCaseId: string, by: PartyId, toId: PartyId) => {
  const debt = await lockCase(tx, settlesCaseId);
  if (debt === undefined || debt.case.debtorId !== by || debt.case.holderId !== toId) return refuse('debt-not-found');
  if (owed(debt.case) < face) return refuse('face-above-debt', { owed: String(owed(debt.case)), face: String(face) });
  if (await isPaymentUnderWay(tx, settlesCaseId)) return refuse('payment-under-way');
  const received = receivePayment(debt, newId(), face, dayOf(tx.now));
  if (!received.ok) return received;
  await saveCase(tx, received.file);
  if (received.settled) await closeCaseSoon(tx, debt.case.of);
  return { ok: true as const, overdue: isOverdue(debt.case), events: received.events };
};
