import { treeOf, type Tree } from './simplex-tree.js';

/** What the simplex needs of a network: arcs of line i are first[i] … first[i + 1]; without `high` only demand and capacity bound them. */
export type Transport = {
  readonly first: Int32Array;
  readonly offerOf: Int32Array;
  readonly cost: Float64Array;
  readonly high?: Float64Array;
  readonly demand: Float64Array;
  readonly capacity: Float64Array;
  readonly penalty: Float64Array;
};

/** An optimal basis. Flows are those of every node's arc towards the root (lines first, then offers), and of the arcs that are `full`. */
export type Basis = {
  /** Per node, or −1 where its way leads to the root: what a line leaves unmatched, what an offer has sold. */
  readonly arc: Int32Array;
  readonly flow: Float64Array;
  /** Arcs outside the tree that carry all they may. */
  readonly full: readonly number[];
  /** Dual prices: what one unit more of the line costs, what one unit more of the offer's capacity saves. */
  readonly worth: Float64Array;
  readonly rent: Float64Array;
  readonly tree: Tree;
  /** Per offer: sold out, while its way to the root is not in the tree. */
  readonly sold: Uint8Array;
  readonly pivots: number;
};

/**
 * The primal network simplex method for few offers and many lines. The root takes what offers sell, up to their capacity, and what lines
 * leave unmatched, at their penalty. Arcs outside the tree are empty but for those marked full; bases stay strongly feasible, so it cannot
 * cycle. Most lines are leaves: they have no part in the tree's lists and no price of their own, so a pivot costs what the offers under it are.
 * With `from`, the arcs of an earlier basis of the same nodes, it goes on from there; quantities, costs and penalties may have changed.
 */
export const optimalBasis = (transport: Transport, from?: Int32Array): Basis => {
  const { first, offerOf, cost, penalty, capacity } = transport;
  const [lines, offers, arcs] = [penalty.length, capacity.length, cost.length];
  const root = lines + offers;
  const high = boundedArcs(transport);
  const tree = treeOf(transport, high === undefined ? from : undefined);
  const { arc, flow, parent, price } = tree;
  /** See `Basis`; per arc, whether it is full outside of the tree. */
  const sold = new Uint8Array(offers);
  for (let j = 0; j < offers; j += 1) sold[j] = Number(parent[lines + j] !== root);
  const full = high === undefined ? undefined : new Uint8Array(arcs);
  const roomOf = (node: number): number => {
    const a = arc[node];
    if (a >= 0) return high === undefined ? Infinity : high[a];
    return node < lines ? Infinity : capacity[node - lines];
  };
  const goesUp = (node: number): boolean => node < lines || arc[node] < 0;
  const mark = (node: number, by: number, filled: boolean): void => {
    if (by >= 0) {
      if (full !== undefined) full[by] = Number(filled);
    } else if (node >= lines) sold[node - lines] = Number(filled);
  };

  const block = Math.max(16, Math.ceil(Math.sqrt(arcs + root)));
  let pivots = 0;
  for (let row = 0; ; pivots += 1) {
    // The arc that would save most per unit in the next rows that have any; a row is a line with its arcs, or an offer's way to the root.
    let source = -1;
    let entering = -1;
    let saving = 0;
    for (let looked = 0, left = block; looked < root; looked += 1) {
      if (row < lines) {
        const own = arc[row];
        const here = own < 0 ? penalty[row] : cost[own] + price[offerOf[own]];
        if (here - penalty[row] > saving) {
          saving = here - penalty[row];
          source = row;
          entering = -1;
        }
        const stop = first[row + 1];
        for (let a = first[row]; a < stop; a += 1) {
          let gain = here - cost[a] - price[offerOf[a]];
          if (full !== undefined && full[a] === 1) gain = -gain;
          if (gain > saving) {
            saving = gain;
            source = row;
            entering = a;
          }
        }
        left -= stop - first[row] + 1;
      } else {
        const gain = sold[row - lines] === 1 ? -price[row - lines] : price[row - lines];
        if (gain > saving) {
          saving = gain;
          source = row;
          entering = -1;
        }
        left -= 1;
      }
      row = row + 1 === root ? 0 : row + 1;
      if (left > 0) continue;
      if (source >= 0) break;
      left = block;
    }
    if (source < 0) break;

    const target = entering < 0 ? root : lines + offerOf[entering];
    const backwards = entering < 0 ? source >= lines && sold[source - lines] === 1 : full !== undefined && full[entering] === 1;
    const room = entering >= 0 ? (high === undefined ? Infinity : high[entering]) : source < lines ? Infinity : capacity[source - lines];
    // Around the cycle: from `begin` over the entering arc to `finish`, up to the join and down again.
    const join = tree.joinOf(source, target);
    const begin = backwards ? target : source;
    const finish = backwards ? source : target;
    let delta = room;
    let side = 0;
    let out = -1;
    for (let node = begin; node !== join; node = parent[node]) {
      const spare = goesUp(node) ? flow[node] : roomOf(node) - flow[node];
      if (spare >= delta) continue;
      delta = spare;
      side = 1;
      out = node;
    }
    for (let node = finish; node !== join; node = parent[node]) {
      const spare = goesUp(node) ? roomOf(node) - flow[node] : flow[node];
      if (spare > delta) continue;
      delta = spare;
      side = 2;
      out = node;
    }
    if (delta > 0) {
      for (let node = begin; node !== join; node = parent[node]) flow[node] += goesUp(node) ? -delta : delta;
      for (let node = finish; node !== join; node = parent[node]) flow[node] += goesUp(node) ? delta : -delta;
    }
    mark(source, entering, side === 0 && !backwards);
    if (side === 0) continue;
    mark(out, arc[out], flow[out] > 0);
    const amount = backwards ? room - delta : delta;
    if (side === 1) tree.rehang(begin, finish, out, entering, amount);
    else tree.rehang(finish, begin, out, entering, amount);
  }
  return {
    arc, flow, tree, sold, pivots,
    full: full === undefined ? [] : fullOf(full),
    worth: pricesOf(lines, tree.worthOf),
    rent: rentsOf(price),
  };
};

/** An offer nobody uses may come out below nothing; nothing proves as much. */
export const rentOf = (price: number): number => (price > 0 ? price : 0);
const rentsOf = (price: Float64Array): Float64Array => {
  const rent = new Float64Array(price.length);
  for (let j = 0; j < price.length; j += 1) rent[j] = rentOf(price[j]);
  return rent;
};

const fullOf = (full: Uint8Array): number[] => {
  const arcs: number[] = [];
  for (let a = 0; a < full.length; a += 1) if (full[a] === 1) arcs.push(a);
  return arcs;
};

/** Of every line. A loop: `Float64Array.from` took as long as the pivots of a small change. */
const pricesOf = (lines: number, worthOf: (line: number) => number): Float64Array => {
  const worth = new Float64Array(lines);
  for (let i = 0; i < lines; i += 1) worth[i] = worthOf(i);
  return worth;
};

/** The arcs' own bounds where any is below what demand and capacity allow. */
const boundedArcs = ({ first, offerOf, demand, capacity, high }: Transport): Float64Array | undefined => {
  if (high === undefined) return undefined;
  let bounded: Float64Array | undefined;
  for (let i = 0; i < demand.length; i += 1)
    for (let a = first[i]; a < first[i + 1]; a += 1) {
      if (high[a] >= Math.min(demand[i], capacity[offerOf[a]])) continue;
      bounded ??= new Float64Array(high.length).fill(Infinity);
      bounded[a] = high[a];
    }
  return bounded;
};
