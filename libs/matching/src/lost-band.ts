import type { Allocation } from './allocation.js';
import type { MarketInstance } from './instance.js';
import { pairOf, weighed } from './pair.js';
import { prepare, type PreparedOffer } from './prepare.js';

/** How much lower, in per cent of its own present value, an offer that sold nothing would have had to be. */
export type LostBand = 'up-to-1' | '1-to-3' | '3-to-10' | 'above-10';

/**
 * After the round: by offer, the band in which an open offer that got nothing missed the nearest line that tells losers (`tellsLosers`) and
 * allows it. Offers that sold something, were not open, or are allowed by no such line are not in it. From the dual prices, so of the continuous
 * problem where lots, minimums, breaks or fixed costs were branched on; never a rival's name or price.
 */
export const lostBandsOf = (instance: MarketInstance, { matches, certificate }: Allocation): ReadonlyMap<string, LostBand> => {
  const bands = new Map<string, LostBand>();
  if (!instance.lines.some(({ tellsLosers }) => tellsLosers === true)) return bands;
  const sold = new Set(matches.map(({ offerId }) => offerId));
  const market = prepare(instance);
  const nearest = new Map<PreparedOffer, { readonly above: bigint; readonly unit: bigint }>();
  for (const line of market.lines) {
    const dual = certificate.lines[line.line.id];
    if (line.line.tellsLosers !== true || dual === undefined) continue;
    for (const variant of new Set([line.line.variantId, ...(line.line.substitutes ?? [])]))
      for (const j of market.offersOf.get(variant) ?? []) {
        const offer = market.offers[j];
        const pair = sold.has(offer.offer.id) ? undefined : pairOf(market, line, offer);
        if (pair === undefined || pair.obstacles.length > 0 || pair.best === undefined || pair.best.unit === 0n) continue;
        const [above, { unit }, known] = [weighed(pair) + fixedOfUnit(offer) - BigInt(dual.worth), pair.best, nearest.get(offer)];
        if (known === undefined || above * known.unit < known.above * unit) nearest.set(offer, { above, unit });
      }
  }
  for (const [{ offer }, { above, unit }] of nearest) bands.set(offer.id, bandOf(above, unit));
  return bands;
};

/** The least of its fixed cost that a unit bears: with the offer sold out. */
const fixedOfUnit = ({ fixed, offer }: PreparedOffer): bigint => (offer.capacity === 0 ? 0n : fixed / BigInt(offer.capacity));

const bandOf = (above: bigint, unit: bigint): LostBand => {
  if (above * 100n <= unit) return 'up-to-1';
  if (above * 100n <= unit * 3n) return '1-to-3';
  return above * 100n <= unit * 10n ? '3-to-10' : 'above-10';
};
