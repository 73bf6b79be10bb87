import { accept, dayOf, newId, refuse, type Instant, type PartyId } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { answerByOf, draw, present } from '../domain/barat.js';
import type { InstrumentKind } from '../domain/instrument-form.js';
import { stampDutyFor } from '../financing.policy.js';
import { lockCase, lockCaseOfInvoice, saveCase, type CaseFile } from '../store/cases.store.js';

export type DrawInstrument = { readonly caseId?: string; readonly invoiceId?: string; readonly kind?: InstrumentKind };

/** The seller draws paper for the approved amount and presents it; the drawee has 24 hours to answer (Commercial Code 235). */
export const drawInstrument = async (tx: Tx, by: PartyId, { caseId, invoiceId, kind }: DrawInstrument) => {
  const file = caseId === undefined ? await lockCaseOfInvoice(tx, invoiceId ?? '') : await lockCase(tx, caseId);
  if (file === undefined) return refuse('case-not-found');
  if (by !== file.case.of.sellerId) return refuse('not-the-seller');
  const drawn = drawPaper(file, tx.now, kind);
  if (!drawn.ok) return drawn;
  await saveCase(tx, { ...file, paper: drawn.state });
  await tx.schedule({ kind: 'financing/answer-by', key: drawn.state.id, dueAt: answerByOf(tx.now) });
  await tx.publish(drawn.events);
  return { ok: true as const, instrument: drawn.state };
};

/** Paper for the whole approved amount, drawn and presented. */
export const drawPaper = (file: Pick<CaseFile, 'case' | 'receivable' | 'paper'>, now: Instant, kind?: InstrumentKind) => {
  const { case: of, receivable } = file;
  const agreed = receivable.terms.instrument;
  if (agreed !== 'barat' && agreed !== 'safte') return refuse('terms-without-paper');
  if (file.paper !== undefined) return refuse('already-drawn');
  if (of.stage.status !== 'opened') return refuse('not-open');
  const today = dayOf(now);
  const drawn = draw({
    id: newId(), of: of.of, kind: kind ?? agreed, scheme: 'paper', stampDuty: stampDutyFor(of.face, today), approved: { amount: of.face, on: today },
    form: {
      drawerSigned: true, named: true, drawnOn: today, draweeId: of.of.buyerId, amount: { words: [of.face], digits: of.face }, maturity: of.dueOn,
      payPlace: 'تهران', payeeId: of.of.sellerId, copy: 1,
    },
  });
  if (!drawn.ok) return drawn;
  const presented = present(drawn.state, now);
  return presented.ok ? accept(presented.state, ...drawn.events, ...presented.events) : presented;
};
