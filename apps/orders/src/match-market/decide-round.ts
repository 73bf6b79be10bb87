import { AwardApproved, AwardProposed, MatchMade, OfferNotChosen, PurchaseOrderIssued } from '@peyvand/contracts';
import { addHours, endOfDay, isoOf, newId, rials, sumOf, type Instant } from '@peyvand/kernel';
import { lostBandsOf, solveMarket, type Allocation, type LostBand, type MarketInstance } from '@peyvand/matching';
import type { Deadline } from '@peyvand/messaging';
import { afterRound, type AfterRound } from '../domain/after-round.js';
import type { AnyFact } from '../domain/any-fact.js';
import { awardsItself, formMatches } from '../domain/form-matches.js';
import { matchData } from '../domain/match-data.js';
import { acceptMatch, type Match } from '../domain/match.js';
import type { Line } from '../domain/order.js';
import { sourcingOfRest } from '../domain/sourcing.js';
import { acceptsItself } from '../domain/standing-acceptance.js';
import { unmatchedFact } from '../domain/unmatched-fact.js';
import { acceptanceFacts, waitOf } from '../answer-match/answer-matches.js';
import type { OrdersSettings } from '../orders.config.js';
import type { Taking } from '../store/offer.store.js';
import type { Cause } from '../store/queue.store.js';
import type { Queued, Round } from './load-round.js';

/** What a round writes, if nothing has moved meanwhile. */
export type Outcome = {
  readonly orderIds: readonly string[];
  readonly lines: readonly Line[];
  readonly takings: readonly Taking[];
  readonly matches: readonly Match[];
  readonly done: readonly string[];
  readonly held: readonly string[];
  readonly deadlines: readonly Deadline[];
  readonly told: readonly { readonly facts: readonly AnyFact[]; readonly cause: Cause }[];
  /** What producers hear whose offers got nothing; of the round, and of no order. */
  readonly lost: readonly AnyFact[];
};

/** Allocates a market's waiting lines to its offers and decides what each order is told. Pure but for fresh ids. */
export const decideRound = (round: Round, now: Instant, settings: OrdersSettings): Outcome => {
  const instance = instanceOf(round, settings);
  const allocation = solveMarket(instance);
  const byLine = new Map(round.queued.map((one) => [one.line.lineId, one]));
  const found = allocation.matches.map((one) => ({ found: one, ...queuedAt(byLine, one.lineId) }));
  const matches = formMatches(round.market, found, () => newId());
  const units = unitsOf(allocation);
  const unmatched = new Map(allocation.unmatched.map((one) => [one.lineId, one]));
  const after = round.queued.map(({ line }) => afterRound(line, units.get(line.lineId) ?? 0, unmatched.get(line.lineId)));
  const revisions = new Map(round.offers.map(({ id, revision }) => [id, revision]));
  const [matchesOf, afterOf] = [groupBy(matches, ({ orderId }) => orderId), groupBy(after, ({ line }) => line.orderId)];
  const orders = [...groupBy(round.queued, ({ order }) => order.orderId)].map(([orderId, queued]) =>
    decideOrder(queued, matchesOf.get(orderId) ?? [], afterOf.get(orderId) ?? [], round.acceptances, now, settings));
  return {
    orderIds: orders.map(({ orderId }) => orderId),
    lines: after.map(({ line }) => line),
    takings: allocation.matches.map(({ offerId, quantity }) => ({ offerId, quantity, revision: revisions.get(offerId) ?? 0 })),
    matches: orders.flatMap((order) => order.matches),
    done: [...round.idle, ...after.filter(({ held }) => !held).map(({ line }) => line.lineId)],
    held: after.filter(({ held }) => held).map(({ line }) => line.lineId),
    deadlines: orders.flatMap((order) => order.deadlines),
    told: orders.filter(({ facts }) => facts.length > 0),
    lost: lostFacts(round, lostBandsOf(instance, allocation)),
  };
};

const lostFacts = ({ market, asOf, offers }: Round, bands: ReadonlyMap<string, LostBand>): AnyFact[] => offers.flatMap(({ id: offerId, sellerId, variantId }) => {
  const band = bands.get(offerId);
  return band === undefined ? [] : [OfferNotChosen.of({ offerId, sellerId, variantId, market, asOf, band })];
});

