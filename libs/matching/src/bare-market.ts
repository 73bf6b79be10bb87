import { optimalBasis, type Transport } from './simplex.js';

/** A market as arrays alone, without bounds on arcs: the exact continuous problem at any size. */
export type BareMarket = Omit<Transport, 'high'>;

/** Arrays to write an allocation to. What is matched stands in the slots with units; there are as many slots as lines and offers. */
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
};

/** Allocates at least cost under capacity, exactly: part by part, by the network simplex. */
export const allocateBare = (market: BareMarket): BareAllocation => {
  const parts = partsOf(market);
  const result = emptyAllocation(market, (bytes) => new ArrayBuffer(bytes));
  const solve = partSolver(market, parts, result);
  for (let part = 0; part + 1 < parts.lineFrom.length; part += 1) solve(part);
  return result;
};

/** Everything unmatched, at its penalty: what holds of a line without any arc. */
export const emptyAllocation = (market: BareMarket, room: (bytes: number) => ArrayBufferLike): BareAllocation => {
  const [lines, offers] = [market.demand.length, market.capacity.length];
  const doubles = (length: number): Float64Array => new Float64Array(room(8 * length));
  const result = { arc: new Int32Array(room(4 * (lines + offers))), units: doubles(lines + offers), unmatched: doubles(lines), worth: doubles(lines), rent: doubles(offers) };
  result.unmatched.set(market.demand);
  result.worth.set(market.penalty);
  return result;
};

/** Answers a function that solves one part and writes what comes out to its own places in the result; any number of threads may do so at once. */
export const partSolver = (market: BareMarket, parts: BareParts, result: BareAllocation): ((part: number) => void) => {
  let [lineRoom, arcRoom, offerRoom] = [0, 0, 0];
  for (let part = 0; part + 1 < parts.lineFrom.length; part += 1) {
    lineRoom = Math.max(lineRoom, parts.lineFrom[part + 1] - parts.lineFrom[part]);
    offerRoom = Math.max(offerRoom, parts.offerFrom[part + 1] - parts.offerFrom[part]);
    arcRoom = Math.max(arcRoom, arcsIn(market, parts, part));
  }
  const [first, offerOf, origin, cost] = [new Int32Array(lineRoom + 1), new Int32Array(arcRoom), new Int32Array(arcRoom), new Float64Array(arcRoom)];
  const [demand, penalty, capacity] = [new Float64Array(lineRoom), new Float64Array(lineRoom), new Float64Array(offerRoom)];
  return (part) => {
    const [line0, offer0] = [parts.lineFrom[part], parts.offerFrom[part]];
    const [lines, offers] = [parts.lineFrom[part + 1] - line0, parts.offerFrom[part + 1] - offer0];
    let arcs = 0;
    for (let i = 0; i < lines; i += 1) {
      const line = parts.lines[line0 + i];
      demand[i] = market.demand[line];
      penalty[i] = market.penalty[line];
      for (let a = market.first[line]; a < market.first[line + 1]; a += 1, arcs += 1) {
        offerOf[arcs] = parts.localOf[market.offerOf[a]];
        cost[arcs] = market.cost[a];
        origin[arcs] = a;
      }
      first[i + 1] = arcs;
    }
    for (let j = 0; j < offers; j += 1) capacity[j] = market.capacity[parts.offers[offer0 + j]];
    const { arc, flow, worth, rent } = optimalBasis({
      first: first.subarray(0, lines + 1), offerOf: offerOf.subarray(0, arcs), cost: cost.subarray(0, arcs),
      demand: demand.subarray(0, lines), penalty: penalty.subarray(0, lines), capacity: capacity.subarray(0, offers),
    });
    for (let node = 0, slot = line0 + offer0; node < lines + offers; node += 1, slot += 1) {
      const matched = arc[node] >= 0;
      result.arc[slot] = matched ? origin[arc[node]] : 0;
      result.units[slot] = matched ? flow[node] : 0;
      if (node < lines) {
        const line = parts.lines[line0 + node];
        result.unmatched[line] = matched ? 0 : flow[node];
        result.worth[line] = worth[node];
      } else result.rent[parts.offers[offer0 + node - lines]] = rent[node - lines];
    }
  };
};

const arcsIn = (market: BareMarket, parts: BareParts, part: number): number => {
  let arcs = 0;
  for (let n = parts.lineFrom[part]; n < parts.lineFrom[part + 1]; n += 1) arcs += market.first[parts.lines[n] + 1] - market.first[parts.lines[n]];
  return arcs;
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
    for (let a = first[i] + 1; a < first[i + 1]; a += 1) parent[leader(offerOf[a])] = root;
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
  return { lines: byLine.members, lineFrom: byLine.from, offers: byOffer.members, offerFrom: byOffer.from, localOf };
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
