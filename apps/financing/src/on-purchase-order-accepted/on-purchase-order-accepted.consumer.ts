import { Controller } from '@nestjs/common';
import { FinancingDeclined, PurchaseOrderAccepted, type DataOf, type Fact } from '@peyvand/contracts';
import { dayOf, rials, type PartyId } from '@peyvand/kernel';
import { OnFacts, type Tx } from '@peyvand/messaging';
import type { MatchRef } from '../domain/case-ref.js';
import { carry, chooseLimit, reserve } from '../domain/limit.js';
import { coverOf } from '../financing.policy.js';
import { releaseComplete } from '../on-goods-received/release-complete.js';
import { CoverBook, reservationsOf } from '../store/cover-book.js';
import { lockLimitsOn } from '../store/limits.store.js';

type Accepted = Fact<DataOf<typeof PurchaseOrderAccepted>>;

/** Both sides agree: somebody's limit carries the match, or the seller is told that nobody's does. */
@Controller()
export class OnPurchaseOrderAccepted {
  @OnFacts(PurchaseOrderAccepted)
  async reserve(facts: Accepted[], tx: Tx): Promise<void> {
    const onAccount = facts.filter((fact) => fact.data.terms.instrument !== 'cash');
    const limits = await lockLimitsOn(tx, [...new Set(onAccount.map((fact) => fact.data.buyerId))], [...new Set(onAccount.map((fact) => fact.data.sellerId))]);
    const book = new CoverBook(limits, await reservationsOf(tx, onAccount.map((fact) => fact.data.matchId)));
    const covered = new Map<string, 'reserved' | 'declined'>();
    for (const fact of onAccount) covered.set(fact.data.matchId, await cover(tx, book, fact));
    await carryOpenCases(tx, book, onAccount);
    await book.save(tx);
    await tx.run(
      'update matches m set amount = n.amount, state = n.state from unnest($1::uuid[], $2::numeric[], $3::text[]) as n(match_id, amount, state) where m.match_id = n.match_id',
      [facts.map((f) => f.data.matchId), facts.map((f) => f.data.amount), facts.map((f) => covered.get(f.data.matchId) ?? 'opened')]);
    await releaseComplete(tx, onAccount);
  }
}

/** Orders and delivery keep no order between them: goods may be received and invoiced before this is heard, and then it is their debt that is carried. */
const carryOpenCases = async (tx: Tx, book: CoverBook, facts: readonly Accepted[]): Promise<void> => {
  const rows = await tx.sql<{ case_id: string; match_id: string; face: string }>(
    "select case_id, match_id, face::text from cases where match_id = any($1::uuid[]) and status <> 'settled' order by case_id", [facts.map((fact) => fact.data.matchId)]);
  for (const row of rows) {
    for (const covered of book.covered(row.match_id)) {
      const used = covered.reservation.for === 'match' ? carry(covered, row.case_id, rials(row.face), dayOf(tx.now)) : undefined;
      if (used?.ok === true) book.put(used.state);
    }
  }
};

const cover = async (tx: Tx, book: CoverBook, fact: Accepted): Promise<'reserved' | 'declined'> => {
  const of = refOf(fact);
  const on = dayOf(tx.now);
  const amount = coverOf(rials(fact.data.amount), on);
  if (!book.covered(of.matchId).next().done) return 'reserved';
  const chosen = chooseLimit(book.allLimits(), of, amount, on);
  if (!chosen.ok) {
    await tx.publish(FinancingDeclined.of({ ...of, reason: chosen.reason, amount: String(amount) }), fact);
    return 'declined';
  }
  const decision = reserve(chosen.state, undefined, { of, amount, on });
  if (!decision.ok) throw new Error(`A limit was chosen that cannot carry match ${of.matchId}: ${decision.reason}`);
  book.put(decision.state);
  await tx.publish(decision.events, fact);
  return 'reserved';
};

const refOf = ({ data }: Accepted): MatchRef => ({ orderId: data.orderId, matchId: data.matchId, buyerId: data.buyerId as PartyId, sellerId: data.sellerId as PartyId });
