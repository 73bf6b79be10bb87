import { solveExactFlow } from './exact-flow.js';
import type { Network } from './network.js';
import { optimalBasis } from './simplex.js';

/** An optimal solution of a network and the dual prices that prove it. */
export type Flow = {
  /** Per arc. */
  readonly quantity: Float64Array;
  /** Per line. */
  readonly unmatched: Float64Array;
  /** Dual price per line: what one unit more would cost, in thousandths of a rial. */
  readonly worth: ArrayLike<number> | readonly bigint[];
  /** Dual price per offer: what one unit more of capacity would save. */
  readonly rent: ArrayLike<number> | readonly bigint[];
};

/**
 * Least cost under capacity, exactly. Undefined when a line that must be matched whole cannot be, or the lower bounds do not fit. Quantities
 * are integral because bounds are.
 */
export const solveFlow = (network: Network): Flow | undefined => (network.exact === undefined ? solveBySimplex(network) : solveExactFlow(network));

/** By the network simplex; lower bounds are met first, and a line that must be matched whole is charged more for a unit left than anything else could save. */
export const solveBySimplex = (network: Network): Flow | undefined => {
  const start = withLowerBounds(network);
  if (start === undefined) return undefined;
  const { low, penalty } = network;
  const bare = low.every((units) => units === 0);
  const forced = penalty.some((value) => value === Infinity);
  const charged = forced ? penalty.map((value) => (value === Infinity ? aboveAll(network) : value)) : penalty;
  const { first, offerOf, cost, high } = network;
  const basis = optimalBasis({ first, offerOf, cost, demand: start.need, capacity: start.free, penalty: charged, high: bare ? high : high.map((most, a) => most - low[a]) });
  const lines = penalty.length;
  const unmatched = new Float64Array(lines);
  const { quantity } = start;
  for (let node = 0; node < basis.arc.length; node += 1) {
    const arc = basis.arc[node];
    if (arc >= 0) quantity[arc] += basis.flow[node];
    else if (node < lines) unmatched[node] = basis.flow[node];
  }
  for (const arc of basis.full) quantity[arc] = high[arc];
  if (forced && penalty.some((value, i) => value === Infinity && unmatched[i] > 0)) return undefined;
  return { quantity, unmatched, worth: basis.worth, rent: basis.rent };
};

/** One unit more re-routes at most min(lines, offers) others and leaves at most one of them unmatched. */
const aboveAll = ({ cost, penalty, capacity }: Network): number => {
  const dearest = cost.reduce((most, value) => Math.max(most, value), 0);
  const stated = penalty.reduce((most, value) => (value === Infinity ? most : Math.max(most, value)), 0);
  return (Math.min(penalty.length, capacity.length) + 1) * (dearest + 1) + stated + 1;
};

/** What is left to do once every arc's lower bound is met; undefined when the bounds ask for more than there is. */
export const withLowerBounds = (network: Network): { need: Float64Array; free: Float64Array; quantity: Float64Array } | undefined => {
  const { first, offerOf, low, high } = network;
  const [need, free, quantity] = [network.demand.slice(), network.capacity.slice(), low.slice()];
  for (let i = 0; i < need.length; i += 1) {
    for (let a = first[i]; a < first[i + 1]; a += 1) {
      if (low[a] > high[a]) return undefined;
      need[i] -= low[a];
      free[offerOf[a]] -= low[a];
    }
    if (need[i] < 0) return undefined;
  }
  return free.some((left) => left < 0) ? undefined : { need, free, quantity };
};

/** The arcs as the offers see them. */
export const reversed = (network: Network): { lineOf: Int32Array; byOffer: Int32Array; arcAt: Int32Array } => {
  const { first, offerOf } = network;
  const lineOf = new Int32Array(offerOf.length);
  const byOffer = new Int32Array(network.capacity.length + 1);
  for (let a = 0; a < offerOf.length; a += 1) byOffer[offerOf[a] + 1] += 1;
  for (let j = 0; j < network.capacity.length; j += 1) byOffer[j + 1] += byOffer[j];
  const next = byOffer.slice();
  const arcAt = new Int32Array(offerOf.length);
  for (let i = 0; i + 1 < first.length; i += 1)
    for (let a = first[i]; a < first[i + 1]; a += 1) {
      lineOf[a] = i;
      arcAt[next[offerOf[a]]++] = a;
    }
  return { lineOf, byOffer, arcAt };
};
