import { cheapestFirst, type Network } from './network.js';
import { wholeLots } from './pair.js';
import type { Market } from './prepare.js';

/** What a flow must also keep but a continuous problem cannot say: lots and minimums of arcs, the least fill of lines. */
export type Wholeness = {
  /** Per arc. */
  readonly lot: Float64Array;
  readonly least: Float64Array;
  /** Per line: the units it wants at least, or else none; 0 where any number will do. */
  readonly wants: Float64Array;
  /** The lines that want something at least. */
  readonly wanting: readonly number[];
  /** Per arc, a number of its seller. */
  readonly seller: Int32Array;
  /** Per line: whether it says anything about sellers, how many it may have, and how many units of one of them. */
  readonly choosy: Uint8Array;
  readonly suppliers: Float64Array;
  readonly mostOfSeller: Float64Array;
  /** Per line, units by the number of the seller that holds them from before. */
  readonly held: readonly ReadonlyMap<number, number>[];
  /** Arcs of a line, cheapest first, are cheapest[first[i]] … cheapest[first[i + 1]]. */
  readonly cheapest: Int32Array;
};

/** Undefined where the continuous answer is the answer: no lots, minimums or least fills in this part. */
export const wholenessOf = (market: Market, network: Network): Wholeness | undefined => {
  const offerAt = (arc: number) => market.offers[network.offerIndex[network.offerOf[arc]]];
  const lot = network.cost.map((_, arc) => offerAt(arc).offer.lot);
  const least = network.least ?? network.cost.map((_, arc) => offerAt(arc).least);
  const wants = Float64Array.from(network.lineIndex, (i) => market.lines[i].leastFill);
  const choosy = Uint8Array.from(network.lineIndex, (i) => Number(market.lines[i].line.maximumSuppliers !== undefined || market.lines[i].line.shareCap !== undefined));
  const broken = lot.some((units) => units > 1) || least.some((units) => units > 1) || wants.some((units) => units > 0);
  if (!broken && network.setUp === undefined && network.entry === undefined && !choosy.includes(1)) return undefined;
  const numbers = new Map<string, number>();
  const numberOf = (id: string): number => numbers.get(id) ?? numbers.set(id, numbers.size).size - 1;
  const seller = Int32Array.from(network.cost, (_, arc) => numberOf(offerAt(arc).offer.sellerId));
  const held = Array.from(network.lineIndex, (i) => new Map([...market.lines[i].held].map(([id, units]) => [numberOf(id), units])));
  const suppliers = Float64Array.from(network.lineIndex, (i) => market.lines[i].line.maximumSuppliers ?? Infinity);
  const mostOfSeller = Float64Array.from(network.lineIndex, (i) => market.lines[i].mostOfSeller);
  const wanting = Array.from(wants.keys()).filter((i) => wants[i] > 0);
  return { lot, least, wants, wanting, choosy, seller, suppliers, mostOfSeller, held, cheapest: cheapestFirst(network.first, network.cost) };
};

/** Units of one line by seller, for arcs that count, with what sellers hold from before. */
export const bySeller = ({ first }: Network, { seller, held }: Wholeness, line: number, amountOf: (arc: number) => number): Map<number, number> => {
  const sums = new Map<number, number>(held[line]);
  for (let a = first[line]; a < first[line + 1]; a += 1) if (amountOf(a) > 0) sums.set(seller[a], (sums.get(seller[a]) ?? 0) + amountOf(a));
  return sums;
};

export type Breach = { readonly of: 'line'; readonly line: number } | { readonly of: 'offer'; readonly offer: number } | { readonly of: 'entry'; readonly arc: number } | { readonly of: 'arc'; readonly arc: number; readonly below: number; readonly above: number };

/** What the flow does not keep whole, what moves the cost most first: offers to set up, lines, sellers, then amounts; undefined when it keeps everything. */
export const breachOf = (network: Network, whole: Wholeness, quantity: Float64Array): Breach | undefined => {
  const dear = breachOfSetUp(network, quantity) ?? breachOfEntry(network, quantity);
  if (dear !== undefined) return dear;
  for (let i = 0; i < whole.wants.length; i += 1) {
    if (whole.wants[i] === 0) continue;
    let matched = 0;
    for (let a = network.first[i]; a < network.first[i + 1]; a += 1) matched += quantity[a];
    if (matched > 0 && matched < whole.wants[i]) return { of: 'line', line: i };
  }
  for (let i = 0; i < whole.wants.length; i += 1) {
    const breach = whole.choosy[i] === 1 ? breachOfSellers(network, whole, i, quantity) : undefined;
    if (breach !== undefined) return breach;
  }
  return breachOfArcs(whole, quantity);
};

