import { columnsOf, listsOf, onceEach } from './kept-lists.js';
import type { Basis, Transport } from './simplex.js';

/** An optimal basis that follows changes of quantities, and lines that come into rows that were empty. */
export type KeptTree = {
  setDemand(line: number, units: number): void;
  setCapacity(offer: number, units: number): void;
  /** The line's arcs and penalty are in their places already. */
  addLine(line: number, units: number): void;
  /** Makes the basis optimal again; answers what has changed since the last time, or undefined where it takes too long. */
  repair(): Touched | undefined;
};

/** Lines whose arc or flow is another; lines whose price is; offers of which any is. Good until the next change. */
export type Touched = { readonly lines: Int32Array; readonly worths: Int32Array; readonly offers: Int32Array };

/**
 * The dual network simplex. No cost changes, so the prices still prove that nothing outside the tree is cheaper; what stands wrong are flows,
 * below nothing or above a capacity. Each pivot puts one of them right: at its arc the tree falls into two halves, and the arc between them that
 * is dearer by least joins them again. Where lines that are leaves could go over with all they have and it would not be enough, they go, the
 * cheapest first, and the one that has enough becomes the joint (the long step). Writes the transport's quantities and the basis in place.
 */
export const keptTreeOf = (transport: Transport, { tree, sold, worth }: Basis): KeptTree => {
  const { first, offerOf, cost, demand, capacity, penalty } = transport;
  const [lines, offers] = [demand.length, capacity.length];
  const root = lines + offers;
  const { arc, flow, parent, price } = tree;
  const hanging = listsOf(parent, lines, offers);
  let columns = columnsOf(transport);
  const fresh: number[] = [];
  /** Nodes whose flow may stand wrong. */
  const wrong: number[] = [];
  const [touchedLines, touchedWorths, touchedOffers] = [onceEach(lines), onceEach(lines), onceEach(offers)];
  const touch = (node: number): void => {
    if (node < lines) touchedLines.add(node);
    else touchedOffers.add(node - lines);
  };
  const goesUp = (node: number): boolean => node < lines || arc[node] < 0;
  /** By how much a node's flow is below nothing (negative) or above what its offer has. */
  const amissAt = (node: number): number => {
    if (flow[node] < 0) return flow[node];
    return node >= lines && arc[node] < 0 && flow[node] > capacity[node - lines] ? flow[node] - capacity[node - lines] : 0;
  };
  /** So many more units go from the node towards `end`, which lies above it. */
  const send = (from: number, end: number, units: number): void => {
    for (let node = from; node !== end; node = parent[node]) {
      flow[node] += goesUp(node) ? units : -units;
      touch(node);
      wrong.push(node);
    }
  };

  /** Per offer, the last pivot in which it was cut off. */
  const cutOff = new Int32Array(offers + 1).fill(-1);
  let pivot = 0;
  const side: number[] = [];
  const isCutOff = (line: number, out: number): boolean => cutOff[parent[line] - lines] === pivot || line === out;
  /** The cheapest ways from one side to the other that together carry `needed` units, by how much dearer they are; all below `limit` are among them. */
  const ways: Way[] = [];
  let [needed, carried, limit] = [0, 0, Infinity];
  const take = (more: number, source: number, entering: number): void => {
    // A line from which an offer hangs cannot move with all it has, nor can an offer's way to the root: those end the list.
    const units = source < lines && tree.isLeaf(source) ? Math.min(needed, flow[source]) : needed;
    for (let n = 0; n < ways.length; n += 1) {
      if (ways[n].source !== source) continue;
      if (ways[n].more <= more) return;
      carried -= ways[n].units;
      ways.splice(n, 1);
    }
    let at = ways.length;
    while (at > 0 && ways[at - 1].more > more) at -= 1;
    ways.splice(at, 0, { more, source, entering, units });
    carried += units;
    while (carried - ways[ways.length - 1].units >= needed) carried -= (ways.pop() as Way).units;
    if (carried >= needed) limit = ways[ways.length - 1].more;
  };
  /** The line's ways to offers on the other side and, from below, to the root. */
  const seekAmongRow = (line: number, isBelow: boolean): void => {
    const here = worth[line];
    let least = limit;
    let entering = -2;
    if (isBelow && arc[line] >= 0 && penalty[line] - here < least) {
      least = penalty[line] - here;
      entering = -1;
    }
    for (let a = first[line], stop = first[line + 1]; a < stop; a += 1) {
      const more = cost[a] + price[offerOf[a]] - here;
      if (more >= least || (cutOff[offerOf[a]] === pivot) === isBelow) continue;
      least = more;
      entering = a;
    }
    if (entering > -2) take(least, line, entering);
  };
  /** The ways to an offer from lines on the other side. */
  const seekAmongColumn = (offer: number, out: number, isBelow: boolean): void => {
    const { from, line, cost: costs } = columns;
    const there = price[offer];
    // A variable of its own: one that closures share is read from the heap at every step.
    let least = limit;
    for (let c = from[offer], stop = from[offer + 1]; c < stop; c += 1) {
      const more = costs[c] + there - worth[line[c]];
      if (more >= least || isCutOff(line[c], out) === isBelow) continue;
      let a = first[line[c]];
      while (offerOf[a] !== offer || cost[a] !== costs[c]) a += 1;
      take(more, line[c], a);
      least = limit;
    }
  };
  const seek = (out: number, gives: boolean): void => {
    ways.length = 0;
    [carried, limit] = [0, Infinity];
    for (const j of side) if (parent[lines + j] !== root && (sold[j] === 1) !== gives && Math.abs(price[j]) < limit) take(Math.abs(price[j]), lines + j, -1);
    // Only arcs of the smaller half need be looked at: those of its lines, or those to its offers. Nothing is below a tie.
    const small = side.length * 2 <= offers;
    if (small && gives) for (let n = 0; n < side.length && limit > 0; n += 1) hanging.each(side[n], seekBelow);
    else if (small) for (let n = 0; n < side.length && limit > 0; n += 1) seekAmongColumn(side[n], out, true);
    else if (gives) {
      for (let n = 0; n < side.length && limit > 0; n += 1) hanging.each(side[n], seekToRoot);
      for (let j = 0; j < offers && limit > 0; j += 1) if (cutOff[j] !== pivot) seekAmongColumn(j, out, false);
    } else for (let j = 0; j <= offers && limit > 0; j += 1) if (cutOff[j] !== pivot) hanging.each(j, (line) => line !== out && seekAmongRow(line, false));
    // Lines that are in no column yet.
    if (small !== gives) for (const line of fresh) if (isCutOff(line, out) === gives) seekAmongRow(line, gives);
  };
  const seekBelow = (line: number): void => seekAmongRow(line, true);
  const seekToRoot = (line: number): void => {
    if (penalty[line] - worth[line] < limit) take(penalty[line] - worth[line], line, -1);
  };

  /** A line that is a leaf goes over with all it has. */
  const move = ({ source, entering, more }: Way): void => {
    const target = entering < 0 ? root : lines + offerOf[entering];
    const join = tree.joinOf(parent[source], target);
    send(parent[source], join, -flow[source]);
    send(target, join, flow[source]);
    touchedLines.add(source);
    touchedWorths.add(source);
    hanging.strike(source);
    arc[source] = entering;
    parent[source] = target;
    hanging.enlist(source);
    worth[source] += more;
  };

  /** Puts right the flow of a node, which is `amiss`. Answers false where nothing joins the halves. */
  const pivotAt = (out: number, amiss: number): boolean => {
    pivot += 1;
    side.length = 0;
    tree.eachBelow(out, (node) => {
      if (node < lines) return;
      cutOff[node - lines] = pivot;
      side.push(node - lines);
    });
    // What is cut off has to give units away, or to get some.
    const gives = amiss > 0 || !goesUp(out);
    needed = Math.abs(amiss);
    seek(out, gives);
    const last = ways.pop();
    if (last === undefined) return false;
    let units = needed;
    for (const way of ways) {
      move(way);
      units -= flow[way.source];
    }
    const { source, entering } = last;
    const shift = gives ? last.more : -last.more;
    const rise = (line: number): void => {
      worth[line] += shift;
      touchedWorths.add(line);
    };
    if (last.more > 0) {
      for (const j of side) {
        hanging.each(j, rise);
        touchedOffers.add(j);
      }
      if (out < lines) rise(out);
    }

    const target = entering < 0 ? root : lines + offerOf[entering];
    // The way of a sold-out offer to the root gives back.
    const backwards = source >= lines && !gives;
    const [begin, finish] = backwards ? [target, source] : [source, target];
    const join = tree.joinOf(source, target);
    const from = wrong.length;
    send(begin, join, -units);
    send(finish, join, units);
    if (source >= lines) sold[source - lines] = 0;
    if (out >= lines && arc[out] < 0) sold[out - lines] = Number(amiss > 0);
    const moved = wrong.slice(from).filter((node) => node < lines);
    moved.forEach(hanging.strike);
    const amount = backwards ? capacity[source - lines] - units : units;
    if (gives) tree.rehang(begin, finish, out, entering, amount);
    else tree.rehang(finish, begin, out, entering, amount);
    moved.forEach(hanging.enlist);
    return true;
  };

  return {
    setDemand: (line, units) => {
      send(line, root, units - demand[line]);
      demand[line] = units;
    },
    setCapacity: (offer, units) => {
      if (parent[lines + offer] === root) wrong.push(lines + offer);
      else if (sold[offer] === 1) send(lines + offer, root, capacity[offer] - units);
      capacity[offer] = units;
    },
    addLine: (line, units) => {
      let own = -1;
      worth[line] = penalty[line];
      for (let a = first[line], stop = first[line + 1]; a < stop; a += 1) {
        if (cost[a] + price[offerOf[a]] >= worth[line]) continue;
        worth[line] = cost[a] + price[offerOf[a]];
        own = a;
      }
      hanging.strike(line);
      arc[line] = own;
      parent[line] = own < 0 ? root : lines + offerOf[own];
      hanging.enlist(line);
      touchedWorths.add(line);
      fresh.push(line);
      demand[line] = units;
      send(line, root, units);
    },
    repair: () => {
      if (fresh.length > 16 + (lines >> 3)) {
        columns = columnsOf(transport);
        fresh.length = 0;
      }
      const enough = pivot + 4 * root + 100;
      // In the order they came, so from below: what is put right there is often right above.
      for (let n = 0; n < wrong.length; n += 1) {
        const amiss = amissAt(wrong[n]);
        if (amiss !== 0 && (pivot === enough || !pivotAt(wrong[n], amiss))) return undefined;
      }
      wrong.length = 0;
      return { lines: touchedLines.take(), worths: touchedWorths.take(), offers: touchedOffers.take() };
    },
  };
};

/** Over which arc a line (−1 = to the root) or an offer (its way to the root) could join the halves, and how many units it would bring. */
type Way = { readonly more: number; readonly source: number; readonly entering: number; readonly units: number };
