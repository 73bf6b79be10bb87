import { emptyAllocation, partsOf, type BareAllocation, type BareMarket } from './bare-market.js';
import { longer, longerDoubles } from './holdings.js';
import { keptTreeOf, type KeptTree } from './kept-tree.js';
import { lineAt } from './simplex-tree.js';
import { optimalBasis, rentOf, type Basis } from './simplex.js';

/** What has become of a market; numbers are those of the market, new lines come at its end in the order given. */
export type MarketChange = {
  /** Units a line wants now; 0 withdraws it. */
  readonly demand?: readonly (readonly [line: number, units: number])[];
  /** Units an offer has now; 0 withdraws it. */
  readonly capacity?: readonly (readonly [offer: number, units: number])[];
  readonly lines?: readonly { readonly quantity: number; readonly penalty: number; readonly offers: ArrayLike<number>; readonly costs: ArrayLike<number> }[];
};

/**
 * An allocated market that is kept with everything the solver made of it, so that it need not be made again: after a change only the trees of the
 * parts that it touches are repaired. The answer costs what a fresh allocation of the changed market does.
 */
export type KeptMarket = {
  /** As it stands; what is answered here and below is good until the next change, which writes into it. */
  readonly market: () => BareMarket;
  readonly allocation: () => BareAllocation;
  change(change: MarketChange): BareAllocation;
};

/** One part with arrays of its own: rows in the order of its lines' numbers, and empty ones at the end for those to come. */
type Part = {
  lines: Int32Array; lineCount: number; arcCount: number;
  first: Int32Array; offerOf: Int32Array; cost: Float64Array; demand: Float64Array; penalty: Float64Array;
  readonly offers: Int32Array; readonly capacity: Float64Array;
  /** Arcs of the last basis by node; undefined before the first. */
  arcs: Int32Array | undefined;
  /** Undefined where the part has to be solved: before the first time, and when it was given more rows. */
  kept: { readonly basis: Basis; readonly tree: KeptTree } | undefined;
};

export const keptMarket = (given: BareMarket): KeptMarket => {
  let room = roomFor(given, given.demand.length, given.cost.length);
  let all = viewOf(room, given.demand.length, given.cost.length);
  let found = allocationFor(all);
  let [parts, partOfOffer, localOffer, partOfLine, localLine] = cut(all);
  parts.forEach(solve);

  function solve(part: Part): void {
    const basis = optimalBasis(part, part.arcs);
    part.arcs = basis.arc;
    part.kept = { basis, tree: keptTreeOf(part, basis) };
    for (let i = 0; i < part.lineCount; i += 1) {
      writeLine(part, basis, i);
      found.worth[part.lines[i]] = basis.worth[i];
    }
    for (let j = 0; j < part.offers.length; j += 1) writeOffer(part, basis, j);
  }

  function repair(part: Part): void {
    const touched = part.kept?.tree.repair();
    if (part.kept === undefined || touched === undefined) {
      solve(part);
      return;
    }
    for (const i of touched.lines) writeLine(part, part.kept.basis, i);
    for (const i of touched.worths) found.worth[part.lines[i]] = part.kept.basis.worth[i];
    for (const j of touched.offers) writeOffer(part, part.kept.basis, j);
  }

  function writeLine({ lines, first }: Part, { arc, flow }: Basis, i: number): void {
    const [line, matched] = [lines[i], arc[i] >= 0];
    found.arc[line] = matched ? arc[i] - first[i] + all.first[line] : -1;
    found.units[line] = matched ? flow[i] : 0;
    found.unmatched[line] = matched ? 0 : flow[i];
  }

  function writeOffer({ lines, demand, offers, first }: Part, { arc, flow, tree }: Basis, j: number): void {
    const [node, place] = [demand.length + j, all.demand.length + offers[j]];
    const row = arc[node] < 0 ? -1 : lineAt(first, arc[node]);
    found.arc[place] = row < 0 ? -1 : arc[node] - first[row] + all.first[lines[row]];
    found.units[place] = row < 0 ? 0 : flow[node];
    found.rent[offers[j]] = rentOf(tree.price[j]);
  }

  /** The market and the allocation with new lines; answers the parts they came to, or undefined where one joins parts that were apart. */
  const append = (lines: NonNullable<MarketChange['lines']>): Set<Part> | undefined => {
    const before = all.demand.length;
    const [count, arcs] = [before + lines.length, lines.reduce((sum, { offers }) => sum + offers.length, all.cost.length)];
    if (count > room.demand.length || arcs > room.cost.length) room = roomFor(all, count, arcs);
    write(room, before, all.cost.length, lines);
    all = viewOf(room, count, arcs);
    found = withLines(found, before, all);
    const touched = new Set<Part>();
    if (count > partOfLine.length) [partOfLine, localLine] = [longer(partOfLine, room.demand.length, -1), longer(localLine, room.demand.length)];
    for (const [n, { quantity, penalty, offers }] of lines.entries()) {
      if (offers.length === 0) continue;
      const home = partOfOffer[offers[0]];
      for (let k = 0; k < offers.length; k += 1) if (home < 0 || partOfOffer[offers[k]] !== home) return undefined;
      const part = parts[home];
      addRow(part, before + n, all, localOffer, quantity, penalty);
      [partOfLine[before + n], localLine[before + n]] = [home, part.lineCount - 1];
      touched.add(part);
    }
    return touched;
  };

  return {
    market: () => all,
    allocation: () => found,
    change: ({ demand = [], capacity = [], lines = [] }) => {
      for (const [line, units] of demand) all.demand[line] = units;
      for (const [offer, units] of capacity) all.capacity[offer] = units;
      const touched = lines.length === 0 ? new Set<Part>() : append(lines);
      if (touched === undefined) {
        // Parts were joined, which is rare: everything is cut and solved anew.
        found = allocationFor(all);
        [parts, partOfOffer, localOffer, partOfLine, localLine] = cut(all);
        parts.forEach(solve);
        return found;
      }
      for (const [line, units] of demand) {
        if (partOfLine[line] < 0) {
          found.unmatched[line] = units;
          continue;
        }
        const part = parts[partOfLine[line]];
        if (part.kept === undefined) part.demand[localLine[line]] = units;
        else part.kept.tree.setDemand(localLine[line], units);
        touched.add(part);
      }
      for (const [offer, units] of capacity) {
        if (partOfOffer[offer] < 0) continue;
        const part = parts[partOfOffer[offer]];
        if (part.kept === undefined) part.capacity[localOffer[offer]] = units;
        else part.kept.tree.setCapacity(localOffer[offer], units);
        touched.add(part);
      }
      touched.forEach(repair);
      return found;
    },
  };
};