/** The arc farthest from an amount it may carry: what is rounded most moves the cost most. */
const breachOfArcs = (whole: Wholeness, quantity: Float64Array): Breach | undefined => {
  let [breach, farthest]: [Breach | undefined, number] = [undefined, 0];
  for (let a = 0; a < quantity.length; a += 1) {
    const [amount, lot, least] = [quantity[a], whole.lot[a], whole.least[a]];
    if (amount === 0 || (amount >= least && amount % lot === 0)) continue;
    const floor = wholeLots(amount, lot);
    const [below, above] = amount < least ? [0, least] : [floor < least ? 0 : floor, floor + lot];
    const far = Math.min(amount - below, above - amount);
    if (far <= farthest) continue;
    farthest = far;
    breach = { of: 'arc', arc: a, below, above };
  }
  return breach;
};

/** The arc whose entry is charged least of what it costs: it is entered, or closed. In bigint: a fee may be more than a number holds exactly. */
const breachOfEntry = ({ entry }: Network, quantity: Float64Array): Breach | undefined => {
  if (entry === undefined) return undefined;
  let [arc, most] = [-1, 0n];
  for (let a = 0; a < quantity.length; a += 1) {
    if (quantity[a] === 0 || entry.fixed[a] === 0n) continue;
    const missing = entry.fixed[a] - BigInt(quantity[a]) * BigInt(entry.share[a]);
    if (missing > most) [arc, most] = [a, missing];
  }
  return arc < 0 ? undefined : { of: 'entry', arc };
};

/** Whether a line has of no more sellers than it may, and of none too much; false also where that takes a closer look, because some hold of it from before. */
const sellersFit = ({ first }: Network, { seller, suppliers, mostOfSeller, held }: Wholeness, line: number, quantity: Float64Array): boolean => {
  if (held[line].size > 0) return false;
  let sellers = 0;
  for (let a = first[line]; a < first[line + 1]; a += 1) {
    if (quantity[a] === 0) continue;
    let [units, counted] = [0, false];
    for (let b = first[line]; b < first[line + 1]; b += 1) {
      if (quantity[b] === 0 || seller[b] !== seller[a]) continue;
      if (b < a) counted = true;
      units += quantity[b];
    }
    if (units > mostOfSeller[line]) return false;
    if (!counted) sellers += 1;
  }
  return sellers <= suppliers[line];
};

/** Too many sellers, or too much of one: the line's smallest free arc, or the largest of the seller, is decided one way or the other. */
const breachOfSellers = (network: Network, whole: Wholeness, line: number, quantity: Float64Array): Breach | undefined => {
  if (sellersFit(network, whole, line, quantity)) return undefined;
  const { first, low } = network;
  const sums = bySeller(network, whole, line, (a) => quantity[a]);
  const arcs = Array.from({ length: first[line + 1] - first[line] }, (_, n) => first[line] + n).filter((a) => quantity[a] > 0);
  if (sums.size > Math.max(whole.suppliers[line], whole.held[line].size)) {
    const settled = bySeller(network, whole, line, (a) => low[a]);
    const [arc] = arcs.filter((a) => !settled.has(whole.seller[a])).sort((a, b) => quantity[a] - quantity[b] || a - b);
    return { of: 'arc', arc, below: 0, above: Math.max(whole.least[arc], whole.lot[arc]) };
  }
  for (const [seller, units] of sums) {
    if (units <= whole.mostOfSeller[line]) continue;
    const [arc] = arcs.filter((a) => whole.seller[a] === seller && quantity[a] > low[a]).sort((a, b) => quantity[b] - quantity[a] || a - b);
    // Only what it holds from before is too much already; its arcs are shut then.
    if (arc === undefined) continue;
    const lots = Math.floor((quantity[arc] - 1) / whole.lot[arc]);
    const fitting = Math.max(0, Math.min(lots, Math.floor((quantity[arc] * whole.mostOfSeller[line]) / units / whole.lot[arc]))) * whole.lot[arc];
    if (fitting < whole.least[arc] && low[arc] === 0) return { of: 'arc', arc, below: 0, above: whole.least[arc] };
    const below = Math.max(fitting, low[arc]);
    return { of: 'arc', arc, below, above: below + whole.lot[arc] };
  }
  return undefined;
};

/** The offer whose setting up is charged least of what it costs: it is opened, or closed. */
const breachOfSetUp = ({ setUp, offerOf }: Network, quantity: Float64Array): Breach | undefined => {
  if (setUp === undefined) return undefined;
  const borne = new Map<number, bigint>();
  for (let a = 0; a < quantity.length; a += 1) {
    const offer = offerOf[a];
    if (quantity[a] > 0 && setUp.fixed[offer] > 0n) borne.set(offer, (borne.get(offer) ?? 0n) + BigInt(quantity[a]) * BigInt(setUp.share[a]));
  }
  let [offer, most] = [-1, 0n];
  for (const [j, charged] of borne) {
    const missing = setUp.fixed[j] - charged;
    if (missing > most || (missing === most && j < offer)) [offer, most] = [j, missing];
  }
  return offer < 0 ? undefined : { of: 'offer', offer };
};

