import { partsOf, type BareMarket } from './bare-market.js';
import type { KeptTree } from './kept-tree.js';
import { longer, longerDoubles } from './longer.js';
import { lineAt } from './simplex-tree.js';
import type { Basis } from './simplex.js';

/** One part with arrays of its own: rows in the order of its lines' numbers, and empty ones at the end for those to come. */
export type Part = {
  lines: Int32Array; lineCount: number; arcCount: number;
  first: Int32Array; offerOf: Int32Array; cost: Float64Array; demand: Float64Array; penalty: Float64Array;
  offers: Int32Array; capacity: Float64Array;
  /** Arcs of the last basis by node; undefined before the first. */
  arcs: Int32Array | undefined;
  /** Undefined where the part has to be solved: before the first time, and when rows, arcs or offers were too many for its arrays. */
  kept: { readonly basis: Basis; readonly tree: KeptTree } | undefined;
};

/** The parts with arrays of their own, and where each offer and line is: its part, or −1, and its number there. */
export const cut = (market: BareMarket): [parts: Part[], partOfOffer: Int32Array, localOffer: Int32Array, partOfLine: Int32Array, localLine: Int32Array] => {
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

export const emptyPart = (): Part => ({
  lines: new Int32Array(0), lineCount: 0, arcCount: 0, first: new Int32Array(1), offerOf: new Int32Array(0), cost: new Float64Array(0), demand: new Float64Array(0), penalty: new Float64Array(0),
  offers: new Int32Array(0), capacity: new Float64Array(0), arcs: undefined, kept: undefined,
});

/** A row for a line of the market, in the first empty place of a part. */
export const addRow = (part: Part, line: number, market: BareMarket, localOffer: Int32Array, quantity: number, penalty: number): void => {
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

/** An offer for lines of a part, which comes after its others. The tree is made anew, from the same arcs. */
export const addColumn = (part: Part, offer: number, capacity: number, lines: readonly number[], costs: ArrayLike<number>): void => {
  const [before, rows] = [part.first, part.demand.length];
  const wider = withArcs(part, lines.map((line, n) => ({ line, offer: part.offers.length, cost: costs[n] })), part.arcCount);
  [part.first, part.offerOf, part.cost] = [wider.first, wider.offerOf, wider.cost];
  part.arcCount += lines.length;
  if (part.arcs !== undefined) {
    const arcs = longer(part.arcs, part.arcs.length + 1, -1);
    for (let node = 0; node < part.arcs.length; node += 1) {
      if (arcs[node] < 0) continue;
      const row = node < rows ? node : lineAt(before, arcs[node]);
      arcs[node] += part.first[row] - before[row];
    }
    part.arcs = arcs;
  }
  part.offers = longer(part.offers, part.offers.length + 1, offer);
  part.capacity = longerDoubles(part.capacity, part.capacity.length + 1, capacity);
  part.kept = undefined;
};

type Rows = Pick<BareMarket, 'first' | 'offerOf' | 'cost'>;

/** Copies of rows, of so many arcs, with more at their ends, and with room for a sixteenth more. */
export const withArcs = ({ first, offerOf, cost }: Rows, added: readonly { readonly line: number; readonly offer: number; readonly cost: number }[], arcs: number): Rows => {
  const [wider, room] = [new Int32Array(first.length), arcs + added.length + ((arcs + added.length) >> 4) + 64];
  for (const { line } of added) wider[line + 1] += 1;
  for (let i = 1; i < wider.length; i += 1) wider[i] += wider[i - 1];
  for (let i = 1; i < wider.length; i += 1) wider[i] += first[i];
  const [offers, costs, next] = [new Int32Array(room), new Float64Array(room), wider.slice()];
  for (let i = 0; i + 1 < first.length; i += 1)
    for (let a = first[i]; a < first[i + 1]; a += 1) {
      const at = next[i]++;
      [offers[at], costs[at]] = [offerOf[a], cost[a]];
    }
  for (const one of added) {
    const at = next[one.line]++;
    [offers[at], costs[at]] = [one.offer, one.cost];
  }
  return { first: wider, offerOf: offers, cost: costs };
};
