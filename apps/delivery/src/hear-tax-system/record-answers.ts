import { addDays, dayOf, endOfDay, instant, isoOf, startOfDay, type Instant } from '@peyvand/kernel';
import type { Deadline, Tx } from '@peyvand/messaging';
import { hear, isRegistered, type NumberedDocument, type TaxAnswer } from '../domain/tax-document.js';
import { goOn } from '../send-to-tax/errand.js';
import { cancelTaxDocuments, heldBack, lockByTaxId, updateTaxDocuments } from '../store/tax.store.js';

export const [taxNews, taxSilence] = ['delivery/tax-news', 'delivery/tax-silence'];

/** Records what the tax system said, in its order. Repetitions change nothing; ids that are not ours (sellers report other sales too) are left alone. */
export const recordAnswers = async (tx: Tx, answers: readonly TaxAnswer[]): Promise<void> => {
  if (answers.length === 0) return;
  const ours = await lockByTaxId(tx, [...new Set(answers.map(({ taxId }) => taxId))]);
  const changed = new Map<string, NumberedDocument>();
  for (const answer of answers) {
    const before = ours.get(answer.taxId);
    const after = before === undefined ? undefined : hear(before, answer);
    if (after === undefined || after === before) continue;
    ours.set(answer.taxId, after);
    changed.set(answer.taxId, after);
  }
  const now = [...changed.values()];
  await updateTaxDocuments(tx, now);
  await follow(tx, now);
};

/** Listens again: within the hour while something sent has no answer, else on the next day. Named by its moment, so that asking twice is once. */
export const listenAgain = (now: Instant, soon: boolean): Deadline => {
  const dueAt = soon ? instant(Math.floor(now / hourMs + 1) * hourMs) : startOfDay(addDays(dayOf(now), 1));
  return { kind: taxNews, key: isoOf(dueAt), dueAt };
};
const hourMs = 3_600_000;

/** What a new state sets going: the wait for the buyer's word, what held back for this document, the end of the one it corrects. */
const follow = async (tx: Tx, changed: readonly NumberedDocument[]): Promise<void> => {
  if (changed.length === 0) return;
  const settled = changed.filter((document) => isRegistered(document) || document.state === 'refused');
  const corrected = settled.flatMap((document) => (document.subject === 'corrective' && isRegistered(document) ? [document.originalId] : []));
  if (corrected.length > 0) await cancelTaxDocuments(tx, corrected);
  const waiting = settled.length === 0 ? [] : await heldBack(tx, { originals: settled.map(({ id }) => id) });
  // One deadline for all that were registered on a day, not one for each.
  const days = new Set(changed.flatMap((document) => (document.state === 'awaiting-reaction' ? [document.reactBy] : [])));
  await tx.schedule([
    ...[...days].map((day) => ({ kind: taxSilence, key: day, dueAt: endOfDay(day) })),
    ...goOn(waiting, tx.now),
    listenAgain(tx.now, changed.some(({ state }) => state === 'sent')),
  ]);
};
