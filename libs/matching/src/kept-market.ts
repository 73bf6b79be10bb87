import { emptyAllocation, partsOf, type BareAllocation, type BareMarket } from './bare-market.js';
import { longer, longerDoubles } from './holdings.js';
import { lineAt } from './simplex-tree.js';
import { optimalBasis } from './simplex.js';

/** What has become of a market; numbers are those of the market, new lines come at its end in the order given. */
export type MarketChange = {
  /** Units a line wants now; 0 withdraws it. */
  readonly demand?: readonly (readonly [line: number, units: number])[];
  /** Units an offer has now; 0 withdraws it. */
  readonly capacity?: readonly (readonly [offer: number, units: number])[];
  readonly lines?: readonly { readonly quantity: number; readonly penalty: number; readonly offers: ArrayLike<number>; readonly costs: ArrayLike<number> }[];
};

/**
 * An allocated market that is kept with everything the solver made of it, so that it need not be made again: after a change only the parts that
 * it touches are solved, each from its last basis. The answer costs what a fresh allocation of the changed market does.
 */
export type KeptMarket = {
  /** As it stands; the same arrays after every change, until a change makes them longer. */
  readonly market: () => BareMarket;
  readonly allocation: () => BareAllocation;
  change(change: MarketChange): BareAllocation;
};

/** One part with arrays of its own: rows in the order of its lines' numbers, room for more at the end. */
type Part = {
  lines: Int32Array; lineCount: number; arcCount: number;
  first: Int32Array; offerOf: Int32Array; cost: Float64Array; demand: Float64Array; penalty: Float64Array;
  readonly offers: Int32Array; readonly capacity: Float64Array;
  /** What the last solution was, by node and by offer: what has not changed since need not be written again. */
  last: Solved | undefined;
};

type Solved = { readonly arc: Int32Array; readonly flow: Float64Array; readonly worth: Float64Array; readonly rent: Float64Array };

export const keptMarket = (given: BareMarket): KeptMarket => {
  let room = roomFor(given, given.demand.length, given.cost.length);
  let all = viewOf(room, given.demand.length, given.cost.length);
  let found = emptyAllocation(all, (bytes) => new ArrayBuffer(bytes));
  let [parts, partOfOffer, localOffer, partOfLine, localLine] = cut(all);
  parts.forEach(solve);

  /** From its last basis; what is new is written to the part's own places of the allocation. */
  function solve(part: Part): void {
    const { lines, lineCount, arcCount, offers, first } = part;
    const last = part.last === undefined ? undefined : withRows(part.last, lineCount);
    const { arc, flow, worth, rent } = optimalBasis({
      first: first.subarray(0, lineCount + 1), offerOf: part.offerOf.subarray(0, arcCount), cost: part.cost.subarray(0, arcCount),
      demand: part.demand.subarray(0, lineCount), penalty: part.penalty.subarray(0, lineCount), capacity: part.capacity,
    }, last?.arc);
    for (let i = 0; i < lineCount; i += 1) {
      if (last !== undefined && arc[i] === last.arc[i] && flow[i] === last.flow[i] && worth[i] === last.worth[i]) continue;
      const [line, matched] = [lines[i], arc[i] >= 0];
      found.arc[line] = matched ? arc[i] - first[i] + all.first[line] : -1;
      found.units[line] = matched ? flow[i] : 0;
      found.unmatched[line] = matched ? 0 : flow[i];
      found.worth[line] = worth[i];
    }
    const [allLines, rows] = [all.demand.length, first.subarray(0, lineCount + 1)];
    for (let j = 0; j < offers.length; j += 1) {
      const node = lineCount + j;
      if (last !== undefined && arc[node] === last.arc[node] && flow[node] === last.flow[node] && rent[j] === last.rent[j]) continue;
      const row = arc[node] < 0 ? -1 : lineAt(rows, arc[node]);
      found.arc[allLines + offers[j]] = row < 0 ? -1 : arc[node] - first[row] + all.first[lines[row]];
      found.units[allLines + offers[j]] = row < 0 ? 0 : flow[node];
      found.rent[offers[j]] = rent[j];
    }
    part.last = { arc, flow, worth, rent };
  }

  /** The market and the allocation with new lines; answers the parts they came to, or undefined where one joins parts that were apart. */
  const append = (lines: NonNullable<MarketChange['lines']>): Set<Part> | undefined => {
    const before = all.demand.length;
    const [count, arcs] = [before + lines.length, lines.reduce((sum, { offers }) => sum + offers.length, all.cost.length)];
    if (count > room.demand.length || arcs > room.cost.length) room = roomFor(all, count, arcs);
    write(room, before, all.cost.length, lines);
    all = viewOf(room, count, arcs);
    found = withRoom(found, before, all);
    const touched = new Set<Part>();
    [partOfLine, localLine] = [longer(partOfLine, all.demand.length, -1), longer(localLine, all.demand.length)];
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
        found = emptyAllocation(all, (bytes) => new ArrayBuffer(bytes));
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
        part.demand[localLine[line]] = units;
        touched.add(part);
      }
      for (const [offer, units] of capacity) {
        if (partOfOffer[offer] < 0) continue;
        const part = parts[partOfOffer[offer]];
        part.capacity[localOffer[offer]] = units;
        touched.add(part);
      }
      touched.forEach(solve);
      return found;
    },
  };
};

