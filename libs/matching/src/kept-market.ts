import type { BareAllocation, BareMarket } from './bare-market.js';
import { allocationFor, roomFor, viewOf, withLines, writeLines } from './kept-arrays.js';
import { addColumn, addRow, cut, emptyPart, withArcs, type Part } from './kept-part.js';
import { keptTreeOf } from './kept-tree.js';
import { longer } from './longer.js';
import { lineAt } from './simplex-tree.js';
import { optimalBasis, rentOf, type Basis } from './simplex.js';

/** What has become of a market; numbers are those of the market, new lines and offers come at its end in the order given. */
export type MarketChange = {
  /** Units a line wants now; 0 withdraws it. */
  readonly demand?: readonly (readonly [line: number, units: number])[];
  /** Units an offer has now; 0 withdraws it. */
  readonly capacity?: readonly (readonly [offer: number, units: number])[];
  readonly lines?: readonly { readonly quantity: number; readonly penalty: number; readonly offers: ArrayLike<number>; readonly costs: ArrayLike<number> }[];
  /** With the lines that may buy from them, new ones too. */
  readonly offers?: readonly { readonly capacity: number; readonly lines: ArrayLike<number>; readonly costs: ArrayLike<number> }[];
};

export type Held = { readonly offer: number; readonly units: number };

/**
 * An allocated market that is kept with everything the solver made of it, so that it need not be made again: after a change only the trees of the
 * parts that it touches are repaired. The answer costs what a fresh allocation of the changed market does.
 */
export type KeptMarket = {
  /** As it stands; what is answered here and below is good until the next change, which writes into it. */
  readonly market: () => BareMarket;
  readonly allocation: () => BareAllocation;
  change(change: MarketChange): BareAllocation;
  heldBy(line: number): readonly Held[];
  /** What the line is matched to now is agreed: it leaves the market with its units, and no later change moves it. */
  commit(line: number): readonly Held[];
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
    writeAll(part, basis);
  }

  function writeAll(part: Part, basis: Basis): void {
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

  /** The part of these offers; those that no line has wanted so far come to it. Undefined where they are of several. */
  const homeOf = (offers: ArrayLike<number>): number | undefined => {
    let home = -1;
    for (let k = 0; k < offers.length; k += 1) {
      const one = partOfOffer[offers[k]];
      if (one >= 0 && home >= 0 && one !== home) return undefined;
      home = Math.max(home, one);
    }
    if (home < 0) home = parts.push(emptyPart()) - 1;
    for (let k = 0; k < offers.length; k += 1) {
      if (partOfOffer[offers[k]] >= 0) continue;
      [partOfOffer[offers[k]], localOffer[offers[k]]] = [home, parts[home].offers.length];
      addColumn(parts[home], offers[k], all.capacity[offers[k]], [], []);
    }
    return home;
  };

  /** The market and the allocation with new lines, which touch the parts they come to. Answers false where one joins parts that were apart. */
  const appendLines = (lines: NonNullable<MarketChange['lines']>, touched: Set<Part>): boolean => {
    if (lines.length === 0) return true;
    const before = all.demand.length;
    const [count, arcs] = [before + lines.length, lines.reduce((sum, { offers }) => sum + offers.length, all.cost.length)];
    if (count > room.demand.length || arcs > room.cost.length) room = roomFor(all, count, arcs);
    writeLines(room, before, all.cost.length, lines);
    all = viewOf(room, count, arcs);
    found = withLines(found, before, all);
    if (count > partOfLine.length) [partOfLine, localLine] = [longer(partOfLine, room.demand.length, -1), longer(localLine, room.demand.length)];
    for (const [n, { quantity, penalty, offers }] of lines.entries()) {
      if (offers.length === 0) continue;
      const home = homeOf(offers);
      if (home === undefined) return false;
      const part = parts[home];
      addRow(part, before + n, all, localOffer, quantity, penalty);
      [partOfLine[before + n], localLine[before + n]] = [home, part.lineCount - 1];
      touched.add(part);
    }
    return true;
  };

  /** The same for new offers. They go into rows that lie one behind the other, so all arcs are copied; give many at once. */
  const appendOffers = (offers: NonNullable<MarketChange['offers']>, touched: Set<Part>): boolean => {
    if (offers.length === 0) return true;
    const before = all.capacity.length;
    const added = offers.flatMap(({ lines, costs }, n) => Array.from(lines, (line, k) => ({ line, offer: before + n, cost: costs[k] })));
    const [lines, arcs] = [all.demand.length, all.cost.length + added.length];
    const rows = withArcs(all, added, all.cost.length);
    room = { ...room, ...rows, first: longer(rows.first, room.first.length), capacity: Float64Array.from([...all.capacity, ...offers.map(({ capacity }) => capacity)]) };
    all = viewOf(room, lines, arcs);
    found = allocationFor(all);
    [partOfOffer, localOffer] = [longer(partOfOffer, all.capacity.length, -1), longer(localOffer, all.capacity.length)];
    for (const [n, { capacity, lines: whose, costs }] of offers.entries()) {
      if (whose.length === 0) continue;
      const home = partOfLine[whose[0]];
      for (let k = 0; k < whose.length; k += 1) if (home < 0 || partOfLine[whose[k]] !== home) return false;
      const part = parts[home];
      [partOfOffer[before + n], localOffer[before + n]] = [home, part.offers.length];
      addColumn(part, before + n, capacity, Array.from(whose, (line) => localLine[line]), costs);
      touched.add(part);
    }
    for (const part of parts) if (part.kept !== undefined) writeAll(part, part.kept.basis);
    return true;
  };

  const heldBy = (line: number): Held[] => {
    const held: Held[] = [];
    if (found.arc[line] >= 0 && found.units[line] > 0) held.push({ offer: all.offerOf[found.arc[line]], units: found.units[line] });
    for (let a = all.first[line]; a < all.first[line + 1]; a += 1) {
      const node = all.demand.length + all.offerOf[a];
      if (found.arc[node] === a && found.units[node] > 0) held.push({ offer: all.offerOf[a], units: found.units[node] });
    }
    return held;
  };

  const change = ({ demand = [], capacity = [], lines = [], offers = [] }: MarketChange): BareAllocation => {
    for (const [line, units] of demand) all.demand[line] = units;
    for (const [offer, units] of capacity) all.capacity[offer] = units;
    const touched = new Set<Part>();
    if (!appendLines(lines, touched) || !appendOffers(offers, touched)) {
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
  };

  return {
    market: () => all, allocation: () => found, change, heldBy,
    commit: (line) => {
      const held = heldBy(line);
      change({ demand: [[line, held.reduce((left, { units }) => left - units, all.demand[line])]], capacity: held.map(({ offer, units }) => [offer, all.capacity[offer] - units]) });
      return held;
    },
  };
};
