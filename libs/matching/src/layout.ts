import { reversed } from './flow.js';
import { cheapestFirst, type Network } from './network.js';
import { wholeLots } from './pair.js';
import type { Wholeness } from './whole.js';

/** Who holds what of a part, and what that costs: always whole, always feasible. Costs are doubles here; what is kept is summed anew in bigint. */
export type Layout = {
  readonly quantity: Float64Array;
  /** Units a line still wants. */
  readonly need: Float64Array;
  readonly free: Float64Array;
  /** How many lines an offer serves. */
  readonly users: Int32Array;
  cost(): number;
  /** Takes all of a line from its offers. */
  empty(line: number): void;
  /** Gives an emptied line the cheapest whole plan found with what is free; offers that are `barred` are left out, those `opened` cost nothing to set up. */
  plan(line: number, barred: number, opened: number, byRent: boolean): void;
  give(arc: number, units: number): void;
  eachLineOf(offer: number, visit: (line: number, arc: number) => void): void;
};

/** How many ways of filling one line are looked at. */
const patience = 48;
/** How many offers of one line are looked at in each step, beside those without room. */
const breadth = 5;

export const layoutOf = (network: Network, whole: Wholeness, from: Float64Array, rent: Float64Array): Layout => {
  const { first, offerOf, cost, high, demand, capacity, penalty, setUp } = network;
  const { lot, least, wants, seller, choosy, suppliers, mostOfSeller, held } = whole;
  const { byOffer, arcAt, lineOf } = reversed(network);
  const fee = network.entry === undefined ? undefined : Float64Array.from(network.entry.fixed, Number);
  const fixed = Float64Array.from(capacity, (_, j) => Number(setUp?.fixed[j] ?? 0n));
  const [quantity, need, free, users] = [new Float64Array(cost.length), demand.slice(), capacity.slice(), new Int32Array(capacity.length)];
  const charged = cost.map((value, a) => value + 0.999 * rent[offerOf[a]]);
  const guided = cheapestFirst(first, charged);
  let [value, order] = [cost, whole.cheapest];
  let sum = penalty.reduce((total, each, i) => total + each * demand[i], Number(network.fixed));

  const give = (a: number, units: number): void => {
    const [i, j] = [lineOf[a], offerOf[a]];
    const before = quantity[a];
    quantity[a] = before + units;
    need[i] -= units;
    free[j] -= units;
    sum += units * (cost[a] - penalty[i]);
    if (fee !== undefined && (before === 0) !== (quantity[a] === 0)) sum += before === 0 ? fee[a] : -fee[a];
    if (before === 0 && units > 0) {
      if (users[j] === 0) sum += fixed[j];
      users[j] += 1;
    } else if (before > 0 && quantity[a] === 0) {
      users[j] -= 1;
      if (users[j] === 0) sum -= fixed[j];
    }
  };
  for (let a = 0; a < from.length; a += 1) if (from[a] > 0) give(a, from[a]);

  const [arcs, units] = [new Int32Array(64), new Float64Array(64)];
  let [bestCost, bestLength, tried] = [0, 0, 0];
  const [bestArcs, bestUnits] = [new Int32Array(64), new Float64Array(64)];
  /** What the seller of an arc may still be given, the first `depth` arcs of the plan given. */
  const roomOfSeller = (i: number, a: number, depth: number): number => {
    if (choosy[i] === 0) return Infinity;
    const before = held[i].size === 0 ? undefined : held[i];
    let given = before?.get(seller[a]) ?? 0;
    let known = before?.has(seller[a]) ?? false;
    let sellers = before?.size ?? 0;
    for (let n = 0; n < depth; n += 1) {
      let fresh = before === undefined || !before.has(seller[arcs[n]]);
      for (let m = 0; m < n; m += 1) if (seller[arcs[m]] === seller[arcs[n]]) fresh = false;
      if (fresh) sellers += 1;
      if (seller[arcs[n]] !== seller[a]) continue;
      known = true;
      given += units[n];
    }
    return !known && sellers >= suppliers[i] ? 0 : mostOfSeller[i] - given;
  };
  /** Whether the plan has another way of the offer already. */
  const taken = (offer: number, depth: number): boolean => {
    for (let n = 0; n < depth; n += 1) if (offerOf[arcs[n]] === offer) return true;
    return false;
  };
  const look = (i: number, rest: number, spent: number, from: number, depth: number, barred: number, opened: number): void => {
    tried += 1;
    if (spent + rest * penalty[i] < bestCost && demand[i] - rest >= wants[i]) {
      [bestCost, bestLength] = [spent + rest * penalty[i], depth];
      for (let n = 0; n < depth; n += 1) [bestArcs[n], bestUnits[n]] = [arcs[n], units[n]];
    }
    if (rest === 0 || depth === arcs.length) return;
    for (let n = from, looked = 0; n < first[i + 1] && looked < breadth && tried < patience; n += 1) {
      const a = order[n];
      const j = offerOf[a];
      if (value[a] >= penalty[i] || spent + rest * value[a] >= bestCost) return;
      if (j === barred || (network.least !== undefined && taken(j, depth))) continue;
      const room = Math.min(rest, free[j], high[a], roomOfSeller(i, a, depth));
      const most = wholeLots(room, lot[a]);
      if (most < least[a] || most === 0) continue;
      looked += 1;
      const entry = (users[j] === 0 && j !== opened ? fixed[j] : 0) + (fee === undefined ? 0 : fee[a]);
      arcs[depth] = a;
      units[depth] = most;
      look(i, rest - most, spent + most * value[a] + entry, n + 1, depth + 1, barred, opened);
      // Less of this one, so that what is left is enough for the minimum and lot of the next.
      if (most === rest || n + 1 === first[i + 1]) continue;
      const next = order[n + 1];
      const leaves = Math.max(least[next], lot[next]);
      const less = Math.min(most - lot[a], rest - leaves);
      const fewer = wholeLots(less, lot[a]);
      if (fewer < least[a] || fewer <= 0) continue;
      arcs[depth] = a;
      units[depth] = fewer;
      look(i, rest - fewer, spent + fewer * value[a] + entry, n + 1, depth + 1, barred, opened);
    }
  };

  return {
    quantity, need, free, users, give,
    cost: () => sum,
    empty: (i) => {
      for (let a = first[i]; a < first[i + 1]; a += 1) if (quantity[a] > 0) give(a, -quantity[a]);
    },
    plan: (i, barred, opened, byRent) => {
      [value, order] = byRent ? [charged, guided] : [cost, whole.cheapest];
      [bestCost, bestLength, tried] = [need[i] * penalty[i], 0, 0];
      if (wants[i] > 0 && demand[i] < wants[i]) return;
      look(i, need[i], 0, first[i], 0, barred, opened);
      for (let n = 0; n < bestLength; n += 1) give(bestArcs[n], bestUnits[n]);
    },
    eachLineOf: (offer, visit) => {
      for (let b = byOffer[offer]; b < byOffer[offer + 1]; b += 1) visit(lineOf[arcAt[b]], arcAt[b]);
    },
  };
};