/**
 * A whole allocation near the given one: what is broken is rounded down, then every line takes what it can from the cheapest offers
 * with room. Always feasible, not always best.
 */
export const repaired = (network: Network, whole: Wholeness, from: Float64Array): { quantity: Float64Array; unmatched: Float64Array } => {
  const { first, offerOf, cost, high, demand, capacity, penalty } = network;
  const quantity = new Float64Array(from.length);
  for (let a = 0; a < from.length; a += 1) quantity[a] = roundedDown(whole, a, from[a]);
  const free = capacity.slice();
  const need = demand.slice();
  for (let i = 0; i < need.length; i += 1)
    for (let a = first[i]; a < first[i + 1]; a += 1) {
      need[i] -= quantity[a];
      free[offerOf[a]] -= quantity[a];
    }
  for (let i = 0; i < need.length; i += 1) if (whole.choosy[i] === 1) keepToSellers(network, whole, i, quantity, (a, amount) => {
    need[i] += amount;
    free[offerOf[a]] += amount;
  });
  const give = (i: number, a: number, amount: number): void => {
    quantity[a] += amount;
    need[i] -= amount;
    free[offerOf[a]] -= amount;
  };
  const fill = (i: number): void => {
    for (let n = first[i]; n < first[i + 1] && need[i] > 0; n += 1) {
      const a = whole.cheapest[n];
      const room = Math.min(need[i], free[offerOf[a]], high[a] - quantity[a], whole.choosy[i] === 1 ? roomWithSeller(network, whole, i, a, quantity) : Infinity);
      const amount = wholeLots(room, whole.lot[a]);
      if (amount > 0 && quantity[a] + amount >= whole.least[a] && cost[a] < penalty[i]) give(i, a, amount);
    }
  };
  const empty = (i: number): void => {
    for (let a = first[i]; a < first[i + 1]; a += 1) give(i, a, -quantity[a]);
  };
  const enough = (i: number): boolean => demand[i] - need[i] >= whole.wants[i];
  for (const i of whole.wanting) if (!enough(i)) empty(i);
  for (let i = 0; i < need.length; i += 1) if (whole.wants[i] === 0) fill(i);
  for (const i of whole.wanting) {
    fill(i);
    if (!enough(i)) empty(i);
  }
  return { quantity, unmatched: need };
};

/** The most an arc may carry of these units: whole lots, and its least or nothing. */
const roundedDown = ({ lot, least }: Wholeness, arc: number, units: number): number => {
  const lots = wholeLots(units, lot[arc]);
  return lots < least[arc] ? 0 : lots;
};

/** What the seller of an arc may still be given of the line. */
const roomWithSeller = (network: Network, whole: Wholeness, line: number, arc: number, quantity: Float64Array): number => {
  const sums = bySeller(network, whole, line, (a) => quantity[a]);
  const given = sums.get(whole.seller[arc]);
  return given === undefined && sums.size >= whole.suppliers[line] ? 0 : whole.mostOfSeller[line] - (given ?? 0);
};

/** Takes away what the line has of too many sellers, and too much of any; those with most stay. */
const keepToSellers = (network: Network, whole: Wholeness, line: number, quantity: Float64Array, taken: (arc: number, amount: number) => void): void => {
  if (sellersFit(network, whole, line, quantity)) return;
  const sums = bySeller(network, whole, line, (a) => quantity[a]);
  const before = whole.held[line];
  const inOrder = [...sums].sort((a, b) => Number(before.has(b[0])) - Number(before.has(a[0])) || b[1] - a[1] || a[0] - b[0]);
  const kept = new Map(inOrder.slice(0, Math.max(before.size, Math.min(sums.size, whole.suppliers[line]))).map(([seller]) => [seller, Math.max(0, whole.mostOfSeller[line] - (before.get(seller) ?? 0))]));
  for (let a = network.first[line]; a < network.first[line + 1]; a += 1) {
    const room = Math.min(quantity[a], kept.get(whole.seller[a]) ?? 0);
    const stays = roundedDown(whole, a, room);
    if (kept.has(whole.seller[a])) kept.set(whole.seller[a], (kept.get(whole.seller[a]) ?? 0) - stays);
    if (stays < quantity[a]) taken(a, quantity[a] - stays);
    quantity[a] = stays;
  }
};