/** The parts with arrays of their own, and where each offer and line is: its part, or −1, and its number there. */
const cut = (market: BareMarket): [parts: Part[], partOfOffer: Int32Array, localOffer: Int32Array, partOfLine: Int32Array, localLine: Int32Array] => {
  const made = partsOf(market);
  const [partOfOffer, partOfLine] = [new Int32Array(market.capacity.length).fill(-1), new Int32Array(market.demand.length).fill(-1)];
  const localLine = new Int32Array(market.demand.length);
  const parts = Array.from(made.arcRoom, (room, p): Part => {
    const lines = made.lines.subarray(made.lineFrom[p], made.lineFrom[p + 1]);
    const offers = made.offers.slice(made.offerFrom[p], made.offerFrom[p + 1]);
    const [more, moreArcs] = [lines.length + (lines.length >> 4) + 2, room + (room >> 4) + 16];
    const part: Part = {
      lines: longer(lines, more), lineCount: lines.length, arcCount: room,
      first: new Int32Array(more + 1), offerOf: new Int32Array(moreArcs), cost: new Float64Array(moreArcs), demand: new Float64Array(more), penalty: new Float64Array(more),
      offers, capacity: Float64Array.from(offers, (j) => market.capacity[j]), last: undefined,
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
    return part;
  });
  return [parts, partOfOffer, made.localOf, partOfLine, localLine];
};

/** A row at the end of a part, for a line of the market. */
const addRow = (part: Part, line: number, market: BareMarket, localOffer: Int32Array, quantity: number, penalty: number): void => {
  const [from, to] = [market.first[line], market.first[line + 1]];
  const { lineCount: i, arcCount } = part;
  if (i === part.demand.length) {
    const more = 2 * i + 2;
    [part.lines, part.first, part.demand, part.penalty] = [longer(part.lines, more), longer(part.first, more + 1), longerDoubles(part.demand, more), longerDoubles(part.penalty, more)];
  }
  if (arcCount + to - from > part.cost.length) [part.offerOf, part.cost] = [longer(part.offerOf, 2 * (arcCount + to - from)), longerDoubles(part.cost, 2 * (arcCount + to - from))];
  for (let a = from, at = arcCount; a < to; a += 1, at += 1) {
    part.offerOf[at] = localOffer[market.offerOf[a]];
    part.cost[at] = market.cost[a];
  }
  [part.lines[i], part.demand[i], part.penalty[i]] = [line, quantity, penalty];
  part.arcCount += to - from;
  part.lineCount += 1;
  part.first[i + 1] = part.arcCount;
};

/** A part's last solution with places for rows that came since: they hang from nothing, with units that no solution has, so that they are written. */
const withRows = (last: Solved, lines: number): Solved => {
  const [before, more] = [last.worth.length, lines - last.worth.length];
  if (more === 0) return last;
  const [arc, flow, worth] = [new Int32Array(last.arc.length + more), new Float64Array(last.flow.length + more), new Float64Array(lines)];
  arc.set(last.arc.subarray(0, before));
  arc.fill(-1, before, lines);
  arc.set(last.arc.subarray(before), lines);
  flow.set(last.flow.subarray(0, before));
  flow.fill(-1, before, lines);
  flow.set(last.flow.subarray(before), lines);
  worth.set(last.worth);
  return { arc, flow, worth, rent: last.rent };
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

/** The allocation with places for the new lines, unmatched as yet. Offers' places move behind them. */
const withRoom = (found: BareAllocation, before: number, market: BareMarket): BareAllocation => {
  const grown = emptyAllocation(market, (bytes) => new ArrayBuffer(bytes));
  const lines = market.demand.length;
  grown.arc.set(found.arc.subarray(0, before));
  grown.arc.set(found.arc.subarray(before), lines);
  grown.units.set(found.units.subarray(0, before));
  grown.units.set(found.units.subarray(before), lines);
  grown.unmatched.set(found.unmatched);
  grown.worth.set(found.worth);
  grown.rent.set(found.rent);
  return grown;
};