/** The parts with arrays of their own, and where each offer and line is: its part, or −1, and its number there. */
const cut = (market: BareMarket): [parts: Part[], partOfOffer: Int32Array, localOffer: Int32Array, partOfLine: Int32Array, localLine: Int32Array] => {
  const made = partsOf(market);
  const places = market.demand.length + (market.demand.length >> 4) + 16;
  const [partOfOffer, partOfLine, localLine] = [new Int32Array(market.capacity.length).fill(-1), new Int32Array(places).fill(-1), new Int32Array(places)];
  const parts = Array.from(made.arcRoom, (room, p): Part => {
    const lines = made.lines.subarray(made.lineFrom[p], made.lineFrom[p + 1]);
    const offers = made.offers.slice(made.offerFrom[p], made.offerFrom[p + 1]);
    const [more, moreArcs] = [lines.length + (lines.length >> 4) + 2, room + (room >> 4) + 16];
    const part: Part = {
      lines: longer(lines, more), lineCount: lines.length, arcCount: room,
      first: new Int32Array(more + 1), offerOf: new Int32Array(moreArcs), cost: new Float64Array(moreArcs), demand: new Float64Array(more), penalty: new Float64Array(more),
      offers, capacity: Float64Array.from(offers, (j) => market.capacity[j]), arcs: undefined, kept: undefined,
    };
    for (const j of offers) partOfOffer[j] = p;
    let at = 0;
    for (let i = 0; i < lines.length; i += 1) {
      const line = lines[i];
      [partOfLine[line], localLine[line]] = [p, i];
      part.demand[i] = market.demand[line];
      part.penalty[i] = market.penalty[line];
      for (let a = market.first[line], stop = market.first[line + 1]; a < stop; a += 1, at += 1) {
        part.offerOf[at] = made.localOf[market.offerOf[a]];
        part.cost[at] = market.cost[a];
      }
      part.first[i + 1] = at;
    }
    part.first.fill(at, lines.length + 1);
    return part;
  });
  return [parts, partOfOffer, made.localOf, partOfLine, localLine];
};

/** A row for a line of the market, in the first empty place of a part. */
const addRow = (part: Part, line: number, market: BareMarket, localOffer: Int32Array, quantity: number, penalty: number): void => {
  const [from, to] = [market.first[line], market.first[line + 1]];
  const { lineCount: i, arcCount } = part;
  if (i === part.demand.length) moreRows(part);
  if (arcCount + to - from > part.cost.length) moreArcs(part, 2 * (arcCount + to - from));
  for (let a = from, at = arcCount; a < to; a += 1, at += 1) {
    part.offerOf[at] = localOffer[market.offerOf[a]];
    part.cost[at] = market.cost[a];
  }
  [part.lines[i], part.penalty[i]] = [line, penalty];
  part.arcCount += to - from;
  part.lineCount += 1;
  part.first.fill(part.arcCount, i + 1);
  if (part.kept === undefined) part.demand[i] = quantity;
  else part.kept.tree.addLine(i, quantity);
};

