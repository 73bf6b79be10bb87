import type { Flow } from './flow.js';
import { pairOf, weighed, wholeLots } from './pair.js';
import { roomOfSeller, type Market, type PreparedLine } from './prepare.js';
import { roadFinder } from './roads.js';

/**
 * One connected part of the market as a transportation problem on typed arrays. Lines and offers are numbered within the part;
 * arcs of line i are first[i] … first[i + 1]. Costs are thousandths of a rial per unit.
 */
export type Network = {
  readonly lineIndex: Int32Array;
  readonly offerIndex: Int32Array;
  readonly first: Int32Array;
  readonly offerOf: Int32Array;
  readonly cost: Float64Array;
  /** Per arc: 0 where the offer's variant is the line's own, else its place among the substitutes; absent where no line has any. */
  readonly rank?: Float64Array;
  /** Bounds of the arcs' quantities; branching narrows them. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly demand: Float64Array;
  readonly capacity: Float64Array;
  /** What a unit of the line left unmatched costs. */
  readonly penalty: Float64Array;
  /** Most units of a line that may stay unmatched: set by branching where a line must get its least, and where a shortage is spread evenly. Absent = any. */
  readonly spare?: Float64Array;
  /** Costs and penalties as bigint, only where thousandths of a rial pass what a number holds exactly. */
  readonly exact: { readonly cost: readonly bigint[]; readonly penalty: readonly bigint[] } | undefined;
  /** Per offer, what using it at all costs; per arc, what of it a unit already bears in `cost`. Absent where no offer has such a cost. */
  readonly setUp?: { readonly fixed: readonly bigint[]; readonly share: Float64Array };
  /** Per arc, the units from which on it may be used, where prices break; absent elsewhere: the offer's own least holds. */
  readonly least?: Float64Array;
  /** Per arc, what using it at all costs, and what of that a unit already bears in `cost`. Absent where no prices break by increments. */
  readonly entry?: { readonly fixed: readonly bigint[]; readonly share: Float64Array };
  /** What every solution pays beside the flow: units that no whole number of lots can fill, in thousandths of a rial. */
  readonly fixed: bigint;
};

export type Parts = { readonly networks: readonly Network[]; readonly arcs: number };

/** Every allowed pair as an arc, cut into parts that share no offer; lines without an arc are in no part. */
export const networksOf = (market: Market): Parts => {
  const pairs = arcsOf(market);
  const leader = joined(market, pairs);
  const members = new Map<number, number[]>();
  for (let i = 0; i < market.lines.length; i += 1) {
    if (pairs.first[i] === pairs.first[i + 1]) continue;
    const root = leader(market.offers.length + i);
    const known = members.get(root);
    if (known === undefined) members.set(root, [i]);
    else known.push(i);
  }
  return { networks: [...members.values()].map((lines) => networkOf(market, pairs, lines)), arcs: pairs.offer.length };
};

type Arcs = { readonly first: Int32Array; readonly offer: readonly number[]; readonly cost: readonly number[]; readonly unit: readonly (bigint | undefined)[]; readonly high: readonly number[]; readonly rank: readonly number[]; readonly least: readonly number[]; readonly fee: readonly bigint[] };

const arcsOf = (market: Market): Arcs => {
  const first = new Int32Array(market.lines.length + 1);
  const [offer, cost, unit, high, rank, least, fee]: [number[], number[], (bigint | undefined)[], number[], number[], number[], bigint[]] = [[], [], [], [], [], [], []];
  const arc = (j: number, each: bigint, most: number, place: number, from: number, once: bigint): void => {
    const number = Number(each);
    offer.push(j);
    cost.push(number);
    unit.push(number > largest || once > BigInt(largest) ? each : undefined);
    high.push(most);
    rank.push(place);
    least.push(from);
    fee.push(once);
  };
  const road = roadFinder(market);
  market.lines.forEach((line, i) => {
    let place = 0;
    for (const variant of new Set([line.line.variantId, ...(line.line.substitutes ?? [])])) {
      for (const j of market.offersOf.get(variant) ?? []) {
        const other = market.offers[j];
        const pair = pairOf(market, line, other, road(line, other));
        if (pair.obstacles.length > 0 || pair.best === undefined) continue;
        if (pair.ways === undefined) arc(j, weighed(pair), pair.most, place, other.least, 0n);
        else for (const way of pair.ways) arc(j, way.cost, pair.most, place, way.least, way.fee);
      }
      place += 1;
    }
    if (line.leastFill > 0 && offer.length > first[i] && mostFilled(market, line, { offer, high }, first[i], offer.length) < line.leastFill)
      for (const arcs of [offer, cost, unit, high, rank, least, fee]) arcs.length = first[i];
    first[i + 1] = offer.length;
  });
  return { first, offer, cost, unit, high, rank, least, fee };
};

