import { lineAt } from './simplex-tree.js';
import { optimalBasis, type Transport } from './simplex.js';

/** A market as arrays alone, without bounds on arcs: the exact continuous problem at any size. */
export type BareMarket = Omit<Transport, 'high'>;

/**
 * An allocation as arrays, by node: lines, then offers. A node's arc leads to what it hangs from in the best basis, and carries `units`; −1 where
 * it hangs from nothing. All other arcs are empty.
 */
export type BareAllocation = {
  readonly arc: Int32Array;
  readonly units: Float64Array;
  /** Per line. */
  readonly unmatched: Float64Array;
  /** Dual prices, which prove the allocation: see `faultsOfBare`. */
  readonly worth: Float64Array;
  readonly rent: Float64Array;
};

/** The parts that share no offer, the largest first: lines of part p are lines[lineFrom[p]] … lines[lineFrom[p + 1]], offers alike. */
export type BareParts = {
  readonly lines: Int32Array;
  readonly lineFrom: Int32Array;
  readonly offers: Int32Array;
  readonly offerFrom: Int32Array;
  /** An offer's number within its part. */
  readonly localOf: Int32Array;
  /** How many arcs each part has. */
  readonly arcRoom: Int32Array;
};

/**
 * Allocates at least cost under capacity, exactly: part by part, by the network simplex. With `earlier`, an allocation of the same lines, offers
 * and arcs (new ones may have come at the end), it goes on from that, whatever has become of quantities, capacities, costs and penalties.
 */
export const allocateBare = (market: BareMarket, earlier?: BareAllocation): BareAllocation => {
  const parts = partsOf(market);
  const result = emptyAllocation(market, (bytes) => new ArrayBuffer(bytes));
  const solve = partSolver(market, parts, result, earlier);
  for (let part = 0; part + 1 < parts.lineFrom.length; part += 1) solve(part);
  return result;
};

/** Everything unmatched, at its penalty: what holds of a line without any arc. `room` answers a buffer of at least so many bytes. */
export const emptyAllocation = (market: BareMarket, room: (bytes: number) => ArrayBufferLike): BareAllocation => {
  const [lines, offers] = [market.demand.length, market.capacity.length];
  const doubles = (length: number): Float64Array => new Float64Array(room(8 * length), 0, length);
  const result = { arc: new Int32Array(room(4 * (lines + offers)), 0, lines + offers), units: doubles(lines + offers), unmatched: doubles(lines), worth: doubles(lines), rent: doubles(offers) };
  result.arc.fill(-1);
  result.unmatched.set(market.demand);
  result.worth.set(market.penalty);
  return result;
};

/** Answers a function that solves one part and writes what comes out to its own places in the result; any number of threads may do so at once. */
export const partSolver = (market: BareMarket, parts: BareParts, result: BareAllocation, earlier?: BareAllocation): ((part: number) => void) => {
  const allLines = market.demand.length;
  const earlierLines = earlier?.worth.length ?? 0;
  let [lineRoom, offerRoom] = [0, 0];
  for (let part = 0; part + 1 < parts.lineFrom.length; part += 1) {
    lineRoom = Math.max(lineRoom, parts.lineFrom[part + 1] - parts.lineFrom[part]);
    offerRoom = Math.max(offerRoom, parts.offerFrom[part + 1] - parts.offerFrom[part]);
  }
  // Read in the innermost loop, once per arc of the market.
  const { first: allFirst, offerOf: allOffers, cost: allCosts } = market;
  const { localOf, arcRoom } = parts;
  const [first, offerOf, cost] = [new Int32Array(lineRoom + 1), new Int32Array(arcRoom[0] ?? 0), new Float64Array(arcRoom[0] ?? 0)];
  const [demand, penalty, capacity] = [new Float64Array(lineRoom), new Float64Array(lineRoom), new Float64Array(offerRoom)];
  return (part) => {
    const [line0, offer0] = [parts.lineFrom[part], parts.offerFrom[part]];
    const [lines, offers] = [parts.lineFrom[part + 1] - line0, parts.offerFrom[part + 1] - offer0];
    let arcs = 0;
    for (let i = 0; i < lines; i += 1) {
      const line = parts.lines[line0 + i];
      demand[i] = market.demand[line];
      penalty[i] = market.penalty[line];
      for (let a = allFirst[line], stop = allFirst[line + 1]; a < stop; a += 1, arcs += 1) {
        offerOf[arcs] = localOf[allOffers[a]];
        cost[arcs] = allCosts[a];
      }
      first[i + 1] = arcs;
    }
    for (let j = 0; j < offers; j += 1) capacity[j] = market.capacity[parts.offers[offer0 + j]];
    const globalOf = (node: number): number => (node < lines ? parts.lines[line0 + node] : allLines + parts.offers[offer0 + node - lines]);
    let from: Int32Array | undefined;
    if (earlier !== undefined) {
      from = new Int32Array(lines + offers).fill(-1);
      for (let node = 0; node < lines + offers; node += 1) {
        const known = node < lines ? parts.lines[line0 + node] : earlierLines + parts.offers[offer0 + node - lines];
        const arc = (node < lines ? known < earlierLines : known < earlier.arc.length) ? earlier.arc[known] : -1;
        if (arc >= 0) from[node] = localArc(node, arc);
      }
    }
    const { arc, flow, worth, rent } = optimalBasis({
      first: first.subarray(0, lines + 1), offerOf: offerOf.subarray(0, arcs), cost: cost.subarray(0, arcs),
      demand: demand.subarray(0, lines), penalty: penalty.subarray(0, lines), capacity: capacity.subarray(0, offers),
    }, from);
    for (let node = 0; node < lines + offers; node += 1) {
      const [matched, here] = [arc[node] >= 0, globalOf(node)];
      result.arc[here] = matched ? marketArc(node, arc[node]) : -1;
      result.units[here] = matched ? flow[node] : 0;
      if (node < lines) {
        result.unmatched[here] = matched ? 0 : flow[node];
        result.worth[here] = worth[node];
      } else result.rent[here - allLines] = rent[node - lines];
    }

    /** The arc as the market numbers it, and as the part does. A line's arc lies in its own row. */
    function marketArc(node: number, arc: number): number {
      const i = node < lines ? node : lineAt(first.subarray(0, lines + 1), arc);
      return arc - first[i] + allFirst[parts.lines[line0 + i]];
    }
    function localArc(node: number, arc: number): number {
      const i = node < lines ? node : numberOf(parts.lines, line0, lines, lineAt(allFirst, arc));
      return arc - allFirst[parts.lines[line0 + i]] + first[i];
    }
  };
};

