import type { Allocation } from './allocation.js';
import type { MarketInstance } from './instance.js';
import { pairOf, weighed } from './pair.js';
import { prepare, type PreparedOffer } from './prepare.js';

/** How much lower, in per cent of its own present value, an offer that sold nothing would have had to be. */
export type LostBand = 'up-to-1' | '1-to-3' | '3-to-10' | 'above-10';

/**
 * After the round: the band in which an open offer that got nothing missed the nearest line that tells losers (`tellsLosers`) and allows it.
 * Undefined where it sold something, was not open, or no such line allows it. From the dual prices, so of the continuous problem where lots,
 * minimums or fixed costs were branched on; never a rival's name or price.
 */
export const lostBandOf = (instance: MarketInstance, { matches, certificate }: Allocation, offerId: string): LostBand | undefined => {
  if (matches.some((match) => match.offerId === offerId)) return undefined;
  const market = prepare(instance);
  const offer = market.offers.find((one) => one.offer.id === offerId);
  if (offer === undefined || offer.readyIn === Infinity) return undefined;
  let nearest: { readonly above: bigint; readonly unit: bigint } | undefined;
  for (const line of market.lines) {
    const dual = certificate.lines[line.line.id];
    if (line.line.tellsLosers !== true || dual === undefined || ![line.line.variantId, ...(line.line.substitutes ?? [])].includes(offer.offer.variantId)) continue;
    const pair = pairOf(market, line, offer);
    if (pair.obstacles.length > 0 || pair.best === undefined || pair.best.unit === 0n) continue;
    const [above, { unit }] = [weighed(pair) + fixedOfUnit(offer) - BigInt(dual.worth), pair.best];
    if (nearest === undefined || above * nearest.unit < nearest.above * unit) nearest = { above, unit };
  }
  return nearest === undefined ? undefined : bandOf(nearest.above, nearest.unit);
};

/** The least of its fixed cost that a unit bears: with the offer sold out. */
const fixedOfUnit = ({ fixed, offer }: PreparedOffer): bigint => (offer.capacity === 0 ? 0n : fixed / BigInt(offer.capacity));

const bandOf = (above: bigint, unit: bigint): LostBand => {
  if (above * 100n <= unit) return 'up-to-1';
  if (above * 100n <= unit * 3n) return '1-to-3';
  return above * 100n <= unit * 10n ? '3-to-10' : 'above-10';
};