/** Union–find over offers (0 …) and lines (after them). */
const joined = (market: Market, arcs: Arcs): ((node: number) => number) => {
  const parent = Int32Array.from({ length: market.offers.length + market.lines.length }, (_, i) => i);
  const leader = (node: number): number => {
    let at = node;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]];
    return at;
  };
  for (let i = 0; i < market.lines.length; i += 1)
    for (let a = arcs.first[i]; a < arcs.first[i + 1]; a += 1) parent[leader(market.offers.length + i)] = leader(arcs.offer[a]);
  return leader;
};

/** Sums along a path of a shortest-path search stay exact below this. */
const largest = 2 ** 51;

const networkOf = (market: Market, arcs: Arcs, lines: readonly number[]): Network => {
  const local = new Map<number, number>();
  const count = lines.reduce((sum, i) => sum + arcs.first[i + 1] - arcs.first[i], 0);
  const [first, offerOf] = [new Int32Array(lines.length + 1), new Int32Array(count)];
  const [cost, high, rank, least] = [new Float64Array(count), new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const [exactCost, fees]: [bigint[], bigint[]] = [[], []];
  let [at, dearest, highestFee, unsafe] = [0, 0n, 0n, false];
  lines.forEach((i, n) => {
    for (let a = arcs.first[i]; a < arcs.first[i + 1]; a += 1, at += 1) {
      const j = arcs.offer[a];
      const index = local.get(j) ?? local.size;
      local.set(j, index);
      offerOf[at] = index;
      cost[at] = arcs.cost[a];
      high[at] = arcs.high[a];
      rank[at] = arcs.rank[a];
      least[at] = arcs.least[a];
      fees.push(arcs.fee[a]);
      if (arcs.fee[a] > highestFee) highestFee = arcs.fee[a];
      const unit = arcs.unit[a];
      unsafe ||= unit !== undefined;
      const exact = unit ?? BigInt(arcs.cost[a]);
      exactCost.push(exact);
      if (exact > dearest) dearest = exact;
    }
    first[n + 1] = at;
  });
  // Filling one unit more re-routes at most min(lines, offers) others, so this penalty makes "fill as much as possible" come first.
  const setUps = [...local.keys()].reduce((sum, j) => sum + market.offers[j].fixed, 0n);
  const fillFirst = (BigInt(Math.min(lines.length, local.size)) + 1n) * (dearest + highestFee + 1n) + 2n * setUps;
  const penalties = lines.map((i) => {
    const stated = market.lines[i].line.unmatchedPenalty;
    return stated === undefined ? fillFirst : BigInt(stated) * 1000n;
  });
  unsafe ||= penalties.some((penalty) => penalty > BigInt(largest)) || fillFirst > BigInt(largest);
  const offerIndex = Int32Array.from(local.keys());
  const whole = fillableDemand(market, arcs, lines);
  return {
    lineIndex: Int32Array.from(lines), offerIndex, first, offerOf, cost, high,
    ...(rank.some((place) => place > 0) ? { rank } : {}),
    low: new Float64Array(count),
    ...([...local.keys()].some((j) => market.offers[j].tiered) ? { least } : {}),
    ...(highestFee === 0n ? {} : { entry: { fixed: fees, share: new Float64Array(count) } }),
    demand: whole.demand,
    capacity: Float64Array.from(offerIndex, (j) => wholeLots(market.offers[j].offer.capacity, market.offers[j].offer.lot)),
    penalty: Float64Array.from(penalties, Number),
    exact: unsafe ? { cost: exactCost, penalty: penalties } : undefined,
    ...(setUps === 0n ? {} : { setUp: { fixed: Array.from(offerIndex, (j) => market.offers[j].fixed), share: new Float64Array(count) } }),
    fixed: penalties.reduce((sum, penalty, n) => sum + penalty * BigInt(whole.rest[n]), 0n),
  };
};

/** Of a line's quantity what its sellers can fill if no one else wanted them, in whole lots; the rest stays unmatched whatever is decided. */
const fillableDemand = (market: Market, arcs: Arcs, lines: readonly number[]): { demand: Float64Array; rest: number[] } => {
  const demand = Float64Array.from(lines, (i) => mostFilled(market, market.lines[i], arcs, arcs.first[i], arcs.first[i + 1]));
  return { demand, rest: lines.map((i, n) => market.lines[i].line.quantity - demand[n]) };
};

/** Most units that arcs `from` … `to` can fill of a line: of as many sellers as it may have, and of each as much, in what all their lots divide. */
const mostFilled = (market: Market, prepared: PreparedLine, { offer, high }: Pick<Arcs, 'offer' | 'high'>, from: number, to: number): number => {
  const { line, held } = prepared;
  let common = 0;
  const room = new Map<string, number>();
  for (let a = from; a < to; a += 1) {
    // Ways of one offer share its room.
    if (a > from && offer[a] === offer[a - 1]) continue;
    const { lot, sellerId } = market.offers[offer[a]].offer;
    common = gcd(common, lot);
    if (line.maximumSuppliers !== undefined || line.shareCap !== undefined) room.set(sellerId, Math.min(roomOfSeller(prepared, sellerId), (room.get(sellerId) ?? 0) + high[a]));
    else room.set('', (room.get('') ?? 0) + high[a]);
  }
  // Sellers that hold some of it already are no new ones.
  const ranked = [...room].sort((a, b) => Number(held.has(b[0])) - Number(held.has(a[0])) || b[1] - a[1]).map(([, units]) => units);
  const rooms = line.maximumSuppliers === undefined ? ranked : ranked.slice(0, Math.max(line.maximumSuppliers - held.size, 0) + [...room.keys()].filter((id) => held.has(id)).length);
  const most = Math.min(line.quantity, rooms.reduce((sum, units) => sum + units, 0));
  return most - (most % common);
};

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** The arcs of each line by what a unit costs. */
export const cheapestFirst = (first: Int32Array, cost: Float64Array): Int32Array => {
  const arcs = Int32Array.from(cost.keys());
  for (let i = 0; i + 1 < first.length; i += 1) arcs.subarray(first[i], first[i + 1]).sort((a, b) => cost[a] - cost[b] || a - b);
  return arcs;
};

/** What the flow costs, in thousandths of a rial, summed without loss. */
export const objectiveOf = (network: Network, flow: Pick<Flow, 'quantity' | 'unmatched'>): bigint => {
  const inNumbers = network.exact === undefined ? sumInNumbers(network, flow) : undefined;
  if (inNumbers !== undefined) return network.fixed + BigInt(inNumbers);
  let sum = network.fixed;
  for (let a = 0; a < network.cost.length; a += 1) if (flow.quantity[a] !== 0) sum += costAt(network, a) * BigInt(flow.quantity[a]);
  for (let i = 0; i < network.demand.length; i += 1) if (flow.unmatched[i] !== 0) sum += penaltyAt(network, i) * BigInt(flow.unmatched[i]);
  return sum;
};

/** The same where a number holds every sum on the way exactly, which branching asks thousands of times; else undefined. */
const sumInNumbers = ({ cost, penalty }: Network, { quantity, unmatched }: Pick<Flow, 'quantity' | 'unmatched'>): number | undefined => {
  let [sum, size] = [0, 0];
  for (let a = 0; a < cost.length; a += 1) {
    const spent = cost[a] * quantity[a];
    sum += spent;
    size += Math.abs(spent);
  }
  for (let i = 0; i < penalty.length; i += 1) {
    sum += penalty[i] * unmatched[i];
    size += penalty[i] * unmatched[i];
  }
  return size <= Number.MAX_SAFE_INTEGER ? sum : undefined;
};

/** The objective with what the used offers cost to set up and the used arcs to enter. */
export const fullCostOf = (network: Network, flow: Pick<Flow, 'quantity' | 'unmatched'>): bigint => {
  const { setUp, offerOf, entry, capacity } = network;
  let sum = objectiveOf(network, flow);
  if (entry === undefined && setUp === undefined) return sum;
  const used = new Uint8Array(capacity.length);
  for (let a = 0; a < offerOf.length; a += 1) {
    if (flow.quantity[a] <= 0) continue;
    if (entry !== undefined) sum += entry.fixed[a];
    if (setUp === undefined || used[offerOf[a]] === 1) continue;
    used[offerOf[a]] = 1;
    sum += setUp.fixed[offerOf[a]];
  }
  return sum;
};

/** A unit's cost on an arc that no quantity falls below: its own and the least part of the entry it can bear. */
export const leastUnitCost = (network: Network, arc: number): bigint =>
  network.entry === undefined ? costAt(network, arc) : costAt(network, arc) + network.entry.fixed[arc] / BigInt(network.high[arc]);

export const costAt = (network: Network, arc: number): bigint => network.exact?.cost[arc] ?? BigInt(network.cost[arc]);
export const penaltyAt = (network: Network, line: number): bigint => network.exact?.penalty[line] ?? BigInt(network.penalty[line]);