/** Twice the rows. Offers' nodes come after those of lines, so the tree is made anew, from the same arcs. */
const moreRows = (part: Part): void => {
  const [rows, more] = [part.demand.length, 2 * part.demand.length + 2];
  [part.lines, part.demand, part.penalty] = [longer(part.lines, more), longerDoubles(part.demand, more), longerDoubles(part.penalty, more)];
  part.first = longer(part.first, more + 1, part.arcCount);
  if (part.arcs !== undefined) {
    const arcs = new Int32Array(more + part.offers.length).fill(-1);
    arcs.set(part.arcs.subarray(0, rows));
    arcs.set(part.arcs.subarray(rows), more);
    part.arcs = arcs;
  }
  part.kept = undefined;
};

const moreArcs = (part: Part, more: number): void => {
  [part.offerOf, part.cost] = [longer(part.offerOf, more), longerDoubles(part.cost, more)];
  part.kept = undefined;
};

/** A copy of a market with room for a sixteenth more than so many lines and arcs. */
const roomFor = ({ first, offerOf, cost, demand, penalty, capacity }: BareMarket, lines: number, arcs: number): BareMarket => {
  const [more, moreArcs] = [lines + (lines >> 4) + 16, arcs + (arcs >> 4) + 64];
  return {
    first: longer(first, more + 1), offerOf: longer(offerOf, moreArcs), cost: longerDoubles(cost, moreArcs), demand: longerDoubles(demand, more), penalty: longerDoubles(penalty, more),
    capacity: capacity.slice(),
  };
};

const viewOf = ({ first, offerOf, cost, demand, penalty, capacity }: BareMarket, lines: number, arcs: number): BareMarket => ({
  first: first.subarray(0, lines + 1), offerOf: offerOf.subarray(0, arcs), cost: cost.subarray(0, arcs), demand: demand.subarray(0, lines), penalty: penalty.subarray(0, lines), capacity,
});

const write = ({ first, offerOf, cost, demand, penalty }: BareMarket, from: number, arcsFrom: number, lines: NonNullable<MarketChange['lines']>): void => {
  let at = arcsFrom;
  for (const [n, line] of lines.entries()) {
    [demand[from + n], penalty[from + n]] = [line.quantity, line.penalty];
    offerOf.set(line.offers, at);
    cost.set(line.costs, at);
    at += line.offers.length;
    first[from + n + 1] = at;
  }
};

/** Nothing allocated yet, with as much room as the market has. */
const allocationFor = (market: BareMarket): BareAllocation => emptyAllocation(market, (bytes) => new ArrayBuffer(bytes + (bytes >> 4) + 128));

/** The allocation with places for the new lines, unmatched as yet; offers' places move behind them. In the same buffers where they have room. */
const withLines = (found: BareAllocation, before: number, market: BareMarket): BareAllocation => {
  const [lines, offers] = [market.demand.length, market.capacity.length];
  if (found.units.buffer.byteLength < 8 * (lines + offers) || found.arc.buffer.byteLength < 4 * (lines + offers) || found.worth.buffer.byteLength < 8 * lines) {
    const grown = allocationFor(market);
    grown.arc.set(found.arc.subarray(0, before));
    grown.arc.set(found.arc.subarray(before), lines);
    grown.units.set(found.units.subarray(0, before));
    grown.units.set(found.units.subarray(before), lines);
    grown.unmatched.set(found.unmatched);
    grown.worth.set(found.worth);
    grown.rent.set(found.rent);
    return grown;
  }
  const longerBy = (array: Float64Array, length: number): Float64Array => new Float64Array(array.buffer, 0, length);
  const [arc, units] = [new Int32Array(found.arc.buffer, 0, lines + offers), longerBy(found.units, lines + offers)];
  const [unmatched, worth] = [longerBy(found.unmatched, lines), longerBy(found.worth, lines)];
  arc.copyWithin(lines, before, before + offers).fill(-1, before, lines);
  units.copyWithin(lines, before, before + offers).fill(0, before, lines);
  unmatched.set(market.demand.subarray(before), before);
  worth.set(market.penalty.subarray(before), before);
  return { arc, units, unmatched, worth, rent: found.rent };
};
