import { addDays } from '@peyvand/kernel';

import type { Cure, Obstacle, UnmatchedLine, UnmatchedReason } from './allocation.js';
import { compared, pairOf, type Pair } from './pair.js';
import type { Market, PreparedLine, PreparedOffer } from './prepare.js';

/** Which reason is told first when several stand alone: what the buyer can change most easily. */
const order: readonly UnmatchedReason[] = ['above-ceiling', 'too-late', 'below-minimum', 'not-whole', 'terms-not-offered', 'below-grade', 'seller-not-allowed', 'no-capacity', 'no-offer'];

/**
 * Why `rest` units of a line stayed unmatched, given what each offer has left (`free`, by index of the market's offers), and the smallest
 * change that would have matched them.
 */
export const explainRest = (market: Market, line: PreparedLine, rest: number, free: Float64Array): UnmatchedLine => {
  const remainder: PreparedLine = { ...line, line: { ...line.line, quantity: rest } };
  const candidates = new Set([line.line.variantId, ...(line.line.substitutes ?? [])].flatMap((variant) => market.offersOf.get(variant) ?? []));
  const single = new Map<UnmatchedReason, Obstacle>();
  let several: Obstacle | undefined;
  let [full, room] = [false, 0];
  for (const j of candidates) {
    const offer = { ...market.offers[j], offer: { ...market.offers[j].offer, capacity: free[j] } };
    const pair = pairOf(market, remainder, offer);
    if (pair.obstacles.length === 0) room += pair.most;
    else if (pair.obstacles.length > 1) several = fewer(several, obstacleOf(market, line, offer, rest, pair));
    else if (pair.obstacles[0] === 'no-capacity') full = true;
    else keepSmaller(single, obstacleOf(market, line, offer, rest, pair));
  }
  const told = { lineId: line.line.id, variantId: line.line.variantId, quantity: rest };
  const ways = order.flatMap((reason) => single.get(reason) ?? []);
  if (room > 0) return { ...told, ...withRoom(line, rest, room), alternatives: ways };
  if (full) return { ...told, reason: 'no-capacity', cure: ways.find(({ cure }) => Object.keys(cure).length > 0)?.cure ?? {}, alternatives: ways };
  const [first = several ?? { reason: 'no-offer' as const, cure: {} }, ...others] = ways;
  return { ...told, ...first, alternatives: others };
};

/** Offers with room would have taken the line, but not all of it, not at its penalty, or not beside what others got. */
const withRoom = (line: PreparedLine, rest: number, room: number): Obstacle => {
  if (line.line.unmatchedPenalty !== undefined && line.line.fillPolicy !== 'all-or-none') return { reason: 'above-ceiling', cure: {} };
  // Its own conditions on sellers stand in the way of offers that have room.
  if (line.line.maximumSuppliers !== undefined || line.line.shareCap !== undefined) return { reason: 'seller-not-allowed', cure: {} };
  return room < rest ? { reason: 'no-capacity', cure: { quantity: room } } : { reason: 'not-whole', cure: {} };
};

const obstacleOf = (market: Market, line: PreparedLine, offer: PreparedOffer, rest: number, pair: Pair): Obstacle & { readonly count: number } => {
  let cure: Cure = {};
  for (const reason of pair.obstacles) {
    const change = changeFor(market, line, offer, rest, pair, reason);
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
const changeFor = (market: Market, line: PreparedLine, offer: PreparedOffer, rest: number, pair: Pair, reason: UnmatchedReason): Cure | undefined => {
  if (reason === 'too-late') return { neededBy: addDays(market.asOf, pair.arriveIn) };
  if (reason === 'above-ceiling' && pair.best !== undefined) return { priceCeiling: String((compared(market, pair.best, pair.freight) + 999n) / 1000n) };
  if ((reason === 'below-minimum' || reason === 'not-whole') && offer.least <= offer.offer.capacity) return { quantity: line.line.quantity - rest + offer.least };
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
  return cure.quantity ?? Infinity;
};

const fewer = (known: (Obstacle & { count?: number }) | undefined, found: Obstacle & { readonly count: number }): Obstacle & { count?: number } => {
  if (known?.count === undefined) return found;
  const better = found.count - known.count || Number(isEmpty(found.cure)) - Number(isEmpty(known.cure));
  return better < 0 ? found : known;
};

const isEmpty = (cure: Cure): boolean => Object.keys(cure).length === 0;
