import type { Transport } from './simplex.js';

/**
 * The spanning tree of the simplex (nodes: lines, then offers, then the root). Lists of children hold only what a price passes through:
 * offers, and lines that have an offer below them. A line that is a leaf costs nothing to move.
 */
export type Tree = {
  /** Per node: the arc to its parent, −1 = its way to the root. It leads from a line to an offer, so down where the node is an offer. */
  readonly arc: Int32Array;
  readonly flow: Float64Array;
  readonly parent: Int32Array;
  /** Per offer: what a unit costs from there to the root. */
  readonly price: Float64Array;
  /** What a unit of the line costs by the tree. */
  worthOf(line: number): number;
  joinOf(one: number, other: number): number;
  /** Whether no offer hangs from the line. */
  isLeaf(line: number): boolean;
  /** Visits the node and what a price passes through below it, parents first: offers, and lines that have an offer below them. */
  eachBelow(node: number, visit: (node: number) => void): void;
  /** Cuts the subtree of `out` from its parent and hangs it by `top`, which lies in it, from `below` over the arc `entering` with `amount`. */
  rehang(top: number, below: number, out: number, entering: number, amount: number): void;
};

/**
 * A first tree: that of an earlier basis where `from` names its arcs, else every line unmatched and every offer unused (to fill the cheapest
 * first saves no pivots: most of it has to be undone). Every arc up has room to spare and every arc down carries something, which is what
 * makes the tree strongly feasible.
 */
