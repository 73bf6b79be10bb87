/** A binary heap of node numbers by `key`, with the place of every node, so that a key may fall. Equal keys leave in order of number. */
export const heapOf = (nodes: number, key: Float64Array): { clear(): void; push(node: number): void; pop(): number; rise(node: number): void } => {
  const heap = new Int32Array(nodes);
  const place = new Int32Array(nodes);
  let size = 0;
  const before = (a: number, b: number): boolean => key[a] < key[b] || (key[a] === key[b] && a < b);
  const up = (from: number): void => {
    const node = heap[from];
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(node, heap[parent])) break;
      heap[at] = heap[parent];
      place[heap[at]] = at;
      at = parent;
    }
    heap[at] = node;
    place[node] = at;
  };
  const down = (node: number): void => {
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && before(heap[child + 1], heap[child])) child += 1;
      if (!before(heap[child], node)) break;
      heap[at] = heap[child];
      place[heap[at]] = at;
      at = child;
    }
    heap[at] = node;
    place[node] = at;
  };
  return {
    clear: () => {
      size = 0;
    },
    push: (node) => {
      heap[size] = node;
      size += 1;
      up(size - 1);
    },
    /** The node of least key, or −1 when none is left. */
    pop: () => {
      if (size === 0) return -1;
      const top = heap[0];
      size -= 1;
      if (size > 0) down(heap[size]);
      return top;
    },
    rise: (node) => up(place[node]),
  };
};
