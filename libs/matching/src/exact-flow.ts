import { reversed, withLowerBounds, type Flow } from './flow.js';
import type { Network } from './network.js';

type Label = { readonly node: number; readonly at: bigint };

/**
 * The same problem in bigint, written for plainness: shortest augmenting paths over the residual network, found by relaxing until
 * nothing improves, without potentials. It serves prices that pass what a number holds exactly, and checks the fast solver in tests.
 */
export const solveExactFlow = (network: Network): Flow | undefined => {
  const { first, offerOf, low, high } = network;
  const start = withLowerBounds(network);
  if (start === undefined) return undefined;
  const { need, free, quantity } = start;
  const [lines, offers] = [need.length, free.length];
  const { lineOf, byOffer, arcAt } = reversed(network);
  const cost = network.exact?.cost ?? Array.from(network.cost, BigInt);
  const penalty = network.exact?.penalty ?? Array.from(network.penalty, BigInt);
  const spare = network.spare?.slice() ?? new Float64Array(lines).fill(Infinity);
  const unmatched = new Float64Array(lines);

  /** Cheapest ways from one line to every node, with the arc each was reached by. */
  const explore = (source: number): { label: (bigint | undefined)[]; via: Int32Array } => {
    const label: (bigint | undefined)[] = Array.from({ length: lines + offers }, () => undefined);
    const via = new Int32Array(lines + offers).fill(-1);
    label[source] = 0n;
    for (let queue: Label[] = [{ node: source, at: 0n }]; queue.length > 0; ) {
      const improved = new Map<number, bigint>();
      const reach = (node: number, at: bigint, arc: number): void => {
        const known = label[node];
        if (known !== undefined && known <= at) return;
        label[node] = at;
        via[node] = arc;
        improved.set(node, at);
      };
      for (const { node, at } of queue) {
        if (label[node] !== at) continue;
        if (node < lines) {
          for (let a = first[node]; a < first[node + 1]; a += 1) if (quantity[a] < high[a]) reach(lines + offerOf[a], at + cost[a], a);
        } else {
          for (let b = byOffer[node - lines]; b < byOffer[node - lines + 1]; b += 1) {
            const a = arcAt[b];
            if (quantity[a] > low[a]) reach(lineOf[a], at - cost[a], a);
          }
        }
      }
      queue = [...improved].map(([node, at]) => ({ node, at }));
    }
    return { label, via };
  };

  for (let source = 0; source < lines; source += 1) {
    while (need[source] > 0) {
      const { label, via } = explore(source);
      let end = -1;
      let shortest: bigint | undefined;
      label.forEach((at, node) => {
        const aside = node < lines ? (spare[node] > 0 ? penalty[node] : undefined) : free[node - lines] > 0 ? 0n : undefined;
        if (at === undefined || aside === undefined || (shortest !== undefined && at + aside >= shortest)) return;
        [shortest, end] = [at + aside, node];
      });
      if (end < 0) return undefined;
      const path: { arc: number; forward: boolean }[] = [];
      for (let node = end; node !== source; ) {
        const arc = via[node];
        path.push({ arc, forward: node >= lines });
        node = node >= lines ? lineOf[arc] : lines + offerOf[arc];
      }
      const room = path.map(({ arc, forward }) => (forward ? high[arc] - quantity[arc] : quantity[arc] - low[arc]));
      const amount = Math.min(need[source], ...room, end < lines ? spare[end] : free[end - lines]);
      for (const { arc, forward } of path) quantity[arc] += forward ? amount : -amount;
      need[source] -= amount;
      if (end < lines) {
        unmatched[end] += amount;
        spare[end] -= amount;
      } else free[end - lines] -= amount;
    }
  }
  return { quantity, unmatched, ...dualsOf(network, cost, penalty.map((value, i) => (spare[i] > 0 ? value : undefined)), { quantity, free }) };
};

/** Dual prices as the cheapest ways out of the finished network: a line's or an offer's distance to "anywhere with room". */
const dualsOf = (
  network: Network, cost: readonly bigint[], penalty: readonly (bigint | undefined)[],
  { quantity, free }: { quantity: Float64Array; free: Float64Array },
): { worth: bigint[]; rent: bigint[] } => {
  const { first, offerOf, low, high } = network;
  const worth = penalty.map((value) => value);
  const rent: (bigint | undefined)[] = Array.from(free, (left) => (left > 0 ? 0n : undefined));
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i + 1 < first.length; i += 1) {
      for (let a = first[i]; a < first[i + 1]; a += 1) {
        const [line, offer] = [worth[i], rent[offerOf[a]]];
        if (quantity[a] < high[a] && offer !== undefined && (line === undefined || offer + cost[a] < line)) {
          worth[i] = offer + cost[a];
          changed = true;
        }
        const now = worth[i];
        if (quantity[a] > low[a] && now !== undefined && (offer === undefined || now - cost[a] < offer)) {
          rent[offerOf[a]] = now - cost[a];
          changed = true;
        }
      }
    }
  }
  return { worth: worth.map((value) => value ?? 0n), rent: rent.map((value) => value ?? 0n) };
};
