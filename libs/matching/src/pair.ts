import { divideHalfUp } from '@peyvand/kernel';

import type { UnmatchedReason } from './allocation.js';
import { freightOfUnit, roadKm, transitDays } from './freight.js';
import { bestQuote, roomOfSeller, type BestQuote, type Market, type PreparedLine, type PreparedOffer } from './prepare.js';

/** One line beside one offer: what it would cost and what stands against it. */
export type Pair = {
  readonly km: number;
  readonly arriveIn: number;
  readonly best: BestQuote | undefined;
  /** Thousandths of a rial per unit. */
  readonly freight: number;
  /** What quality, time and risk add when offers are compared, in thousandths of a rial per unit; see `Premia`. */
  readonly premium: bigint;
  /** Most units of the line this offer may fill, a multiple of its lot. */
  readonly most: number;
  readonly obstacles: readonly UnmatchedReason[];
};

const none: readonly UnmatchedReason[] = [];

/**
 * The hard filters and the cost of a pair (design §2.2): window, grade, seller, term, ceiling, minimum and lot.
 * Every obstacle is named, so that an unmatched line can be told the smallest cure. `km` is the road between the two places.
 */
export const pairOf = (market: Market, line: PreparedLine, offer: PreparedOffer, km: number = roadBetween(market, line, offer)): Pair => {
  const { policy } = market;
  const arriveIn = offer.readyIn + transitDays(km, policy);
  const best = bestQuote(market, line, offer, arriveIn);
  const freight = freightOfUnit(km, offer.offer.weightGrams ?? 0, policy);
  const seller = offer.offer.sellerId;
  const share = roomOfSeller(line, seller);
  const most = wholeLots(Math.min(line.line.quantity, share, offer.offer.capacity), offer.offer.lot);
  let obstacles = none;
  const stand = (reason: UnmatchedReason): void => {
    obstacles = obstacles === none ? [reason] : [...obstacles, reason];
  };
  if (line.refused.has(seller) || (line.approved !== undefined && !line.approved.has(seller))) stand('seller-not-allowed');
  if (offer.grade > line.grade) stand('below-grade');
  if (best === undefined) stand('terms-not-offered');
  if (arriveIn > line.neededIn) stand('too-late');
  if (best !== undefined && line.ceiling !== undefined && compared(market, best, freight) > line.ceiling) stand('above-ceiling');
  if (line.line.quantity < offer.least) stand(line.line.quantity < offer.offer.minimum ? 'below-minimum' : 'not-whole');
  else if (most < offer.least) stand(share < offer.least && offer.least <= offer.offer.capacity ? 'share-cap' : 'no-capacity');
  return { km, arriveIn, best, freight, premium: premiumOf(market, line, offer, arriveIn, best), most, obstacles };
};

const premiumOf = ({ policy: { premia } }: Market, { line }: PreparedLine, { offer }: PreparedOffer, arriveIn: number, best: BestQuote | undefined): bigint => {
  if (premia === undefined || best === undefined) return 0n;
  // Hundredths of a basis point, so that a part of the risk stays whole.
  const rate = 100 * (premia.grade[offer.grade] + premia.day * arriveIn + (premia.preference ?? 0) * placeOf(line.preferredSellers, offer.sellerId)) + premia.risk * (100 - (offer.credibility ?? 100));
  return divideHalfUp(best.unit * BigInt(rate), 1_000_000n);
};

/** 0 for the most preferred seller; who is not named comes after the last. */
const placeOf = (preferred: readonly string[] = [], seller: string): number => {
  const place = preferred.indexOf(seller);
  return place < 0 ? preferred.length : place;
};

/** What offers are compared by, in thousandths of a rial per unit. */
export const weighed = ({ best, freight, premium }: Pair): bigint => (best?.unit ?? 0n) + BigInt(freight) + premium;

/** What the buyer's ceiling is held against, in thousandths of a rial per unit. */
export const compared = (market: Market, best: BestQuote, freight: number): bigint =>
  market.policy.ceilingCovers === 'landed' ? best.unit + BigInt(freight) : best.unit;

export const roadBetween = (market: Market, line: PreparedLine, offer: PreparedOffer): number => roadKm(offer.offer.place, line.line.shipTo, market.policy);

export const wholeLots = (quantity: number, lot: number): number => quantity - (quantity % lot);