/** The place of a line among a part's, which are in order. */
const numberOf = (lines: Int32Array, from: number, count: number, line: number): number => {
  let [low, high] = [0, count];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (lines[from + middle] <= line) low = middle;
    else high = middle;
  }
  return low;
};

/** Cuts the market into parts by union–find over its offers; lines without an arc are in none. */
export const partsOf = ({ first, offerOf, demand, capacity }: BareMarket): BareParts => {
  const [lines, offers] = [demand.length, capacity.length];
  const parent = Int32Array.from({ length: offers }, (_, j) => j);
  const leader = (offer: number): number => {
    let at = offer;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]];
    return at;
  };
  for (let i = 0; i < lines; i += 1) {
    if (first[i] === first[i + 1]) continue;
    const root = leader(offerOf[first[i]]);
    for (let a = first[i] + 1, stop = first[i + 1]; a < stop; a += 1) if (parent[offerOf[a]] !== root) parent[leader(offerOf[a])] = root;
  }
  const weight = new Float64Array(offers);
  for (let i = 0; i < lines; i += 1) if (first[i] < first[i + 1]) weight[leader(offerOf[first[i]])] += first[i + 1] - first[i];
  const roots = Array.from(weight.keys()).filter((j) => weight[j] > 0).sort((a, b) => weight[b] - weight[a] || a - b);
  const partOf = new Int32Array(offers).fill(-1);
  roots.forEach((root, part) => {
    partOf[root] = part;
  });
  const partOfLine = (i: number): number => (first[i] === first[i + 1] ? -1 : partOf[leader(offerOf[first[i]])]);
  const byLine = grouped(lines, roots.length, partOfLine);
  const byOffer = grouped(offers, roots.length, (j) => partOf[leader(j)]);
  const localOf = new Int32Array(offers);
  for (let part = 0; part < roots.length; part += 1) for (let n = byOffer.from[part]; n < byOffer.from[part + 1]; n += 1) localOf[byOffer.members[n]] = n - byOffer.from[part];
  return { lines: byLine.members, lineFrom: byLine.from, offers: byOffer.members, offerFrom: byOffer.from, localOf, arcRoom: Int32Array.from(roots, (root) => weight[root]) };
};

/** Numbers 0 … count by group, in order; those of group −1 are left out. */
const grouped = (count: number, groups: number, groupOf: (n: number) => number): { members: Int32Array; from: Int32Array } => {
  const of = new Int32Array(count);
  const from = new Int32Array(groups + 1);
  for (let n = 0; n < count; n += 1) {
    of[n] = groupOf(n);
    if (of[n] >= 0) from[of[n] + 1] += 1;
  }
  for (let group = 0; group < groups; group += 1) from[group + 1] += from[group];
  const members = new Int32Array(from[groups]);
  const next = from.slice();
  for (let n = 0; n < count; n += 1) if (of[n] >= 0) members[next[of[n]]++] = n;
  return { members, from };
};
