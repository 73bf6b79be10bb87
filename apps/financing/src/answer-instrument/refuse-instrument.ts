import { dayOf, refuse, type PartyId } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { lapsePresentment, refusePaper, type Instrument } from '../domain/barat.js';
import { goWithoutPaper } from '../domain/financing-case.js';
import { lockCaseOfInstrument, saveCase, type CaseFile } from '../store/cases.store.js';

/** The drawee refuses to accept (نکول); the seller is left with the open debt. */
export const refuseInstrument = async (tx: Tx, instrumentId: string, by: PartyId, reason: string) => {
  const file = await lockCaseOfInstrument(tx, instrumentId);
  if (file?.paper === undefined) return refuse('paper-not-found');
  return withoutPaper(tx, file, refusePaper(file.paper, by, reason, dayOf(tx.now)));
};

/** Nobody answered within 24 hours, which counts as a refusal. */
export const lapseInstrument = async (tx: Tx, instrumentId: string) => {
  const file = await lockCaseOfInstrument(tx, instrumentId);
  if (file?.paper === undefined) return refuse('paper-not-found');
  return withoutPaper(tx, file, lapsePresentment(file.paper, tx.now));
};

const withoutPaper = async <R extends ReturnType<typeof refusePaper> | ReturnType<typeof lapsePresentment>>(tx: Tx, file: CaseFile, refused: R) => {
  if (!refused.ok) return refused;
  await saveCase(tx, endPaper(file, refused.state));
  await tx.unschedule('financing/answer-by', refused.state.id);
  await tx.publish(refused.events);
  return { ok: true as const };
};

/** The refused paper in its folder. A debt that was paid or called while the paper lay with the drawee stays as it is. */
export const endPaper = (file: CaseFile, paper: Instrument): CaseFile => {
  const without = goWithoutPaper(file.case, 'paper-refused');
  return { ...file, case: without.ok ? without.state : file.case, paper };
};
