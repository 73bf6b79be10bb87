import { divideHalfUp } from '@peyvand/kernel';

import type { UnmatchedReason } from './allocation.js';
import { freightOfUnit, roadKm, transitDays } from './freight.js';
import { bestQuote, roomOfSeller, type BestQuote, type Market, type PreparedLine, type PreparedOffer } from './prepare.js';
import { waysOf, type Way } from './ways.js';

/** One line beside one offer: what it would cost and what stands against it. */
export type Pair = {
  readonly km: number;
  readonly arriveIn: number;
  readonly best: BestQuote | undefined;
  /** Where prices break, the ways to buy that the line may take, none dearer than another from the same quantity on; `best` is the cheapest on average at `most`. */
  readonly ways?: readonly PairWay[];
  /** Thousandths of a rial per unit. */
  readonly freight: number;
  /** What quality, time and risk add when offers are compared, in thousandths of a rial per unit; see `Premia`. */
  readonly premium: bigint;
  /** Most units of the line this offer may fill, a multiple of its lot. */
  readonly most: number;
  readonly obstacles: readonly UnmatchedReason[];
};

/** A way to buy from `least` units on, with what offers are compared by: `cost` for each unit and `fee` once, thousandths of a rial. */
export type PairWay = Way & { readonly least: number; readonly cost: bigint; readonly fee: bigint };

const none: readonly UnmatchedReason[] = [];

/**
 * The hard filters and the cost of a pair (design §2.2): window, grade, seller, term, ceiling, minimum and lot.
 * Every obstacle is named, so that an unmatched line can be told the smallest cure. `km` is the road between the two places.
 */
export const pairOf = (market: Market, line: PreparedLine, offer: PreparedOffer, km: number = roadBetween(market, line, offer)): Pair => {
  const { policy } = market;
  const arriveIn = offer.readyIn + transitDays(km, policy);
  const freight = freightOfUnit(km, offer.offer.weightGrams ?? 0, policy);
  const seller = offer.offer.sellerId;
  const share = roomOfSeller(line, seller);
  const most = wholeLots(Math.min(line.line.quantity, share, offer.offer.capacity), offer.offer.lot);
  const ways = offer.tiered ? waysOf(market, line, offer, arriveIn) : undefined;
  const best = ways === undefined ? bestQuote(market, line, offer, arriveIn) : onAverage(ways, most);
  const open = ways === undefined ? undefined : openWays(market, line, offer, { ways, freight, arriveIn, most });
  let obstacles = none;
  const stand = (reason: UnmatchedReason): void => {
    obstacles = obstacles === none ? [reason] : [...obstacles, reason];
  };
  if (line.refused.has(seller) || (line.approved !== undefined && !line.approved.has(seller))) stand('seller-not-allowed');
  if (offer.grade > line.grade) stand('below-grade');
  if (best === undefined) stand('terms-not-offered');
  if (arriveIn > line.neededIn) stand('too-late');
  if (best !== undefined && line.ceiling !== undefined && (open === undefined ? compared(market, best, freight) > line.ceiling : open.length === 0 && most >= offer.least)) stand('above-ceiling');
  if (line.line.quantity < offer.least) stand(line.line.quantity < offer.offer.minimum ? 'below-minimum' : 'not-whole');
  else if (most < offer.least) stand(share < offer.least && offer.least <= offer.offer.capacity ? 'share-cap' : 'no-capacity');
  return { km, arriveIn, best, freight, premium: best === undefined ? 0n : premiumOf(market, line, offer, arriveIn, best.unit), most, obstacles, ...(open === undefined ? {} : { ways: open }) };
};

/** Of ways that break, the one that costs least for each of `most` units, what it costs on average. */
const onAverage = (ways: readonly Way[], most: number): BestQuote | undefined => {
  const units = BigInt(Math.max(most, 1));
  let best: BestQuote | undefined;
  for (const { quote, days, unit, entry, from } of ways) {
    const average = unit + (entry + units - 1n) / units;
    if ((from <= most || from === 1) && (best === undefined || average < best.unit)) best = { quote, unit: average, days };
  }
  return best;
};

