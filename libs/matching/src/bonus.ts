import type { Network } from './network.js';
import type { Market } from './prepare.js';
import type { Part } from './search.js';

export const isSmall = (market: Market, network: Network, arc: number): boolean => market.offers[network.offerIndex[network.offerOf[arc]]].offer.small === true;

/** The same part, with every unit of a small producer counting the bonus less. */
export const favouring = (market: Market, network: Network, bonus: bigint): Network => ({
  ...network, cost: network.cost.map((value, arc) => (isSmall(market, network, arc) ? value - Number(bonus) : value)),
  ...(network.exact === undefined ? {} : { exact: { ...network.exact, cost: network.exact.cost.map((value, arc) => (isSmall(market, network, arc) ? value - bonus : value)) } }),
});

/** Objective and bound as if no bonus had been given: what the buyer pays. The dual prices stay those of the bonus. */
export const withoutBonus = (part: Part, network: Network, market: Market, bonus: bigint): Part => {
  const given = bonus * BigInt(part.quantity.reduce((sum, units, arc) => (isSmall(market, network, arc) ? sum + units : sum), 0));
  return { ...part, network, objective: part.objective + given, bound: part.bound + given, proven: part.proven + given };
};
