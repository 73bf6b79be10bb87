import type { MatchLine, PaymentTerms, Place } from '@peyvand/contracts';
import { accept, priceOf, refuse, rials, sumOf, type Day, type Decision, type Instant } from '@peyvand/kernel';
import type { LineMatch } from '@peyvand/matching';

/** What the producer would rather deliver. Quantities per line, never more than was ordered. */
export type Change = { readonly promisedBy: Day; readonly lines: readonly { readonly lineId: string; readonly quantity: number }[]; readonly reason: string };

/** proposed → issued → (change-proposed →) accepted → secured → done; released from any state before goods have left. */
export type MatchState = 'proposed' | 'issued' | 'change-proposed' | 'accepted' | 'secured' | 'done' | 'released';
export type ReleaseReason = 'declined' | 'not-answered' | 'award-refused' | 'order-cancelled' | 'not-secured' | 'change-refused' | 'not-dispatched';
export type Security = 'funder-limit' | 'seller-limit' | 'cash' | 'open-terms';

/** What a line costs its buyer with this offer, and what it was chosen over. Decimal rials per unit; for the buyer alone. */
export type LineCost = LineMatch['perUnit'] & Pick<LineMatch, 'lineId' | 'offerId' | 'distanceKm' | 'runnerUp'>;

export type Match = {
  readonly matchId: string;
  readonly orderId: string;
  readonly buyerId: string;
  readonly sellerId: string;
  readonly poNumber: string;
  readonly market: string;
  readonly lines: readonly MatchLine[];
  readonly terms: PaymentTerms;
  /** Goods value before tax, rials. */
  readonly amount: string;
  readonly shipTo: Place;
  readonly neededBy: Day;
  readonly promisedBy: Day;
  readonly parentMatchId?: string;
  readonly state: MatchState;
  readonly answerBy?: Instant;
  readonly change?: Change;
  readonly financingDeclined: boolean;
  readonly securedBy?: Security;
  readonly dispatched: boolean;
  readonly reason?: string;
  /** Released before a purchase order was issued: the producer never heard of it. */
  readonly untold?: true;
  /** Stored when the match is made; read only by the order's own page. */
  readonly costs?: readonly LineCost[];
  readonly version: number;
};

export type MatchRefusal = 'match-already-answered' | 'match-not-awarded' | 'change-not-smaller' | 'change-line-unknown' | 'no-change-to-answer' | 'match-not-accepted' | 'match-already-secured' | 'promise-past';

/** The producer takes the purchase order as it stands. */
export const acceptMatch = (match: Match): Decision<Match, never, MatchRefusal> => (match.state === 'issued' ? accept(settledTerms(match)) : refuse(notIssued(match)));

export const declineMatch = (match: Match, reason: ReleaseReason = 'declined'): Decision<Match, never, MatchRefusal> =>
  match.state === 'issued' ? accept(released(match, reason)) : refuse(notIssued(match));

/** The producer would take less, or deliver on another day; the buyer answers. More than was ordered is not a change but another order. */
export const proposeChange = (match: Match, change: Change, today: Day): Decision<Match, never, MatchRefusal> => {
  if (match.state !== 'issued') return refuse(notIssued(match));
  if (change.promisedBy < today) return refuse('promise-past');
  for (const { lineId, quantity } of change.lines) {
    const ordered = orderedOf(match, lineId);
    if (ordered === 0) return refuse('change-line-unknown', { lineId });
    if (quantity > ordered) return refuse('change-not-smaller', { lineId, ordered });
  }
  const whole = { ...change, lines: linesOf(match).map((line) => change.lines.find(({ lineId }) => lineId === line.lineId) ?? line) };
  if (whole.lines.every(({ quantity }) => quantity === 0)) return refuse('change-not-smaller', { use: 'decline' });
  return accept({ ...match, state: 'change-proposed', change: whole });
};

/** The buyer takes the producer's change (the match goes on with fewer units) or not (it is released). */
export const answerChange = (match: Match, answer: 'accept' | 'refuse'): Decision<Match, never, MatchRefusal> => {
  if (match.state !== 'change-proposed' || match.change === undefined) return refuse('no-change-to-answer');
  if (answer === 'refuse') return accept(released(match, 'change-refused'));
  const left = new Map(match.change.lines.map(({ lineId, quantity }) => [lineId, quantity]));
  const lines = match.lines.flatMap((line): MatchLine[] => {
    const quantity = Math.min(line.quantity, left.get(line.lineId) ?? 0);
    left.set(line.lineId, (left.get(line.lineId) ?? 0) - quantity);
    return quantity === 0 ? [] : [{ ...line, quantity, amount: String(priceOf(quantity, { amount: rials(line.price.amount), per: line.price.per })) }];
  });
  return accept(settledTerms({ ...match, lines, amount: amountOf(lines), promisedBy: match.change.promisedBy }));
};

/** The seller's own word where no limit carries the match: open terms, or cash first. */
export const secureByWord = (match: Match, by: 'open-terms' | 'cash'): Decision<Match, never, MatchRefusal> => {
  if (match.state === 'secured' || match.state === 'done') return refuse('match-already-secured');
  return match.state === 'accepted' ? accept({ ...match, state: 'secured', securedBy: by }) : refuse('match-not-accepted');
};

/** Nobody answered in time. Answers the match as it is now over, or undefined when nothing was waited for (the answer and the deadline crossed). */
export const overdue = (match: Match): Match | undefined => {
  const reason = ({ proposed: 'not-answered', issued: 'not-answered', 'change-proposed': 'change-refused', accepted: 'not-secured', secured: 'not-dispatched' } as const)[match.state as 'issued'];
  return reason === undefined || match.dispatched ? undefined : released(match, reason);
};

/** May the buyer still take it back? Once goods have left the match stands: they are received, paid or returned. */
export const releasable = (match: Match): boolean => !match.dispatched && match.state !== 'released' && match.state !== 'done';

export const released = (match: Match, reason: ReleaseReason): Match => ({ ...match, state: 'released', reason, ...(match.state === 'proposed' ? { untold: true } : {}) });

/** Units that were matched and are no longer: they go back to the offer and to the line. */
export const remainderOf = (before: Match, after: Match): { lineId: string; offerId: string; quantity: number }[] =>
  before.lines.flatMap(({ lineId, offerId, quantity }) => {
    const kept = after.lines.find((line) => line.lineId === lineId && line.offerId === offerId)?.quantity ?? 0;
    return kept < quantity ? [{ lineId, offerId, quantity: quantity - kept }] : [];
  });

/** Cash asks for no limit: both sides having agreed, goods may leave. */
const settledTerms = (match: Match): Match =>
  match.terms.instrument === 'cash' ? { ...match, state: 'secured', securedBy: 'cash' } : { ...match, state: 'accepted' };

const notIssued = (match: Match): MatchRefusal => (match.state === 'proposed' ? 'match-not-awarded' : 'match-already-answered');

const orderedOf = (match: Match, lineId: string): number => match.lines.reduce((sum, line) => (line.lineId === lineId ? sum + line.quantity : sum), 0);

const linesOf = (match: Match): { lineId: string; quantity: number }[] =>
  [...new Set(match.lines.map(({ lineId }) => lineId))].map((lineId) => ({ lineId, quantity: orderedOf(match, lineId) }));

export const amountOf = (lines: readonly MatchLine[]): string => String(sumOf(lines.map(({ amount }) => rials(amount))));
