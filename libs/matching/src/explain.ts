import { addDays } from '@peyvand/kernel';

import type { Cure, Obstacle, UnmatchedLine, UnmatchedReason } from './allocation.js';
import { compared, pairOf, wholeLots, type Pair } from './pair.js';
import type { Market, PreparedLine, PreparedOffer } from './prepare.js';

/** Which reason is told first when several stand alone: what the buyer can change most easily. */
const order: readonly UnmatchedReason[] = ['above-ceiling', 'too-late', 'too-many-suppliers', 'share-cap', 'below-minimum', 'not-whole', 'terms-not-offered', 'below-grade', 'seller-not-allowed', 'no-capacity', 'no-offer'];

/**
 * Why `rest` units of a line stayed unmatched, given what each offer has left (`free`, by index of the market's offers) and what each seller
 * has of the line (`given`, with what it held before), and the smallest change that would have matched them.
 */
export const explainRest = (market: Market, line: PreparedLine, rest: number, free: Float64Array, given: ReadonlyMap<string, number>): UnmatchedLine => {
  const remainder: PreparedLine = { ...line, held: given, line: { ...line.line, quantity: rest } };
  const candidates = new Set([line.line.variantId, ...(line.line.substitutes ?? [])].flatMap((variant) => market.offersOf.get(variant) ?? []));
  const single = new Map<UnmatchedReason, Obstacle>();
  let several: Obstacle | undefined;
  let [full, room] = [false, 0];
  const capped = new Map<string, { readonly had: number; readonly room: number }>();
  for (const j of candidates) {
    const offer = { ...market.offers[j], offer: { ...market.offers[j].offer, capacity: free[j] } };
    const had = given.get(offer.offer.sellerId) ?? 0;
    const pair = besideOthers(line, given, had, pairOf(market, remainder, offer));
    if (pair.obstacles.every((reason) => reason === 'share-cap')) capped.set(offer.offer.sellerId, { had, room: (capped.get(offer.offer.sellerId)?.room ?? 0) + wholeLots(free[j], offer.offer.lot) });
    if (pair.obstacles.length === 0) room += pair.most;
    else if (pair.obstacles.length > 1) several = fewer(several, obstacleOf(market, line, offer, { rest, had }, pair));
    else if (pair.obstacles[0] === 'no-capacity') full = true;
    else keepSmaller(single, obstacleOf(market, line, offer, { rest, had }, pair));
  }
  const whole = line.line.quantity + [...line.held.values()].reduce((sum, units) => sum + units, 0);
  if (single.has('share-cap')) single.set('share-cap', { reason: 'share-cap', cure: { shareCap: capNeeded(whole, rest, [...capped.values()]) } });
  const told = { lineId: line.line.id, variantId: line.line.variantId, quantity: rest };
  const ways = order.flatMap((reason) => single.get(reason) ?? []);
  if (room > 0) return { ...told, ...withRoom(line, rest, room), alternatives: ways };
  if (full) return { ...told, reason: 'no-capacity', cure: ways.find(({ cure }) => Object.keys(cure).length > 0)?.cure ?? {}, alternatives: ways };
  const [first = several ?? { reason: 'no-offer' as const, cure: {} }, ...others] = ways;
  return { ...told, ...first, alternatives: others };
};

/** The smallest share in per cent under which the sellers could fill the rest; where they cannot, under which they fill most of it. */
const capNeeded = (quantity: number, rest: number, sellers: readonly { readonly had: number; readonly room: number }[]): number => {
  const filled = (cap: number): number => Math.min(rest, sellers.reduce((sum, { had, room }) => sum + Math.max(0, Math.min(Math.floor((quantity * cap) / 100) - had, room)), 0));
  const most = filled(100);
  return Array.from({ length: 100 }, (_, n) => n + 1).find((cap) => filled(cap) === most) ?? 100;
};

