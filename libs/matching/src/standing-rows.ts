import type { BareMarket } from './bare-market.js';
import { longer, longerDoubles } from './holdings.js';

/** The arcs of a market that grows: a row of arcs per line, and for every offer the lines that may buy from it. */
export type StandingRows = {
  lines: number;
  offers: number;
  start: Int32Array;
  stop: Int32Array;
  offerOf: Int32Array;
  cost: Float64Array;
  penalty: Float64Array;
  /** Calls with every line that has an arc to the offer. */
  eachBuyer(offer: number, visit: (line: number) => void): void;
  addLine(penalty: number, offers: ArrayLike<number>, costs: ArrayLike<number>): number;
  /** Answers by how much the line's arcs have moved. */
  addArc(line: number, offer: number, cost: number): number;
};

export const rowsOf = ({ first, offerOf, cost, penalty, capacity }: BareMarket): StandingRows => {
  const [lines, offers, arcs] = [penalty.length, capacity.length, cost.length];
  const spare = Math.ceil(arcs / 16) + 64;
  const buyersFrom = new Int32Array(offers + 1);
  for (let a = 0; a < arcs; a += 1) buyersFrom[offerOf[a] + 1] += 1;
  for (let j = 0; j < offers; j += 1) buyersFrom[j + 1] += buyersFrom[j];
  const buyers = new Int32Array(arcs);
  const at = buyersFrom.slice();
  for (let i = 0; i < lines; i += 1) for (let a = first[i]; a < first[i + 1]; a += 1) buyers[at[offerOf[a]]++] = i;
  const later = new Map<number, number[]>();
  let end = arcs;

  const rows: StandingRows = {
    lines, offers,
    start: longer(first.subarray(0, lines), lines + 64), stop: longer(first.subarray(1), lines + 64),
    offerOf: longer(offerOf, arcs + spare), cost: longerDoubles(cost, arcs + spare), penalty: longerDoubles(penalty, lines + 64),
    eachBuyer: (offer, visit) => {
      if (offer < offers) for (let b = buyersFrom[offer]; b < buyersFrom[offer + 1]; b += 1) visit(buyers[b]);
      for (const line of later.get(offer) ?? []) visit(line);
    },
    addLine: (charge, sellers, costs) => {
      const line = rows.lines;
      if (line === rows.start.length) [rows.start, rows.stop, rows.penalty] = [longer(rows.start, 2 * line), longer(rows.stop, 2 * line), longerDoubles(rows.penalty, 2 * line)];
      rows.lines += 1;
      rows.penalty[line] = charge;
      rows.start[line] = rows.stop[line] = end;
      for (let n = 0; n < sellers.length; n += 1) rows.addArc(line, sellers[n], costs[n]);
      return line;
    },
    addArc: (line, offer, price) => {
      const length = rows.stop[line] - rows.start[line];
      const moves = rows.stop[line] !== end;
      const needed = end + length + 1;
      if (needed > rows.cost.length) [rows.offerOf, rows.cost] = [longer(rows.offerOf, 2 * needed), longerDoubles(rows.cost, 2 * needed)];
      const by = moves ? end - rows.start[line] : 0;
      if (moves) {
        rows.offerOf.copyWithin(end, rows.start[line], rows.stop[line]);
        rows.cost.copyWithin(end, rows.start[line], rows.stop[line]);
        rows.start[line] += by;
        rows.stop[line] += by;
      }
      rows.offerOf[rows.stop[line]] = offer;
      rows.cost[rows.stop[line]] = price;
      rows.stop[line] += 1;
      end = rows.stop[line];
      const known = later.get(offer);
      if (known === undefined) later.set(offer, [line]);
      else known.push(line);
      return by;
    },
  };
  return rows;
};
