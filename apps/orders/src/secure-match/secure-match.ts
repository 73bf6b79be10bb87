import { MatchSecured } from '@peyvand/contracts';
import { refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { deadlineOf, waitOf, type AnswerRefusal } from '../answer-match/answer-matches.js';
import { namesOf } from '../domain/match-data.js';
import { secureByWord, type Match } from '../domain/match.js';
import { lockMatches, updateMatches } from '../store/match.store.js';

/** No limit carries the match, and its seller sends the goods all the same: on open terms, or for cash first. */
export const secureMatch = async (tx: Tx, sellerId: string, matchId: string, by: 'open-terms' | 'cash'): Promise<{ ok: true; match: Match } | Refused<AnswerRefusal>> => {
  const [match] = await lockMatches(tx, [matchId]);
  if (match === undefined || match.sellerId !== sellerId) return refuse('match-not-found');
  const decision = secureByWord(match, by);
  if (!decision.ok) return decision;
  const after = { ...decision.state, answerBy: waitOf(decision.state, tx.now) };
  await updateMatches(tx, [after]);
  await tx.schedule(deadlineOf(after));
  await tx.publish(MatchSecured.of({ ...namesOf(after), by }));
  return { ok: true, match: after };
};
