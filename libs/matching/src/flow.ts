import { solveExactFlow } from './exact-flow.js';
import type { Network } from './network.js';
import { optimalBasis, type Transport } from './simplex.js';

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
 * Least cost under capacity, exactly. Undefined when a line cannot get the least it must, or the lower bounds do not fit. Quantities
 * are integral because bounds are.
 */
export const solveFlow = (network: Network): Flow | undefined => (network.exact === undefined ? solveBySimplex(network) : solveExactFlow(network));

/** By the network simplex; lower bounds are met first. */
export const solveBySimplex = (network: Network): Flow | undefined => {
  const start = withLowerBounds(network);
  if (start === undefined) return undefined;
  const { first, offerOf, cost, penalty, low, high } = network;
  // A loop: branching comes here thousands of times for parts of some dozens of arcs.
  const above = high.slice();
  for (let a = 0; a < above.length; a += 1) above[a] -= low[a];
  const bounded = { first, offerOf, cost, demand: start.need, capacity: start.free, penalty, high: above };
  return network.spare === undefined ? flowOf(bounded, start.quantity, high) : solveWithSpare(network, network.spare, bounded, start.quantity);
};

const flowOf = (transport: Transport & { readonly high: Float64Array }, quantity: Float64Array, most: Float64Array): Flow => {
  const basis = optimalBasis(transport);
  const lines = transport.penalty.length;
  const unmatched = new Float64Array(lines);
  for (let node = 0; node < basis.arc.length; node += 1) {
    const arc = basis.arc[node];
    if (arc >= 0) quantity[arc] += basis.flow[node];
    else if (node < lines) unmatched[node] = basis.flow[node];
  }
  for (const arc of basis.full) quantity[arc] = most[arc];
  return { quantity, unmatched, worth: basis.worth, rent: basis.rent };
};

/**
 * What a line may leave becomes an offer of its own, with so much capacity at the line's penalty; every unit beyond is charged more than anything
 * else could save. Undefined when some line is left more all the same.
 */
const solveWithSpare = (network: Network, spare: Float64Array, { first, offerOf, cost, demand, capacity, penalty, high }: Transport & { readonly high: Float64Array }, start: Float64Array): Flow | undefined => {
  const bound = Array.from(spare.keys()).filter((i) => spare[i] < Infinity);
  const added = bound.filter((i) => spare[i] > 0);
  const [arcs, offers, place] = [cost.length + added.length, capacity.length, new Int32Array(cost.length)];
  const wider = { first: new Int32Array(first.length), offerOf: new Int32Array(arcs), cost: new Float64Array(arcs), high: new Float64Array(arcs) };
  const own = new Map(added.map((i, n) => [i, offers + n]));
  let at = 0;
  const put = (offer: number, unit: number, most: number): void => {
    [wider.offerOf[at], wider.cost[at], wider.high[at]] = [offer, unit, most];
    at += 1;
  };
  for (let i = 0; i < demand.length; i += 1) {
    for (let a = first[i]; a < first[i + 1]; a += 1) {
      place[a] = at;
      put(offerOf[a], cost[a], high[a]);
    }
    const leaving = own.get(i);
    if (leaving !== undefined) put(leaving, penalty[i], spare[i]);
    wider.first[i + 1] = at;
  }
  const charged = penalty.slice();
  for (const i of bound) charged[i] = aboveAll(network, added.length);
  const flow = flowOf({ ...wider, demand, capacity: Float64Array.from([...capacity, ...added.map((i) => spare[i])]), penalty: charged }, new Float64Array(arcs), wider.high);
  if (bound.some((i) => flow.unmatched[i] > 0)) return undefined;
  for (const i of added) flow.unmatched[i] = flow.quantity[wider.first[i + 1] - 1];
  return { ...flow, quantity: start.map((units, a) => units + flow.quantity[place[a]]), rent: Array.from({ length: offers }, (_, j) => Number(flow.rent[j])) };
};

/** One unit more re-routes at most min(lines, offers) others and leaves at most one of them unmatched. */
const aboveAll = ({ cost, penalty, capacity }: Network, more: number): number => {
  const dearest = cost.reduce((most, value) => Math.max(most, value), 0);
  const stated = penalty.reduce((most, value) => Math.max(most, value), 0);
  return (Math.min(penalty.length, capacity.length + more) + 1) * (Math.max(dearest, more > 0 ? stated : 0) + 1) + stated + 1;
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
  for (let j = 0; j < free.length; j += 1) if (free[j] < 0) return undefined;
  return { need, free, quantity };
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
