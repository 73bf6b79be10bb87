import { reversed } from './flow.js';
import { costAt, type Network } from './network.js';
import { optimalBasis } from './simplex.js';

/**
 * The part with every arc bearing a share of what its offer costs to set up, so chosen that no allowed quantities of an offer bear more than it
 * costs: what a flow costs then is a bound. First every unit bears alike; then shares and dual prices take turns. What buyers would pay an offer
 * above its costs is the most it may charge, and least where the bound is not hurt: the bound only rises, and where it stands still it ends.
 */
export const withShares = (network: Network): Network => {
  const { setUp } = network;
  if (setUp === undefined) return network;
  const sellers = sellersOf(network, setUp.fixed);
  const share = new Float64Array(network.cost.length);
  for (const { arcs, fixed, most } of sellers) for (const a of arcs) share[a] = Math.floor(fixed / most);
  // Beyond what numbers hold exactly the even share must do.
  if (network.exact === undefined) improve(network, sellers, share);
  return charged(network, share);
};

/** The part with every arc bearing an even share of its entry: no allowed quantity bears more than it costs, so a flow is a bound. */
export const withEntryShares = (network: Network): Network => {
  const { entry, high, exact } = network;
  if (entry === undefined) return network;
  const share = Float64Array.from(entry.fixed, (fee, a) => Math.min(Number.MAX_SAFE_INTEGER, Number(fee / BigInt(high[a]))));
  return {
    ...network, cost: network.cost.map((value, a) => value + share[a]), entry: { ...entry, share },
    exact: exact && { ...exact, cost: exact.cost.map((_, a) => costAt(network, a) + BigInt(share[a])) },
  };
};

const turns = 12;

type Seller = { readonly arcs: Int32Array; readonly fixed: number; readonly capacity: number; /** Units it can sell at most. */ readonly most: number };

/** Offers that cost something to set up, with their arcs. */
const sellersOf = (network: Network, fixedOf: readonly bigint[]): Seller[] => {
  const { byOffer, arcAt } = reversed(network);
  return fixedOf.flatMap((fixed, j): Seller[] => {
    const arcs = arcAt.subarray(byOffer[j], byOffer[j + 1]);
    const most = Math.min(network.capacity[j], arcs.reduce((sum, a) => sum + network.high[a], 0));
    return fixed === 0n || most === 0 ? [] : [{ arcs, fixed: Number(fixed > BigInt(Number.MAX_SAFE_INTEGER) ? BigInt(Number.MAX_SAFE_INTEGER) : fixed), capacity: network.capacity[j], most }];
  });
};

const improve = (network: Network, sellers: readonly Seller[], share: Float64Array): void => {
  const { first, offerOf, demand, capacity, penalty, high, cost } = network;
  const { lineOf } = reversed(network);
  const dearer = cost.slice();
  let best = -Infinity;
  for (let turn = 0; turn < turns; turn += 1) {
    for (let a = 0; a < cost.length; a += 1) dearer[a] = cost[a] + share[a];
    const { worth, bound } = pricesOf({ first, offerOf, cost: dearer, demand, capacity, penalty, high });
    if (bound <= best * (1 + 1e-6)) return;
    best = bound;
    for (const seller of sellers) spread(seller, (a) => worth[lineOf[a]] - cost[a], high, share);
  }
};

const pricesOf = (transport: Parameters<typeof optimalBasis>[0]): { worth: Float64Array; bound: number } => {
  const { arc, flow, full, worth } = optimalBasis(transport);
  const { cost, penalty, high } = transport;
  let bound = 0;
  for (let node = 0; node < arc.length; node += 1) if (arc[node] >= 0) bound += flow[node] * cost[arc[node]];
    else if (node < penalty.length) bound += flow[node] * penalty[node];
  for (const a of full) bound += cost[a] * (high?.[a] ?? 0);
  return { worth, bound };
};

/** Shares by what the buyers would pay above the arc's cost: all of it and more where that does not cover the fixed cost, else above one level. */
const spread = ({ arcs, fixed, capacity, most }: Seller, margin: (arc: number) => number, high: Float64Array, share: Float64Array): void => {
  const paying = arcs.filter((a) => margin(a) > 0).sort((a, b) => margin(b) - margin(a) || a - b);
  let [left, sum, units, level] = [capacity, 0, 0, 0];
  for (let n = 0; n < paying.length && left > 0; n += 1) {
    const amount = Math.min(left, high[paying[n]]);
    left -= amount;
    units += amount;
    sum += amount * margin(paying[n]);
    level = (sum - fixed) / units;
    if (level > 0 && (n + 1 === paying.length || margin(paying[n + 1]) <= level)) break;
  }
  const evenly = level > 0 ? 0 : (fixed - sum) / most;
  // Sums of doubles: a part in 10¹² less, so that rounding never makes the shares more than the cost.
  for (const a of arcs) share[a] = Math.floor((Math.max(0, margin(a) - Math.max(0, level)) + evenly) * (1 - 1e-12));
};

const charged = (network: Network, share: Float64Array): Network => {
  const { setUp, exact } = network;
  if (setUp === undefined) return network;
  return {
    ...network, cost: network.cost.map((value, a) => value + share[a]), setUp: { ...setUp, share },
    exact: exact && { ...exact, cost: exact.cost.map((_, a) => costAt(network, a) + BigInt(share[a])) },
  };
};