/** The ways within the ceiling and the quantity there is; a ceiling that an average meets only from some quantity on makes that the least. */
const openWays = (market: Market, line: PreparedLine, offer: PreparedOffer, { ways, freight, arriveIn, most }: { ways: readonly Way[]; freight: number; arriveIn: number; most: number }): PairWay[] => {
  const ceiling = line.ceiling === undefined ? undefined : line.ceiling - (market.policy.ceilingCovers === 'landed' ? BigInt(freight) : 0n);
  const open = ways.flatMap((way): PairWay[] => {
    if (ceiling !== undefined && (way.unit > ceiling || (way.unit === ceiling && way.entry > 0n))) return [];
    const averages = ceiling === undefined || way.entry === 0n ? 1n : (way.entry + ceiling - way.unit - 1n) / (ceiling - way.unit);
    const from = Math.max(offer.least, way.from, Number(averages));
    const least = Math.ceil(from / offer.offer.lot) * offer.offer.lot;
    if (least > most) return [];
    const premium = (value: bigint): bigint => premiumOf(market, line, offer, arriveIn, value);
    return [{ ...way, least, cost: way.unit + BigInt(freight) + premium(way.unit), fee: way.entry + premium(way.entry) }];
  });
  const dearer = (a: PairWay, b: PairWay): boolean => b.cost <= a.cost && b.fee <= a.fee && b.least <= a.least;
  return open.filter((way, n) => !open.some((other, m) => m !== n && dearer(way, other) && (m < n || !dearer(other, way))));
};

/** Of the ways of a pair, the one so many units go cheapest; undefined where they are too few for any. */
export const cheapestWay = (ways: readonly PairWay[], units: number): PairWay | undefined => {
  const costOf = ({ cost, fee }: PairWay): bigint => fee + cost * BigInt(units);
  return ways.reduce<PairWay | undefined>((best, way) => (way.least <= units && (best === undefined || costOf(way) < costOf(best)) ? way : best), undefined);
};

/** What so many units of the pair are weighed at, in thousandths of a rial; undefined where they are too few for any way. */
export const weighedAt = (pair: Pair, units: number): bigint | undefined => {
  if (pair.ways === undefined) return weighed(pair) * BigInt(units);
  const way = cheapestWay(pair.ways, units);
  return way === undefined ? undefined : way.fee + way.cost * BigInt(units);
};

const premiumOf = ({ policy: { premia } }: Market, { line }: PreparedLine, { offer }: PreparedOffer, arriveIn: number, value: bigint): bigint => {
  if (premia === undefined) return 0n;
  // Hundredths of a basis point, so that a part of the risk stays whole.
  const rate = 100 * (premia.grade[offer.grade] + premia.day * arriveIn + (premia.preference ?? 0) * placeOf(line.preferredSellers, offer.sellerId)) + premia.risk * (100 - (offer.credibility ?? 100));
  return divideHalfUp(value * BigInt(rate), 1_000_000n);
};

/** 0 for the most preferred seller; who is not named comes after the last. */
const placeOf = (preferred: readonly string[] = [], seller: string): number => {
  const place = preferred.indexOf(seller);
  return place < 0 ? preferred.length : place;
};

/** What offers are compared by, in thousandths of a rial per unit; where prices break, what no quantity falls below. */
export const weighed = ({ best, freight, premium, ways, most }: Pair): bigint => {
  if (ways === undefined || ways.length === 0) return (best?.unit ?? 0n) + BigInt(freight) + premium;
  return ways.map(({ cost, fee }) => cost + fee / BigInt(most)).reduce((least, unit) => (unit < least ? unit : least));
};

/** What the buyer's ceiling is held against, in thousandths of a rial per unit. */
export const compared = (market: Market, best: BestQuote, freight: number): bigint =>
  market.policy.ceilingCovers === 'landed' ? best.unit + BigInt(freight) : best.unit;

export const roadBetween = (market: Market, line: PreparedLine, offer: PreparedOffer): number => roadKm(offer.offer.place, line.line.shipTo, market.policy);

/** As many units as whole lots make of the quantity, which is not negative. */
export const wholeLots = (quantity: number, lot: number): number => {
  if (lot === 1) return quantity;
  if (quantity < lot) return 0;
  // The remainder of small integers takes a fraction of that of doubles, and planning lines anew asks for hardly anything else.
  return quantity < 2 ** 31 ? quantity - ((quantity | 0) % (lot | 0)) : quantity - (quantity % lot);
};
