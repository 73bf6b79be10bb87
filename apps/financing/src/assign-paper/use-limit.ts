import { dayOf, type PartyId } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { FinancingCase } from '../domain/financing-case.js';
import { reserve, use } from '../domain/limit.js';
import { CoverBook, reservationsOf } from '../store/cover-book.js';
import { lockLimit } from '../store/limits.store.js';

/** The reasons of FinancingDeclined. */
export type NotCarried = 'no-limit' | 'limit-too-small';

/** The funder's own limit on this buyer carries the debt from now on; undefined when it does, or why it cannot. */
export const useLimit = async (tx: Tx, { of, face }: FinancingCase, funderId: PartyId): Promise<NotCarried | undefined> => {
  const limit = await lockLimit(tx, funderId, of.buyerId, 'funder');
  if (limit === undefined) return 'no-limit';
  const book = new CoverBook([limit], await reservationsOf(tx, [of.matchId]));
  const on = dayOf(tx.now);
  const reservation = book.reservation(of.matchId, limit.id);
  const covered = reservation === undefined ? reserve(limit, undefined, { of, amount: face, on, for: 'purchase' }) : { ok: true as const, state: { limit, reservation }, events: [] };
  const used = covered.ok ? use(covered.state, of.caseId, face, on) : covered;
  if (!covered.ok || !used.ok) return 'limit-too-small';
  book.put(used.state);
  await book.save(tx);
  await tx.publish([...covered.events, ...used.events]);
  return undefined;
};
