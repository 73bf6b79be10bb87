import { solveFlow, type Flow } from './flow.js';
import { fullCostOf, type Network } from './network.js';
import { rebuilt } from './rebuild.js';
import { repaired, type Wholeness } from './whole.js';

export type Found = { readonly quantity: Float64Array; readonly unmatched: Float64Array; readonly objective: bigint };

/** A whole allocation near a flow, and what it costs. */
export const foundBy = (network: Network, whole: Wholeness, flow: Pick<Flow, 'quantity'>): Found => {
  const near = repaired(network, whole, flow.quantity);
  return { ...near, objective: fullCostOf(network, near) };
};

/**
 * A good whole allocation to begin with: which offers are worth setting up, a flow over those, made whole, and bettered for so many `rounds`
 * or until it costs hardly more than the bound.
 */
export const wholeStart = (network: Network, whole: Wholeness, root: Flow, bound: bigint, { rounds, enoughGap }: { readonly rounds: number; readonly enoughGap: number }): Found => {
  const settled = settledFlow(network, root);
  const found = foundBy(network, whole, settled);
  const spent = found.quantity.reduce((sum, units, a) => sum + units * network.cost[a], 0);
  const near = rebuilt(network, whole, found.quantity, { rent: rentsAmong(network, settled), rounds, enough: Math.max(Number(bound) + closeEnough * spent, Number(bound) / (1 - enoughGap)) });
  const objective = fullCostOf(network, near);
  return objective < found.objective ? { ...near, objective } : found;
};

/** Where what is matched costs at most so much more than the least possible, chance has done enough: the rest is for branching, if anything. */
const closeEnough = 0.001;
const turns = 8;

/** Units bear what their offer's setting up cost each of those sold the time before, so that offers hardly used empty themselves. */
const settledFlow = (network: Network, root: Flow): Flow => {
  const { setUp, offerOf, cost, capacity, exact } = network;
  // Beyond what numbers hold exactly the root must do.
  if (setUp === undefined || exact !== undefined) return root;
  const fixed = Float64Array.from(setUp.fixed, Number);
  const perUnit = fixed.map((once, j) => once / Math.max(1, capacity[j]));
  let [best, least] = [root, fullCostOf(network, root)];
  for (let turn = 0, flow = root; turn < turns; turn += 1) {
    const sold = new Float64Array(capacity.length);
    for (let a = 0; a < cost.length; a += 1) sold[offerOf[a]] += flow.quantity[a];
    let moved = turn === 0;
    for (let j = 0; j < sold.length; j += 1) {
      if (sold[j] === 0 || perUnit[j] === fixed[j] / sold[j]) continue;
      perUnit[j] = fixed[j] / sold[j];
      moved = true;
    }
    if (!moved) break;
    const next = solveFlow({ ...network, cost: cost.map((value, a) => value + Math.floor(perUnit[offerOf[a]])) });
    if (next === undefined) break;
    const full = fullCostOf(network, next);
    if (full < least) [best, least] = [next, full];
    flow = next;
  }
  return best;
};

/** What a unit more of each used offer would save with no other offers there. */
const rentsAmong = (network: Network, { quantity }: Flow): Float64Array => {
  const used = new Uint8Array(network.capacity.length);
  for (let a = 0; a < quantity.length; a += 1) if (quantity[a] > 0) used[network.offerOf[a]] = 1;
  const open = solveFlow({ ...network, high: network.high.map((most, a) => (used[network.offerOf[a]] === 1 ? most : 0)) });
  return Float64Array.from(network.capacity, (_, j) => Number(open?.rent[j] ?? 0));
};
