import { solveExactFlow } from './exact-flow.js';
import { heapOf } from './heap.js';
import type { Network } from './network.js';
import { solveBySimplex } from './simplex.js';

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
 * Least cost under capacity, exactly: successive shortest augmenting paths with potentials. Undefined when a line that must be
 * matched whole cannot be, or the lower bounds do not fit. Quantities are integral because bounds are.
 */
export const solveFlow = (network: Network): Flow | undefined => {
  if (network.exact !== undefined) return solveExactFlow(network);
  const bare = network.penalty.every(Number.isFinite) && network.low.every((low) => low === 0);
  return bare ? solveBySimplex(network) : solveByNodes(network);
};

/** Searches lines and offers alike with a heap: for parts with many offers. */
export const solveByNodes = (network: Network): Flow | undefined => {
  const { first, offerOf, cost, high, penalty } = network;
  const [lines, offers] = [network.demand.length, network.capacity.length];
  const start = withLowerBounds(network);
  if (start === undefined) return undefined;
  const { need, free, quantity } = start;
  const { lineOf, byOffer, arcAt } = reversed(network);
  const unmatched = new Float64Array(lines);
  const rent = new Float64Array(offers);
  const worth = new Float64Array(lines);
  for (let i = 0; i < lines; i += 1) {
    let least = penalty[i];
    for (let a = first[i]; a < first[i + 1]; a += 1) if (cost[a] < least && quantity[a] < high[a]) least = cost[a];
    worth[i] = least;
  }
  // A forced quantity on a dear arc has a positive reduced cost and must not be taken back: the low bound keeps it out of the residual.
  const { low } = network;
  const nodes = lines + offers;
  const distance = new Float64Array(nodes);
  const seen = new Int32Array(nodes);
  const via = new Int32Array(nodes);
  const settled = new Int32Array(nodes);
  const heap = heapOf(nodes, distance);

  for (let source = 0, round = 0; source < lines; source += 1) {
    while (need[source] > 0) {
      round += 1;
      heap.clear();
      distance[source] = 0;
      seen[source] = round;
      via[source] = -1;
      heap.push(source);
      let [shortest, end, count] = [Infinity, -1, 0];
      for (;;) {
        const node = heap.pop();
        if (node < 0 || distance[node] >= shortest) break;
        const here = distance[node];
        settled[count++] = node;
        if (node < lines) {
          const aside = here + penalty[node] - worth[node];
          if (aside < shortest) [shortest, end] = [aside, node];
          for (let a = first[node]; a < first[node + 1]; a += 1) {
            if (quantity[a] >= high[a]) continue;
            const next = lines + offerOf[a];
            const there = here + cost[a] + rent[offerOf[a]] - worth[node];
            if (there >= shortest || (seen[next] === round && there >= distance[next])) continue;
            distance[next] = there;
            via[next] = a;
            if (seen[next] === round) heap.rise(next);
            else heap.push(next);
            seen[next] = round;
          }
        } else {
          const j = node - lines;
          if (free[j] > 0) {
            [shortest, end] = [here, node];
            break;
          }
          for (let b = byOffer[j]; b < byOffer[j + 1]; b += 1) {
            const a = arcAt[b];
            if (quantity[a] <= low[a]) continue;
            const next = lineOf[a];
            const there = here - (cost[a] + rent[j] - worth[next]);
            if (there >= shortest || (seen[next] === round && there >= distance[next])) continue;
            distance[next] = there;
            via[next] = a;
            if (seen[next] === round) heap.rise(next);
            else heap.push(next);
            seen[next] = round;
          }
        }
      }
      if (end < 0 || shortest === Infinity) return undefined;
      for (let s = 0; s < count; s += 1) {
        const node = settled[s];
        if (distance[node] >= shortest) continue;
        if (node < lines) worth[node] += shortest - distance[node];
        else rent[node - lines] += shortest - distance[node];
      }
      let amount = end < lines ? need[source] : Math.min(need[source], free[end - lines]);
      for (let node = end; node !== source; ) {
        const a = via[node];
        if (node >= lines) {
          amount = Math.min(amount, high[a] - quantity[a]);
          node = lineOf[a];
        } else {
          amount = Math.min(amount, quantity[a] - low[a]);
          node = lines + offerOf[a];
        }
      }
      for (let node = end; node !== source; ) {
        const a = via[node];
        if (node >= lines) {
          quantity[a] += amount;
          node = lineOf[a];
        } else {
          quantity[a] -= amount;
          node = lines + offerOf[a];
        }
      }
      need[source] -= amount;
      if (end < lines) unmatched[end] += amount;
      else free[end - lines] -= amount;
    }
  }
  return { quantity, unmatched, worth, rent };
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
