import { solveFlow, type Flow } from './flow.js';
import { costAt, fullCostOf, objectiveOf, type Network } from './network.js';
import { preferred } from './preference.js';
import { lineAt } from './simplex-tree.js';
import type { Market } from './prepare.js';
import { proofOf } from './proof.js';
import { withEntryShares, withShares } from './set-up-shares.js';
import { breachOf, bySeller, wholenessOf, type Breach, type Wholeness } from './whole.js';
import { foundBy, wholeStart, type Found } from './whole-start.js';

export type Part = {
  readonly network: Network;
  readonly quantity: Float64Array;
  readonly unmatched: Float64Array;
  /** Dual prices of the continuous problem. */
  readonly worth: Flow['worth'];
  readonly rent: Flow['rent'];
  readonly objective: bigint;
  /** Nothing costs less, by the dual prices alone. */
  readonly proven: bigint;
  /** Nothing costs less; equal to the objective when the part is solved to the end. */
  readonly bound: bigint;
  readonly nodes: number;
};

type Node = { readonly bound: bigint; readonly breach: Breach; readonly narrowed: Network };

/** Solves one part: the continuous answer where it keeps everything whole, else branch and bound within the policy's effort. */
export const solvePart = (market: Market, network: Network): Part => {
  const part = solvePartWithin(market, network);
  if (part === undefined) throw new Error('A part in which anything may stay unmatched always has a solution');
  return part;
};

/** The same where lines may leave no more than `spare`; undefined where that cannot be, or was not found within the effort. */
export const solvePartWithin = (market: Market, network: Network): Part | undefined => {
  const eased = withShares(withEntryShares(network));
  const root = solveFlow(eased);
  if (root === undefined) return undefined;
  const { bound, ...prices } = proofOf(network, root);
  const proof = { network, ...prices, proven: bound };
  const whole = wholenessOf(market, network);
  // Among flows that spare little, preference is not looked for.
  const wished = network.spare === undefined ? preferred(eased, root) : root;
  if (whole === undefined || breachOf(eased, whole, wished.quantity) === undefined) return { ...proof, ...onCheapestWays(network, wished), bound, nodes: 0 };
  const breach = breachOf(eased, whole, root.quantity);
  if (breach === undefined) return { ...proof, ...onCheapestWays(network, root), bound, nodes: 0 };
  const { bound: searched, nodes, ...found } = search(network, whole, { bound, breach, narrowed: eased }, root, budgetOf(market, network));
  if (found.objective === hopeless) return undefined;
  return { ...proof, ...onCheapestWays(network, found), bound: searched, nodes };
};

/** Units of a line on several ways of one offer go the cheapest that all of them together may take. */
const onCheapestWays = (network: Network, { quantity, unmatched }: Pick<Part, 'quantity' | 'unmatched'>): Pick<Part, 'quantity' | 'unmatched' | 'objective'> => {
  const { first, offerOf, least, entry } = network;
  if (least === undefined) return { quantity, unmatched, objective: fullCostOf(network, { quantity, unmatched }) };
  const merged = quantity.slice();
  for (let i = 0; i + 1 < first.length; i += 1) {
    for (let from = first[i], to = from; from < first[i + 1]; from = to) {
      let units = 0;
      for (to = from; to < first[i + 1] && offerOf[to] === offerOf[from]; to += 1) units += quantity[to];
      if (units === 0 || to === from + 1) continue;
      const costOf = (a: number): bigint => (entry?.fixed[a] ?? 0n) + costAt(network, a) * BigInt(units);
      let best = -1;
      for (let a = from; a < to; a += 1) if (least[a] <= units && (best < 0 || costOf(a) < costOf(best))) best = a;
      merged.fill(0, from, to);
      merged[best] = units;
    }
  }
  return { quantity: merged, unmatched, objective: fullCostOf(network, { quantity: merged, unmatched }) };
};

/** What an answer costs that leaves more than it may. */
const hopeless = 1n << 300n;

const allowed = ({ spare }: Network, found: Found): Found => (spare !== undefined && found.unmatched.some((units, i) => units > spare[i]) ? { ...found, objective: hopeless } : found);

type Budget = { readonly nodes: number; readonly rounds: number; /** Before branching, and how many nodes come before the rest of `rounds`. */ readonly shortRounds: number; readonly soon: number; /** As a share. */ readonly enoughGap: number };

/** Fewer nodes where each is dearer: the effort is arcs looked at. Rounds of planning anew cost much the same in every part; small parts need few. */
const budgetOf = ({ policy: { effort, enoughGap = 0 } }: Market, { cost, demand, capacity }: Network): Budget => ({
  nodes: Math.min(20_000, Math.max(16, Math.floor((effort * 1000) / cost.length))),
  rounds: effort * Math.min(100, 5 * (demand.length + capacity.length)),
  shortRounds: 30 * (demand.length + capacity.length),
  soon: Math.floor((effort * 60) / cost.length),
  enoughGap: enoughGap / 10_000,
});

