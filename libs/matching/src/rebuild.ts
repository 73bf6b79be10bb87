import { layoutOf, type Layout } from './layout.js';
import type { Network } from './network.js';
import { seeded } from './seeded.js';
import type { Wholeness } from './whole.js';

export type Effort = { /** Per offer. */ readonly rent: Float64Array; readonly rounds: number; readonly enough: number };

/**
 * A cheaper whole allocation near the given one: again and again some lines that hang together give back what they hold and are planned anew one
 * by one, at times with an offer closed to them or another opened, at times as if scarce offers cost their `rent` too; what is dearer then is
 * undone. Chance is seeded, so the answer is the same every time. Ends after `rounds`, or when it costs no more than `enough`.
 */
export const rebuilt = (network: Network, whole: Wholeness, from: Float64Array, { rent, rounds, enough }: Effort): { quantity: Float64Array; unmatched: Float64Array } => {
  const layout = layoutOf(network, whole, from, rent);
  const { first, setUp } = network;
  const random = seeded(1);
  const below = (limit: number): number => Math.floor(random() * limit);
  const [lines, offers] = [network.demand.length, network.capacity.length];
  const costly = Array.from({ length: offers }, (_, j) => j).filter((j) => (setUp?.fixed[j] ?? 0n) > 0n);
  let best = { cost: layout.cost(), quantity: layout.quantity.slice(), unmatched: layout.need.slice() };
  const marked = new Int32Array(lines).fill(-1);
  const chosen: number[] = [];
  const saved: { arc: number; units: number }[] = [];

  for (let round = 0; round < rounds && best.cost > enough; round += 1) {
    chosen.length = 0;
    saved.length = 0;
    const take = (line: number): void => {
      if (marked[line] === round) return;
      marked[line] = round;
      chosen.push(line);
    };
    const before = layout.cost();
    const [closed, opened] = change(layout, costly, below, random() < 0.35);
    if (closed >= 0) layout.eachLineOf(closed, (line, arc) => layout.quantity[arc] > 0 && take(line));
    if (opened >= 0) drawn(layout, network, opened).forEach(take);
    if (closed < 0 && opened < 0) gather(layout, network, whole, below, take);
    for (const line of chosen) {
      for (let a = first[line]; a < first[line + 1]; a += 1) if (layout.quantity[a] > 0) saved.push({ arc: a, units: layout.quantity[a] });
      layout.empty(line);
    }
    inOrder(chosen, network, below);
    const byRent = random() < 0.4;
    for (const line of chosen) layout.plan(line, closed, opened, byRent);
    const now = layout.cost();
    if (now < best.cost) best = { cost: now, quantity: layout.quantity.slice(), unmatched: layout.need.slice() };
    if (now <= before) continue;
    for (const line of chosen) layout.empty(line);
    for (const { arc, units } of saved) layout.give(arc, units);
  }
  return best;
};

/** An offer to close and one to open, or neither. */
const change = ({ users }: Layout, costly: readonly number[], below: (limit: number) => number, wanted: boolean): [number, number] => {
  if (!wanted || costly.length === 0) return [-1, -1];
  const kind = below(3);
  const one = (used: boolean): number => {
    for (let n = 0; n < 8; n += 1) {
      const offer = costly[below(costly.length)];
      if (users[offer] > 0 === used) return offer;
    }
    return -1;
  };
  return [kind === 1 ? -1 : one(true), kind === 0 ? -1 : one(false)];
};

/** Lines that would save most with the offer, as many as it has room for. */
const drawn = (layout: Layout, { first, offerOf, cost, penalty }: Network, offer: number): number[] => {
  const savings: { line: number; unit: number; units: number }[] = [];
  layout.eachLineOf(offer, (line, arc) => {
    let [units, spent] = [layout.need[line], layout.need[line] * penalty[line]];
    for (let a = first[line]; a < first[line + 1]; a += 1) if (layout.quantity[a] > 0) {
      units += layout.quantity[a];
      spent += layout.quantity[a] * cost[a];
    }
    if (units > 0 && spent / units > cost[arc] && offerOf[arc] === offer) savings.push({ line, unit: spent / units - cost[arc], units });
  });
  savings.sort((a, b) => b.unit - a.unit || a.line - b.line);
  let room = layout.free[offer] * 1.2;
  return savings.filter(({ units }) => (room -= units) > -units).map(({ line }) => line);
};

/** A few lines that hold or would like the same offers. */
const gather = (layout: Layout, { first, offerOf }: Network, { cheapest }: Wholeness, below: (limit: number) => number, take: (line: number) => void): void => {
  const lines = layout.need.length;
  let seed = below(lines);
  // Every other time the next line in want, as long as there are any.
  if (below(2) === 0) for (let n = 0; n < lines && layout.need[seed] === 0; n += 1) seed = (seed + 1) % lines;
  take(seed);
  const size = 2 + below(Math.min(8, lines));
  let taken = 1;
  for (let n = 0; n < 3 && taken < size; n += 1) {
    const width = first[seed + 1] - first[seed];
    if (width === 0) return;
    const offer = offerOf[cheapest[first[seed] + below(Math.min(width, 10))]];
    const holders: number[] = [];
    layout.eachLineOf(offer, (line, arc) => layout.quantity[arc] > 0 && holders.push(line));
    for (let m = 0; m < 5 && holders.length > 0 && taken < size; m += 1, taken += 1) take(holders.splice(below(holders.length), 1)[0]);
  }
};

/** The large first, the small first, or as chance will have it. */
const inOrder = (chosen: number[], { demand }: Network, below: (limit: number) => number): void => {
  const kind = below(3);
  for (let n = chosen.length - 1; n > 0; n -= 1) {
    const other = below(n + 1);
    [chosen[n], chosen[other]] = [chosen[other], chosen[n]];
  }
  if (kind === 0) chosen.sort((a, b) => demand[b] - demand[a] || a - b);
  if (kind === 1) chosen.sort((a, b) => demand[a] - demand[b] || a - b);
};
