import { reversed, type Flow } from './flow.js';
import { leastUnitCost, penaltyAt, type Network } from './network.js';

/** Dual prices of a part and what they prove: no allocation costs less than `bound`, in thousandths of a rial. */
export type Proof = Pick<Flow, 'worth' | 'rent'> & { readonly bound: bigint };

/**
 * What the dual prices of a flow prove of the part itself. With fixed costs every offer is a choice of its own at the lines' prices: it sells to
 * those that pay most above its cost, up to its capacity, and its rent is what the last of them pays; it is used where that pays for setting it up.
 */
export const proofOf = (network: Network, flow: Flow): Proof => {
  const { byOffer, arcAt, lineOf } = reversed(network);
  const { setUp, capacity, demand, high } = network;
  // Leaving a unit is worth its penalty at most, but where no more of a line may be left.
  const bounded = (i: number): boolean => (network.spare?.[i] ?? Infinity) < Infinity;
  const worthOf = (i: number): bigint => (bounded(i) ? BigInt(flow.worth[i]) : least(BigInt(flow.worth[i]), penaltyAt(network, i)));
  const marginOf = (a: number): bigint => worthOf(lineOf[a]) - leastUnitCost(network, a);
  const best = oneWayEach(network, { byOffer, arcAt, lineOf }, marginOf);
  const rent = Array.from(capacity, (_, j) => (setUp !== undefined && setUp.fixed[j] > 0n ? lastPaid(arcAt.subarray(byOffer[j], byOffer[j + 1]).filter(best), marginOf, high, capacity[j]) : BigInt(flow.rent[j])));
  let bound = network.fixed;
  for (let i = 0; i < demand.length; i += 1) {
    bound += BigInt(demand[i]) * worthOf(i);
    if (bounded(i) && worthOf(i) > penaltyAt(network, i)) bound -= (worthOf(i) - penaltyAt(network, i)) * BigInt(network.spare?.[i] ?? 0);
  }
  for (let j = 0; j < rent.length; j += 1) {
    let loss = (setUp?.fixed[j] ?? 0n) - BigInt(capacity[j]) * rent[j];
    for (let b = byOffer[j]; b < byOffer[j + 1]; b += 1) {
      const above = marginOf(arcAt[b]) - rent[j];
      if (above > 0n && best(arcAt[b])) loss -= BigInt(high[arcAt[b]]) * above;
    }
    if (loss < 0n) bound += loss;
  }
  return { worth: flow.worth, rent, bound };
};

/** Where prices break, a line's cheapest way to an offer stands for all of them: together they take no more. */
const oneWayEach = ({ least: broken, capacity }: Network, { byOffer, arcAt, lineOf }: ReturnType<typeof reversed>, marginOf: (arc: number) => bigint): ((arc: number) => boolean) => {
  if (broken === undefined) return () => true;
  const chosen = new Set<number>();
  for (let j = 0; j < capacity.length; j += 1) {
    const ofLine = new Map<number, number>();
    for (let b = byOffer[j]; b < byOffer[j + 1]; b += 1) {
      const known = ofLine.get(lineOf[arcAt[b]]);
      if (known === undefined || marginOf(arcAt[b]) > marginOf(known)) ofLine.set(lineOf[arcAt[b]], arcAt[b]);
    }
    for (const arc of ofLine.values()) chosen.add(arc);
  }
  return (arc) => chosen.has(arc);
};

/** What the last buyer pays above cost when those who pay most take all there is; 0 where some is left. */
const lastPaid = (arcs: Int32Array, marginOf: (arc: number) => bigint, high: Float64Array, capacity: number): bigint => {
  const paying = Array.from(arcs, (a) => ({ a, margin: marginOf(a) })).filter(({ margin }) => margin > 0n).sort((one, other) => (one.margin > other.margin ? -1 : one.margin < other.margin ? 1 : one.a - other.a));
  let left = capacity;
  for (const { a, margin } of paying) {
    left -= high[a];
    if (left <= 0) return margin;
  }
  return 0n;
};

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
