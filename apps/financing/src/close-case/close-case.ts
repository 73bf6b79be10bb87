import type { Because, Tx } from '@peyvand/messaging';
import type { CaseRef } from '../domain/case-ref.js';
import { releaseUse } from '../domain/limit.js';
import { changeCover, forEach } from '../store/cover-book.js';
import { endLiens } from '../store/liens.store.js';

/** `cause` is for batches. */
export type Closed = { readonly of: CaseRef; readonly lien: boolean; readonly cause?: Because };

/** Nothing is owed any more: the lien ends, and every limit that carried the debt is free of it. Needs the service's own view of limits. */
export const closeCases = async (tx: Tx, closed: readonly Closed[]): Promise<void> => {
  if (closed.length === 0) return;
  await endLiens(tx, closed.flatMap(({ of, lien }) => (lien ? [of.caseId] : [])));
  const byMatch = new Map<string, Closed[]>();
  for (const one of closed) byMatch.set(one.of.matchId, [...(byMatch.get(one.of.matchId) ?? []), one]);
  await changeCover(tx, [...byMatch.keys()],
    (covered) => forEach(covered, byMatch.get(covered.reservation.of.matchId) ?? [], (now, { of }) => releaseUse(now, of.caseId)),
    (matchId) => byMatch.get(matchId)?.[0]?.cause);
};

export const closeCase = (tx: Tx, of: CaseRef): Promise<void> => closeCases(tx, [{ of, lien: true }]);

/** The same from a caller's transaction, which may not touch other parties' limits: in a transaction of its own right after. */
export const closeCaseSoon = (tx: Tx, { caseId }: CaseRef): Promise<void> => tx.schedule({ kind: 'financing/close-case', key: caseId, dueAt: tx.now });
