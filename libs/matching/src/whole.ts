import type { Network } from './network.js';
import type { Market } from './prepare.js';

/** What a flow must also keep but a continuous problem cannot say: lots and minimums of arcs, all-or-none of lines. */
export type Wholeness = {
  /** Per arc. */
  readonly lot: Float64Array;
  readonly least: Float64Array;
  /** Per line: the quantity it wants whole, or 0 where a part will do. */
  readonly wants: Float64Array;
};

/** Undefined where the continuous answer is the answer: no lots, minimums or all-or-none in this part. */
export const wholenessOf = (market: Market, network: Network): Wholeness | undefined => {
  const offerAt = (arc: number) => market.offers[network.offerIndex[network.offerOf[arc]]];
  const lot = network.cost.map((_, arc) => offerAt(arc).offer.lot);
  const least = network.cost.map((_, arc) => offerAt(arc).least);
  const wants = Float64Array.from(network.lineIndex, (i) => (market.lines[i].line.fillPolicy === 'all-or-none' ? market.lines[i].line.quantity : 0));
  return lot.some((units) => units > 1) || least.some((units) => units > 1) || wants.some((units) => units > 0) ? { lot, least, wants } : undefined;
};

export type Breach = { readonly of: 'line'; readonly line: number } | { readonly of: 'arc'; readonly arc: number; readonly below: number; readonly above: number };

/** The first thing the flow does not keep whole, lines before arcs; undefined when it keeps everything. */
export const breachOf = (network: Network, whole: Wholeness, quantity: Float64Array, unmatched: Float64Array): Breach | undefined => {
  for (let i = 0; i < whole.wants.length; i += 1) {
    if (whole.wants[i] === 0) continue;
    let matched = 0;
    for (let a = network.first[i]; a < network.first[i + 1]; a += 1) matched += quantity[a];
    if (matched > 0 && (matched < whole.wants[i] || unmatched[i] > 0)) return { of: 'line', line: i };
  }
  for (let a = 0; a < quantity.length; a += 1) {
    const [amount, lot, least] = [quantity[a], whole.lot[a], whole.least[a]];
    if (amount === 0) continue;
    if (amount < least) return { of: 'arc', arc: a, below: 0, above: least };
    if (amount % lot !== 0) return { of: 'arc', arc: a, below: amount - (amount % lot) < least ? 0 : amount - (amount % lot), above: amount - (amount % lot) + lot };
  }
  return undefined;
};

/**
 * A whole allocation near the given one: what is broken is rounded down, then every line takes what it can from the cheapest offers
 * with room. Always feasible, not always best.
 */
export const repaired = (network: Network, whole: Wholeness, from: Float64Array): { quantity: Float64Array; unmatched: Float64Array } => {
  const { first, offerOf, cost, high, demand, capacity, penalty } = network;
  const quantity = from.map((amount, a) => (amount - (amount % whole.lot[a]) < whole.least[a] ? 0 : amount - (amount % whole.lot[a])));
  const free = capacity.slice();
  const need = demand.slice();
  for (let i = 0; i < need.length; i += 1)
    for (let a = first[i]; a < first[i + 1]; a += 1) {
      need[i] -= quantity[a];
      free[offerOf[a]] -= quantity[a];
    }
  const give = (i: number, a: number, amount: number): void => {
    quantity[a] += amount;
    need[i] -= amount;
    free[offerOf[a]] -= amount;
  };
  const fill = (i: number): void => {
    const arcs = Array.from({ length: first[i + 1] - first[i] }, (_, n) => first[i] + n).sort((a, b) => cost[a] - cost[b] || a - b);
    for (const a of arcs) {
      const room = Math.min(need[i], free[offerOf[a]], high[a] - quantity[a]);
      const amount = room - (room % whole.lot[a]);
      if (amount > 0 && quantity[a] + amount >= whole.least[a] && cost[a] < penalty[i]) give(i, a, amount);
    }
  };
  const empty = (i: number): void => {
    for (let a = first[i]; a < first[i + 1]; a += 1) give(i, a, -quantity[a]);
  };
  const choosy = Array.from(whole.wants.keys()).filter((i) => whole.wants[i] > 0);
  const wholeNow = (i: number): boolean => need[i] === 0 && demand[i] === whole.wants[i];
  for (const i of choosy) if (!wholeNow(i)) empty(i);
  for (let i = 0; i < need.length; i += 1) if (whole.wants[i] === 0) fill(i);
  for (const i of choosy) {
    if (wholeNow(i)) continue;
    fill(i);
    if (!wholeNow(i)) empty(i);
  }
  return { quantity, unmatched: need };
};
