import { MatchReleased } from '@peyvand/contracts';
import { refuse, type Refused } from '@peyvand/kernel';
import { currentCause, type Tx } from '@peyvand/messaging';
import { acceptanceFacts, deadlineOf, waitOf, type AnswerRefusal } from '../answer-match/answer-matches.js';
import { releaseData } from '../domain/match-data.js';
import { answerChange, remainderOf, type Match } from '../domain/match.js';
import { lockMatches, updateMatches } from '../store/match.store.js';

/** The buyer's word on the producer's change: the match goes on with what is left of it, or it is over and all of it is matched anew. */
export const answerMatchChange = async (tx: Tx, buyerId: string, matchId: string, answer: 'accept' | 'refuse'): Promise<{ ok: true; match: Match } | Refused<AnswerRefusal>> => {
  const [match] = await lockMatches(tx, [matchId]);
  if (match === undefined || match.buyerId !== buyerId) return refuse('match-not-found');
  const decision = answerChange(match, answer);
  if (!decision.ok) return decision;
  const after = { ...decision.state, answerBy: waitOf(decision.state, tx.now) };
  await updateMatches(tx, [after]);
  if (after.state === 'released') {
    await tx.unschedule('orders/match-overdue', matchId);
    await tx.publish(MatchReleased.of(releaseData(after)));
    return { ok: true, match: after };
  }
  await tx.schedule(deadlineOf(after));
  const lines = remainderOf(match, after);
  const data = { orderId: match.orderId, sellerId: match.sellerId, lines, correlationid: currentCause().correlationid ?? match.orderId };
  if (lines.length > 0) await tx.schedule({ kind: 'orders/leftover', key: matchId, dueAt: tx.now, data });
  await tx.publish(acceptanceFacts(after));
  return { ok: true, match: after };
};
