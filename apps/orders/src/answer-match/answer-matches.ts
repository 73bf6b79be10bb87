import { MatchReleased, MatchSecured, PurchaseOrderAccepted, PurchaseOrderChangeProposed, PurchaseOrderDeclined } from '@peyvand/contracts';
import { addDays, addHours, assertNever, dayOf, endOfDay, isoOf, refuse, type Day, type Decision, type Instant, type Refused } from '@peyvand/kernel';
import type { Deadline, Tx } from '@peyvand/messaging';
import type { AnyFact } from '../domain/any-fact.js';
import { matchData, namesOf, releaseData } from '../domain/match-data.js';
import { acceptMatch, declineMatch, proposeChange, type Change, type Match, type MatchRefusal } from '../domain/match.js';
import { settings } from '../orders.config.js';
import { lockMatches, updateMatches } from '../store/match.store.js';

export type Answer = {
  readonly matchId: string;
  readonly answer: 'accept' | 'decline' | 'change';
  readonly reason?: string;
  readonly promisedBy?: Day;
  readonly lines?: Change['lines'];
};

export type AnswerRefusal = 'match-not-found' | MatchRefusal;

/** The producer's answers to its purchase orders, all or none: the first that cannot stand refuses the lot. */
export const answerMatches = async (tx: Tx, sellerId: string, answers: readonly Answer[]): Promise<{ ok: true; matches: readonly Match[] } | Refused<AnswerRefusal>> => {
  const matches = new Map((await lockMatches(tx, answers.map(({ matchId }) => matchId))).map((match) => [match.matchId, match]));
  const after: (Match & { readonly answerBy: Instant })[] = [];
  const facts: AnyFact[] = [];
  for (const answer of answers) {
    const match = matches.get(answer.matchId);
    if (match === undefined || match.sellerId !== sellerId) return refuse('match-not-found', { matchId: answer.matchId });
    const decision = decide(match, answer, dayOf(tx.now));
    if (!decision.ok) return { ...decision, details: { ...decision.details, matchId: answer.matchId } };
    const decided = { ...decision.state, answerBy: waitOf(decision.state, tx.now) };
    after.push(decided);
    matches.set(answer.matchId, decided);
    facts.push(...factsOf(decided, answer));
  }
  await updateMatches(tx, after);
  await tx.schedule(after.filter(({ state }) => state !== 'released').map(deadlineOf));
  await tx.unschedule('orders/match-overdue', ...after.filter(({ state }) => state === 'released').map(({ matchId }) => matchId));
  await tx.publish(facts);
  return { ok: true, matches: after };
};

const decide = (match: Match, { answer, reason, promisedBy, lines }: Answer, today: Day): Decision<Match, never, MatchRefusal> => {
  switch (answer) {
    case 'accept': return acceptMatch(match);
    case 'decline': return declineMatch(match);
    case 'change': return proposeChange(match, { promisedBy: promisedBy ?? match.promisedBy, lines: lines ?? [], reason: reason ?? 'change' }, today);
    default: return assertNever(answer);
  }
};

/** Until when the match may stay as it is now. */
export const waitOf = (match: Match, now: Instant): Instant => {
  if (match.state === 'secured') return endOfDay(addDays(match.promisedBy, settings.dispatchGraceDays));
  return addHours(now, match.state === 'change-proposed' ? settings.changeAnswerHours : settings.securingHours);
};

export const deadlineOf = ({ matchId, answerBy }: Match & { readonly answerBy: Instant }): Deadline => ({ kind: 'orders/match-overdue', key: matchId, dueAt: answerBy });

const factsOf = (match: Match & { readonly answerBy: Instant }, { reason }: Answer): AnyFact[] => {
  if (match.state === 'released') {
    return [PurchaseOrderDeclined.of({ ...namesOf(match), reason: reason ?? 'declined' }), MatchReleased.of(releaseData(match))];
  }
  if (match.state === 'change-proposed' && match.change !== undefined) {
    const { change, answerBy } = match;
    return [PurchaseOrderChangeProposed.of({ ...namesOf(match), ...change, lines: [...change.lines], answerBy: isoOf(answerBy) })];
  }
  return acceptanceFacts(match);
};

/** Both sides agree; with cash terms the match is secured in the same breath. */
export const acceptanceFacts = (match: Match): AnyFact[] => [
  PurchaseOrderAccepted.of(matchData(match)),
  ...(match.state === 'secured' ? [MatchSecured.of({ ...namesOf(match), by: 'cash' })] : []),
];
