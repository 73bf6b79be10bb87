import type { Tx } from '@peyvand/messaging';
import type { CaseRef } from '../domain/case-ref.js';
import { releaseUse } from '../domain/limit.js';
import { changeCover } from '../store/cover-book.js';
import { endLien } from '../store/liens.store.js';

/** Nothing is owed any more: the lien ends, and every limit that carried the debt is free of it. Needs the service's own view of limits. */
export const closeCase = async (tx: Tx, { caseId, matchId }: CaseRef, lien: 'lien' | 'no-lien' = 'lien'): Promise<void> => {
  if (lien === 'lien') await endLien(tx, caseId);
  await changeCover(tx, [matchId], (covered) => releaseUse(covered, caseId));
};

/** The same from a caller's transaction, which may not touch other parties' limits: in a transaction of its own right after. */
export const closeCaseSoon = (tx: Tx, { caseId }: CaseRef): Promise<void> => tx.schedule({ kind: 'financing/close-case', key: caseId, dueAt: tx.now });
