import type { Flow } from './flow.js';
import type { Network } from './network.js';

const [lower, tree, upper] = [1, 0, -1];
const [up, down] = [1, -1];

/**
 * The primal network simplex method on typed arrays (block search; the spanning tree as thread, reverse thread, subtree sizes and last
 * successors; strongly feasible bases, so it cannot cycle). Every line starts unmatched and every offer unused, joined to the root, which
 * is already a feasible tree. For networks without lower bounds and forced lines.
 */
export const solveBySimplex = (network: Network): Flow => {
  const { first, offerOf } = network;
  const [lines, offers, given] = [network.demand.length, network.capacity.length, network.cost.length];
  const root = lines + offers;
  const arcs = given + root;
  const [source, target, state] = [new Int32Array(arcs), new Int32Array(arcs), new Int8Array(arcs).fill(lower)];
  const [cost, room, flow] = [new Float64Array(arcs), new Float64Array(arcs), new Float64Array(arcs)];
  for (let i = 0; i < lines; i += 1)
    for (let a = first[i]; a < first[i + 1]; a += 1) {
      source[a] = i;
      target[a] = lines + offerOf[a];
    }
  cost.set(network.cost);
  room.set(network.high);
  const [price, parent, pred, way] = [new Float64Array(root + 1), new Int32Array(root + 1), new Int32Array(root + 1), new Int8Array(root + 1)];
  const [thread, before, size, last] = [new Int32Array(root + 1), new Int32Array(root + 1), new Int32Array(root + 1), new Int32Array(root + 1)];
  for (let node = 0; node < root; node += 1) {
    const arc = given + node;
    source[arc] = node;
    target[arc] = root;
    state[arc] = tree;
    cost[arc] = node < lines ? network.penalty[node] : 0;
    room[arc] = node < lines ? Infinity : network.capacity[node - lines];
    flow[arc] = node < lines ? network.demand[node] : 0;
    [price[node], parent[node], pred[node], way[node]] = [-cost[arc], root, arc, up];
    [thread[node], before[node + 1], size[node], last[node]] = [node + 1, node, 1, node];
  }
  [parent[root], pred[root], thread[root], before[0], size[root], last[root]] = [-1, -1, 0, root, root + 1, root - 1];

  const block = Math.max(16, Math.ceil(Math.sqrt(arcs)));
  const dirty: number[] = [];
  for (let next = 0; ; ) {
    // The arc that would save most per unit in the first block that has any.
    let [entering, least] = [-1, 0];
    let arc = next;
    for (let looked = 0, left = block; looked < arcs; looked += 1) {
      const saving = state[arc] * (cost[arc] + price[source[arc]] - price[target[arc]]);
      if (saving < least) [least, entering] = [saving, arc];
      arc = arc + 1 === arcs ? 0 : arc + 1;
      left -= 1;
      if (left === 0) {
        if (entering >= 0) break;
        left = block;
      }
    }
    if (entering < 0) break;
    next = arc;

    let [u, v] = [source[entering], target[entering]];
    while (u !== v) {
      if (size[u] < size[v]) u = parent[u];
      else v = parent[v];
    }
    const join = u;

    // Around the cycle: from `begin` over the entering arc to `finish`, up to the join and down again.
    const [begin, finish] = state[entering] === lower ? [source[entering], target[entering]] : [target[entering], source[entering]];
    let [delta, side, uOut] = [room[entering], 0, -1];
    for (let node = begin; node !== join; node = parent[node]) {
      const at = pred[node];
      const spare = way[node] === down ? room[at] - flow[at] : flow[at];
      if (spare < delta) [delta, side, uOut] = [spare, 1, node];
    }
    for (let node = finish; node !== join; node = parent[node]) {
      const at = pred[node];
      const spare = way[node] === up ? room[at] - flow[at] : flow[at];
      if (spare <= delta) [delta, side, uOut] = [spare, 2, node];
    }
    if (delta > 0) {
      const amount = state[entering] * delta;
      flow[entering] += amount;
      for (let node = source[entering]; node !== join; node = parent[node]) flow[pred[node]] -= way[node] * amount;
      for (let node = target[entering]; node !== join; node = parent[node]) flow[pred[node]] += way[node] * amount;
    }
    if (side === 0) {
      state[entering] = -state[entering];
      continue;
    }
    state[entering] = tree;
    state[pred[uOut]] = flow[pred[uOut]] === 0 ? lower : upper;
    const [uIn, vIn] = side === 1 ? [begin, finish] : [finish, begin];
    rehang(uIn, vIn, uOut, join, entering);
    const shift = price[vIn] - price[uIn] - way[uIn] * cost[entering];
    for (let node = uIn, end = thread[last[uIn]]; node !== end; node = thread[node]) price[node] += shift;
  }

  return {
    quantity: flow.slice(0, given),
    unmatched: flow.slice(given, given + lines),
    worth: price.slice(0, lines).map((value) => -value),
    // An offer nobody uses may come out below nothing; nothing proves as much.
    rent: price.slice(lines, root).map((value) => Math.max(0, -value)),
  };

  /** Cuts the subtree of `uOut` from its parent and hangs it from `vIn` by the entering arc, with `uIn` on top. */
  function rehang(uIn: number, vIn: number, uOut: number, join: number, entering: number): void {
    const [oldBefore, oldSize, oldLast, vOut] = [before[uOut], size[uOut], last[uOut], parent[uOut]];
    if (uIn === uOut) {
      parent[uIn] = vIn;
      pred[uIn] = entering;
      way[uIn] = uIn === source[entering] ? up : down;
      if (thread[vIn] !== uOut) {
        let after = thread[oldLast];
        thread[oldBefore] = after;
        before[after] = oldBefore;
        after = thread[vIn];
        thread[vIn] = uOut;
        before[uOut] = vIn;
        thread[oldLast] = after;
        before[after] = oldLast;
      }
    } else {
      const onward = oldBefore === vIn ? thread[oldLast] : thread[vIn];
      let [stem, above, end] = [uIn, vIn, last[uIn]];
      let after = thread[end];
      thread[vIn] = uIn;
      dirty.length = 0;
      dirty.push(vIn);
      while (stem !== uOut) {
        const nextStem = parent[stem];
        thread[end] = nextStem;
        dirty.push(end);
        const previous = before[stem];
        thread[previous] = after;
        before[after] = previous;
        parent[stem] = above;
        above = stem;
        stem = nextStem;
        end = last[stem] === last[above] ? before[above] : last[stem];
        after = thread[end];
      }
      parent[uOut] = above;
      thread[end] = onward;
      before[onward] = end;
      last[uOut] = end;
      if (oldBefore !== vIn) {
        thread[oldBefore] = after;
        before[after] = oldBefore;
      }
      for (const node of dirty) before[thread[node]] = node;
      let count = 0;
      const lastOfOut = last[uOut];
      for (let node = uOut, p = parent[node]; node !== uIn; node = p, p = parent[node]) {
        pred[node] = pred[p];
        way[node] = -way[p];
        count += size[node] - size[p];
        size[node] = count;
        last[p] = lastOfOut;
      }
      pred[uIn] = entering;
      way[uIn] = uIn === source[entering] ? up : down;
      size[uIn] = oldSize;
    }
    const limit = last[join] === vIn ? join : -1;
    const newLast = last[uOut];
    for (let node = vIn; node !== -1 && last[node] === vIn; node = parent[node]) last[node] = newLast;
    const replaced = join !== oldBefore && vIn !== oldBefore ? oldBefore : newLast;
    if (replaced !== oldLast) for (let node = vOut; node !== limit && last[node] === oldLast; node = parent[node]) last[node] = replaced;
    for (let node = vIn; node !== join; node = parent[node]) size[node] += oldSize;
    for (let node = vOut; node !== join; node = parent[node]) size[node] -= oldSize;
  }
};