/** One seller more than the line may have stands against a pair like any other obstacle. */
const besideOthers = ({ line }: PreparedLine, given: ReadonlyMap<string, number>, had: number, pair: Pair): Pair =>
  had === 0 && given.size >= (line.maximumSuppliers ?? Infinity) ? { ...pair, obstacles: [...pair.obstacles, 'too-many-suppliers'] } : pair;

/** Offers with room would have taken the line, but not all of it, not at its penalty, or not beside what others got. */
const withRoom = (line: PreparedLine, rest: number, room: number): Obstacle => {
  if (line.line.unmatchedPenalty !== undefined && line.leastFill === 0) return { reason: 'above-ceiling', cure: {} };
  if (rest === line.line.quantity && line.leastFill > room && line.line.fillPolicy !== 'all-or-none') return { reason: 'no-capacity', cure: { minimumFill: room } };
  return room < rest ? { reason: 'no-capacity', cure: { quantity: room } } : { reason: 'not-whole', cure: {} };
};

/** Units still wanted, and what the offer's seller has of the line already. */
type Wanted = { readonly rest: number; readonly had: number };

const obstacleOf = (market: Market, line: PreparedLine, offer: PreparedOffer, wanted: Wanted, pair: Pair): Obstacle & { readonly count: number } => {
  let cure: Cure = {};
  for (const reason of pair.obstacles) {
    const change = changeFor(market, line, offer, wanted, pair, reason);
    if (change === undefined) {
      cure = {};
      break;
    }
    cure = { ...cure, ...change };
  }
  const reason = order.find((known) => pair.obstacles.includes(known)) ?? 'no-offer';
  return { reason, cure, count: pair.obstacles.length };
};

/** What the buyer would have to change for one obstacle; undefined where it is not the buyer's to cure with a number. */
const changeFor = (market: Market, line: PreparedLine, offer: PreparedOffer, { rest, had }: Wanted, pair: Pair, reason: UnmatchedReason): Cure | undefined => {
  if (reason === 'too-late') return { neededBy: addDays(market.asOf, pair.arriveIn) };
  if (reason === 'above-ceiling' && pair.best !== undefined) return { priceCeiling: String((compared(market, pair.best, pair.freight) + 999n) / 1000n) };
  if ((reason === 'below-minimum' || reason === 'not-whole') && offer.least <= offer.offer.capacity) return { quantity: line.line.quantity - rest + offer.least };
  if (reason === 'share-cap') return { shareCap: Math.min(100, Math.ceil(((had + offer.least) * 100) / (line.line.quantity + [...line.held.values()].reduce((sum, units) => sum + units, 0)))) };
  if (reason === 'too-many-suppliers' && line.line.maximumSuppliers !== undefined) return { maximumSuppliers: line.line.maximumSuppliers + 1 };
  return undefined;
};

const keepSmaller = (kept: Map<UnmatchedReason, Obstacle>, { reason, cure }: Obstacle): void => {
  const known = kept.get(reason);
  if (known === undefined || sizeOf(cure) < sizeOf(known.cure)) kept.set(reason, { reason, cure });
};

/** Orders cures of one reason; each has at most the one field of its reason. */
const sizeOf = (cure: Cure): number => {
  if (cure.priceCeiling !== undefined) return Number(cure.priceCeiling);
  if (cure.neededBy !== undefined) return Date.parse(cure.neededBy);
  return cure.shareCap ?? cure.maximumSuppliers ?? cure.quantity ?? Infinity;
};

const fewer = (known: (Obstacle & { count?: number }) | undefined, found: Obstacle & { readonly count: number }): Obstacle & { count?: number } => {
  if (known?.count === undefined) return found;
  const better = found.count - known.count || Number(isEmpty(found.cure)) - Number(isEmpty(known.cure));
  return better < 0 ? found : known;
};

const isEmpty = (cure: Cure): boolean => Object.keys(cure).length === 0;