export const treeOf = ({ first, offerOf, cost, demand, capacity, penalty }: Transport, from: Int32Array | undefined): Tree => {
  const [lines, offers] = [demand.length, capacity.length];
  const root = lines + offers;
  const [arc, parent] = [new Int32Array(root).fill(-1), new Int32Array(root).fill(root)];
  const [flow, price] = [new Float64Array(root), new Float64Array(offers)];
  const [child, next, before] = [new Int32Array(root).fill(-1), new Int32Array(root), new Int32Array(root)];
  const depth = new Int32Array(offers).fill(1);
  const stem: number[] = [];
  const worthOf = (line: number): number => (arc[line] < 0 ? penalty[line] : cost[arc[line]] + price[offerOf[arc[line]]]);
  const depthOf = (node: number): number => {
    if (node === root) return 0;
    if (node >= lines) return depth[node - lines];
    return arc[node] < 0 ? 1 : depth[offerOf[arc[node]]] + 1;
  };
  const enlist = (node: number, under: number): void => {
    next[node] = child[under];
    before[node] = -1;
    if (next[node] >= 0) before[next[node]] = node;
    child[under] = node;
  };
  const strike = (node: number, under: number): void => {
    if (before[node] >= 0) next[before[node]] = next[node];
    else child[under] = next[node];
    if (next[node] >= 0) before[next[node]] = before[node];
  };
  /** Whether a price passes through the node, so that its parent's list holds it. */
  const counts = (node: number): boolean => node >= lines || child[node] >= 0;

  /**
   * The earlier tree with the quantities of today, from the leaves up: lines that an offer has no room for are left unmatched, and an offer
   * that its line can no longer sell out stands by itself. Few of either where little has changed.
   */
  const hangAgain = (arcs: Int32Array): void => {
    arc.set(arcs);
    flow.set(demand);
    for (let i = 0; i < lines; i += 1) {
      if (arc[i] < 0) continue;
      parent[i] = lines + offerOf[arc[i]];
    }
    for (let node = lines; node < root; node += 1) {
      if (arc[node] < 0) continue;
      parent[node] = lineAt(first, arc[node]);
      enlist(node, parent[node]);
    }
    const order: number[] = [];
    for (let i = 0; i < lines; i += 1) {
      if (parent[i] === root) continue;
      if (child[i] >= 0) enlist(i, parent[i]);
      else flow[parent[i]] += demand[i];
    }
    for (let node = 0; node < root; node += 1) if (parent[node] === root && counts(node)) inPreorder(node, (one) => order.push(one));
    const release = (node: number, enough: () => boolean): void => {
      for (let i = 0; i < lines && !enough(); i += 1) {
        if (parent[i] !== node) continue;
        if (child[i] >= 0) strike(i, node);
        flow[node] -= flow[i];
        arc[i] = -1;
        parent[i] = root;
      }
    };
    for (let n = order.length - 1; n >= 0; n -= 1) {
      const node = order[n];
      const above = parent[node];
      if (node < lines) {
        if (above !== root) flow[above] += flow[node];
        continue;
      }
      const most = capacity[node - lines];
      if (flow[node] >= most) release(node, () => flow[node] < most);
      if (above === root) continue;
      const missing = most - flow[node];
      if (missing > 0 && missing <= flow[above]) {
        flow[above] -= missing;
        flow[node] = missing;
        continue;
      }
      strike(node, above);
      if (child[above] < 0 && parent[above] !== root) strike(above, parent[above]);
      arc[node] = -1;
      parent[node] = root;
    }
    for (const node of order) {
      if (node < lines || parent[node] === root) continue;
      price[node - lines] = worthOf(parent[node]) - cost[arc[node]];
      depth[node - lines] = depthOf(parent[node]) + 1;
    }
  };

  /** The node and all below it that a price passes through, parents first. */
  const inPreorder = (top: number, visit: (node: number) => void): void => {
    for (let node = top; ; ) {
      visit(node);
      if (child[node] >= 0) {
        node = child[node];
        continue;
      }
      while (node !== top && next[node] < 0) node = parent[node];
      if (node === top) break;
      node = next[node];
    }
  };
  if (from === undefined) flow.set(demand);
  else hangAgain(from);

  return {
    arc, flow, parent, price, worthOf, isLeaf: (line) => child[line] < 0, eachBelow: inPreorder,
    joinOf: (one, other) => {
      let [u, v] = [one, other];
      let [deep, deeper] = [depthOf(u), depthOf(v)];
      while (u !== v) {
        if (deep >= deeper) {
          u = parent[u];
          deep -= 1;
        } else {
          v = parent[v];
          deeper -= 1;
        }
      }
      return u;
    },
    rehang: (top, below, out, entering, amount) => {
      if (top === out && top < lines && child[top] < 0) {
        arc[top] = entering;
        flow[top] = amount;
        parent[top] = below;
        return;
      }
      const length = entering >= 0 ? cost[entering] : Math.min(top, below) < lines ? penalty[Math.min(top, below)] : 0;
      const there = below === root ? 0 : below < lines ? worthOf(below) : price[below - lines];
      const shift = top < lines ? there + length - worthOf(top) : there + (below < lines ? -length : length) - price[top - lines];
      stem.length = 0;
      for (let node = top; ; node = parent[node]) {
        stem.push(node);
        if (node === out) break;
      }
      // From the top down, so that each is still known by what hangs from it.
      const above = parent[out];
      if (above !== root) {
        if (counts(out)) strike(out, above);
        if (above < lines && child[above] < 0 && parent[above] !== root) strike(above, parent[above]);
      }
      for (let s = stem.length - 2; s >= 0; s -= 1) if (counts(stem[s])) strike(stem[s], stem[s + 1]);
      for (let s = stem.length - 1; s > 0; s -= 1) {
        arc[stem[s]] = arc[stem[s - 1]];
        flow[stem[s]] = flow[stem[s - 1]];
        parent[stem[s]] = stem[s - 1];
        if (counts(stem[s])) enlist(stem[s], stem[s - 1]);
      }
      arc[top] = entering;
      flow[top] = amount;
      parent[top] = below;
      if (below !== root && counts(top)) {
        const leaf = below < lines && child[below] < 0;
        enlist(top, below);
        if (leaf && parent[below] !== root) enlist(below, parent[below]);
      }
      inPreorder(top, (node) => {
        if (node < lines) return;
        price[node - lines] += shift;
        depth[node - lines] = depthOf(parent[node]) + 1;
      });
    },
  };
};

/** The line of an arc, by halving. */
export const lineAt = (first: Int32Array, arc: number): number => {
  let [from, to] = [0, first.length - 1];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (first[middle] <= arc) from = middle;
    else to = middle;
  }
  return from;
};