/** Best bound first, so that what is left open when the effort ends is the smallest gap that can be stated. */
const search = (network: Network, whole: Wholeness, root: Node, rootFlow: Flow, budget: Budget): Pick<Part, 'quantity' | 'unmatched' | 'objective' | 'bound' | 'nodes'> => {
  // A small part is often searched to its end sooner than chance betters its start: that comes in full only where branching takes long.
  let [best, rounds] = [allowed(network, wholeStart(network, whole, rootFlow, root.bound, { ...budget, rounds: Math.min(budget.rounds, budget.shortRounds) })), budget.shortRounds];
  const open: Node[] = [root];
  let nodes = 0;
  while (open.length > 0 && nodes < budget.nodes) {
    const top = open[open.length - 1];
    if (top.bound >= best.objective || Number(best.objective - top.bound) <= budget.enoughGap * Number(best.objective)) break;
    if (nodes >= budget.soon && rounds < budget.rounds) {
      rounds = budget.rounds;
      const better = allowed(network, wholeStart(network, whole, rootFlow, root.bound, budget));
      if (better.objective < best.objective) best = better;
      continue;
    }
    const node = open.pop() ?? top;
    for (const narrowed of childrenOf(node, whole)) {
      nodes += 1;
      const flow = solveFlow(narrowed);
      if (flow === undefined) continue;
      const reckoned = objectiveOf(narrowed, flow);
      // The parent's bound holds for the child too.
      const bound = reckoned > node.bound ? reckoned : node.bound;
      if (bound >= best.objective) continue;
      const breach = breachOf(narrowed, whole, flow.quantity);
      // What breaks nothing costs what the bound says, or less where an offer was opened for nothing.
      const near = breach === undefined ? { quantity: flow.quantity, unmatched: flow.unmatched, objective: fullCostOf(network, flow) } : allowed(network, foundBy(network, whole, flow));
      if (near.objective < best.objective) best = near;
      if (breach !== undefined) insert(open, { bound, breach, narrowed });
    }
  }
  const least = open.at(-1);
  return { ...best, bound: least === undefined || least.bound > best.objective ? best.objective : least.bound, nodes };
};

/** Two narrower problems that together hold every whole allocation of the node and both exclude its flow. */
const childrenOf = ({ narrowed, breach }: Node, whole: Wholeness): Network[] => {
  if (breach.of === 'offer') return openedAndClosed(narrowed, breach.offer);
  if (breach.of === 'entry') return enteredAndClosed(narrowed, breach.arc);
  if (breach.of === 'line') {
    const spare = narrowed.spare?.slice() ?? new Float64Array(narrowed.demand.length).fill(Infinity);
    spare[breach.line] = Math.min(spare[breach.line], narrowed.demand[breach.line] - whole.wants[breach.line]);
    const high = narrowed.high.slice();
    high.fill(0, narrowed.first[breach.line], narrowed.first[breach.line + 1]);
    return [{ ...narrowed, spare }, { ...narrowed, high }];
  }
  const [high, low] = [narrowed.high.slice(), narrowed.low.slice()];
  high[breach.arc] = breach.below;
  low[breach.arc] = breach.above;
  const more = { ...narrowed, low, high: narrowed.high };
  return keepsToSellers(more, whole, breach.arc) ? [more, { ...narrowed, high }] : [{ ...narrowed, high }];
};

/** Whether what the line must take leaves it with as many sellers as it may have, and of each as much. */
const keepsToSellers = (network: Network, whole: Wholeness, arc: number): boolean => {
  const line = lineAt(network.first, arc);
  if (whole.choosy[line] === 0) return true;
  const forced = bySeller(network, whole, line, (a) => network.low[a]);
  return forced.size <= Math.max(whole.suppliers[line], whole.held[line].size) && [...forced].every(([seller, units]) => units <= whole.mostOfSeller[line] || units === whole.held[line].get(seller));
};

/** The offer set up and paid for once, and the offer out of it. */
const openedAndClosed = (narrowed: Network, offer: number): Network[] => {
  const { setUp, offerOf, exact } = narrowed;
  if (setUp === undefined) return [];
  const cost = narrowed.cost.map((value, a) => (offerOf[a] === offer ? value - setUp.share[a] : value));
  const paid = { fixed: setUp.fixed.map((value, j) => (j === offer ? 0n : value)), share: setUp.share.map((value, a) => (offerOf[a] === offer ? 0 : value)) };
  const opened = { ...narrowed, cost, setUp: paid, fixed: narrowed.fixed + setUp.fixed[offer], exact: exact && { ...exact, cost: exact.cost.map((value, a) => (offerOf[a] === offer ? value - BigInt(setUp.share[a]) : value)) } };
  const high = narrowed.high.map((most, a) => (offerOf[a] === offer ? 0 : most));
  return [opened, { ...narrowed, high }];
};

/** The arc entered and paid for, and nothing on it. */
const enteredAndClosed = (narrowed: Network, arc: number): Network[] => {
  const { entry, exact } = narrowed;
  if (entry === undefined) return [];
  const high = narrowed.high.slice();
  high[arc] = 0;
  const [cost, share] = [narrowed.cost.slice(), entry.share.slice()];
  cost[arc] -= share[arc];
  share[arc] = 0;
  const fixed = entry.fixed.map((fee, a) => (a === arc ? 0n : fee));
  const entered = { ...narrowed, cost, entry: { fixed, share }, fixed: narrowed.fixed + entry.fixed[arc], exact: exact && { ...exact, cost: exact.cost.map((value, a) => (a === arc ? value - BigInt(entry.share[arc]) : value)) } };
  return [entered, { ...narrowed, high }];
};

/** Keeps the open nodes sorted, least bound last; among equals the newest is taken first, which dives to whole answers. */
const insert = (open: Node[], node: Node): void => {
  let [from, to] = [0, open.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (open[middle].bound >= node.bound) from = middle + 1;
    else to = middle;
  }
  open.splice(from, 0, node);
};