const instanceOf = (round: Round, { matching }: OrdersSettings): MarketInstance => ({
  policy: matching,
  asOf: round.asOf,
  tieBreak: `${round.market}/${round.epoch}`,
  offers: round.offers.map(({ revision: _revision, ...offer }) => offer),
  lines: round.queued.map(({ line, order, costOfFunds, held }) => ({
    id: line.lineId, variantId: line.variantId, quantity: line.waiting, shipTo: line.shipTo, neededBy: line.neededBy, costOfFunds, fillPolicy: line.fillPolicy,
    approvedSellers: [...line.approvedSellers], blockedSellers: [...line.blockedSellers],
    // Nobody buys from itself.
    excludedSellers: [...line.excludedSellers, order.buyerId],
    ...(line.substitutes.length === 0 ? {} : { substitutes: [...line.substitutes] }),
    ...(line.priceCeiling === undefined ? {} : { priceCeiling: line.priceCeiling }),
    ...(line.terms === undefined ? {} : { terms: line.terms }),
    ...(line.minimumGrade === undefined ? {} : { minimumGrade: line.minimumGrade }),
    ...sourcingOfRest(line, held),
  })),
});

type Decided = { readonly orderId: string; readonly matches: readonly Match[]; readonly deadlines: readonly Deadline[]; readonly facts: readonly AnyFact[]; readonly cause: Cause };

/** One order of the round: matches awarded at once or proposed, and a word for every line that stays. */
const decideOrder = (queued: readonly Queued[], found: readonly Match[], after: readonly AfterRound[], acceptances: Round['acceptances'], now: Instant, settings: OrdersSettings): Decided => {
  const [first] = queued;
  if (first === undefined) throw new Error('An order of a round has at least one line');
  const { order, cause } = first;
  const itself = awardsItself(order.award, first.awardUpTo, first.awarded, found);
  const by = addHours(now, itself ? settings.acceptHours : settings.approveHours);
  const awarded = found.map((match): Match => ({ ...match, state: itself ? 'issued' : 'proposed', answerBy: by }));
  const matches = awarded.map((match) => accepted(match, acceptances, now));
  const rests = after.filter(({ rest }) => rest > 0);
  const unmatched = rests.filter(({ told }) => told).map(({ line, rest }) => unmatchedFact(line, order.buyerId, rest, line.reason ?? 'no-offer', line.cure ?? {}));
  return {
    orderId: order.orderId, matches, cause,
    facts: [...awardFacts(order, awarded, itself, by), ...matches.filter(agreed).flatMap(acceptanceFacts), ...unmatched],
    deadlines: [...awardDeadlines(order.orderId, matches, itself, cause), ...rests.map(({ line }) => lapse(line, cause.correlationid))],
  };
};

const awardFacts = ({ orderId, buyerId }: Queued['order'], matches: readonly Match[], itself: boolean, by: Instant): AnyFact[] => {
  if (matches.length === 0) return [];
  const award = { orderId, buyerId, matchIds: matches.map(({ matchId }) => matchId), amount: String(sumOf(matches.map(({ amount }) => rials(amount)))) };
  const made = matches.map((match) => MatchMade.of(matchData(match)));
  if (!itself) return [...made, AwardProposed.of({ ...award, approveBy: isoOf(by) })];
  return [...made, AwardApproved.of({ ...award, how: 'automatic' }), ...matches.map((match) => PurchaseOrderIssued.of({ ...matchData(match), acceptBy: isoOf(by) }))];
};

/** A purchase order within its producer's standing word is accepted as it is issued. */
const accepted = (match: Match, acceptances: Round['acceptances'], now: Instant): Match => {
  const decision = acceptsItself(acceptances.get(match.sellerId), match) ? acceptMatch(match) : undefined;
  return decision?.ok === true ? { ...decision.state, answerBy: waitOf(decision.state, now) } : match;
};

const agreed = ({ state }: Match): boolean => state === 'accepted' || state === 'secured';

const awardDeadlines = (orderId: string, matches: readonly Match[], itself: boolean, { correlationid }: Cause): Deadline[] => {
  const dueAt = matches[0]?.answerBy;
  if (dueAt === undefined) return [];
  if (!itself) return [{ kind: 'orders/approve-by', key: orderId, dueAt, data: { correlationid } }];
  return matches.map(({ matchId, answerBy }) => ({ kind: 'orders/match-overdue', key: matchId, dueAt: answerBy ?? dueAt, data: { correlationid } }));
};

/** What is not matched by the end of its day will not be: the line's last word. */
export const lapse = (line: Line, correlationid: string): Deadline => ({ kind: 'orders/lapse', key: line.lineId, dueAt: endOfDay(line.neededBy), data: { correlationid } });

const groupBy = <T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
};

const unitsOf = ({ matches }: Allocation): Map<string, number> => {
  const units = new Map<string, number>();
  for (const { lineId, quantity } of matches) units.set(lineId, (units.get(lineId) ?? 0) + quantity);
  return units;
};

const queuedAt = (byLine: ReadonlyMap<string, Queued>, lineId: string): Queued => {
  const queued = byLine.get(lineId);
  if (queued === undefined) throw new Error(`The allocation names line ${lineId}, which was not asked for`);
  return queued;
};
