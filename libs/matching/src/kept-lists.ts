import type { Transport } from './simplex.js';

export type Columns = { readonly from: Int32Array; readonly line: Int32Array; readonly cost: Float64Array };

/** Arcs by offer instead of by line, with their costs beside them. */
export const columnsOf = ({ first, offerOf, cost, capacity }: Transport): Columns => {
  const [arcs, from] = [first[first.length - 1], new Int32Array(capacity.length + 1)];
  for (let a = 0; a < arcs; a += 1) from[offerOf[a] + 1] += 1;
  for (let j = 0; j < capacity.length; j += 1) from[j + 1] += from[j];
  const [line, costs, next] = [new Int32Array(arcs), new Float64Array(arcs), from.slice()];
  for (let i = 0; i + 1 < first.length; i += 1)
    for (let a = first[i]; a < first[i + 1]; a += 1) {
      const c = next[offerOf[a]]++;
      line[c] = i;
      costs[c] = cost[a];
    }
  return { from, line, cost: costs };
};

/** Which lines hang from each offer, and from the root, which comes after the last. */
export const listsOf = (parent: Int32Array, lines: number, offers: number) => {
  const [head, next, before] = [new Int32Array(offers + 1).fill(-1), new Int32Array(lines), new Int32Array(lines)];
  const enlist = (line: number): void => {
    const offer = parent[line] - lines;
    next[line] = head[offer];
    before[line] = -1;
    if (next[line] >= 0) before[next[line]] = line;
    head[offer] = line;
  };
  for (let i = 0; i < lines; i += 1) enlist(i);
  return {
    enlist,
    strike: (line: number): void => {
      const offer = parent[line] - lines;
      if (before[line] >= 0) next[before[line]] = next[line];
      else head[offer] = next[line];
      if (next[line] >= 0) before[next[line]] = before[line];
    },
    each: (offer: number, visit: (line: number) => void): void => {
      for (let line = head[offer]; line >= 0; line = next[line]) visit(line);
    },
  };
};

/** Numbers below `count`, each at most once, in the order they came. What `take` answers is good until the next number comes. */
export const onceEach = (count: number) => {
  const [at, list] = [new Int32Array(count), new Int32Array(count)];
  let [round, size] = [1, 0];
  return {
    add: (n: number): void => {
      if (at[n] === round) return;
      at[n] = round;
      list[size] = n;
      size += 1;
    },
    take: (): Int32Array => {
      const taken = list.subarray(0, size);
      round += 1;
      size = 0;
      return taken;
    },
  };
};
