import type { PartyId, Day } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { FinancingFact } from '../domain/case-ref.js';
import type { FinancingCase } from '../domain/financing-case.js';
import { reserve, use } from '../domain/limit.js';
import { CoverBook, reservationsOf } from '../store/cover-book.js';
import { lockFunderLimits } from '../store/limits.store.js';

/** The reasons of FinancingDeclined. */
export type NotCarried = 'no-limit' | 'limit-too-small';
export type Purchase = { readonly case: FinancingCase; readonly funderId: PartyId };

/** The limits the funders of these purchases hold on their debtors, locked, with what the matches hold of any limit. */
export const openPurchases = async (tx: Tx, purchases: readonly Purchase[]): Promise<CoverBook> =>
  new CoverBook(
    await lockFunderLimits(tx, purchases.map(({ case: { of }, funderId }) => ({ funderId, debtorId: of.buyerId }))),
    await reservationsOf(tx, [...new Set(purchases.map(({ case: { of } }) => of.matchId))]));

/** The funder's own limit on this buyer carries the debt from now on: the facts of that, or why it cannot. */
export const useLimit = (book: CoverBook, { case: { of, face }, funderId }: Purchase, on: Day): { readonly events: readonly FinancingFact[] } | NotCarried => {
  const limit = book.allLimits().find(({ grantorId, debtorId }) => grantorId === funderId && debtorId === of.buyerId);
  if (limit === undefined) return 'no-limit';
  const reservation = book.reservation(of.matchId, limit.id);
  const covered = reservation === undefined ? reserve(limit, undefined, { of, amount: face, on, for: 'purchase' }) : { ok: true as const, state: { limit, reservation }, events: [] };
  const used = covered.ok ? use(covered.state, of.caseId, face, on) : covered;
  if (!covered.ok || !used.ok) return 'limit-too-small';
  book.put(used.state);
  return { events: [...covered.events, ...used.events] };
};
