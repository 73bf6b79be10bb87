/** Who holds how much of what: a pool of (line, arc, units), in a list per line and one per offer. */
export type Holdings = {
  readonly firstOfLine: (line: number) => number;
  readonly firstOfOffer: (offer: number) => number;
  readonly nextOfLine: (holding: number) => number;
  readonly nextOfOffer: (holding: number) => number;
  readonly lineOf: (holding: number) => number;
  readonly arcOf: (holding: number) => number;
  readonly unitsOf: (holding: number) => number;
  add(line: number, offer: number, arc: number, units: number): void;
  /** Takes units away; without any left the holding is gone. */
  take(holding: number, offer: number, units: number): void;
  /** A line's arcs lie elsewhere now. */
  shift(line: number, by: number): void;
};

export const holdingsOf = (lines: number, offers: number): Holdings => {
  let [headOfLine, headOfOffer] = [new Int32Array(lines + 16).fill(-1), new Int32Array(offers + 16).fill(-1)];
  const room = lines + offers + 16;
  let [line, arc, sister, next, before] = [new Int32Array(room), new Int32Array(room), new Int32Array(room), new Int32Array(room), new Int32Array(room)];
  let units = new Float64Array(room);
  let [used, spare] = [0, -1];

  const fresh = (): number => {
    if (spare >= 0) {
      const holding = spare;
      spare = next[holding];
      return holding;
    }
    if (used === line.length) {
      [line, arc, sister, next, before] = [longer(line, 2 * used), longer(arc, 2 * used), longer(sister, 2 * used), longer(next, 2 * used), longer(before, 2 * used)];
      units = longerDoubles(units, 2 * used);
    }
    used += 1;
    return used - 1;
  };

  return {
    firstOfLine: (of) => (of < headOfLine.length ? headOfLine[of] : -1),
    firstOfOffer: (of) => (of < headOfOffer.length ? headOfOffer[of] : -1),
    nextOfLine: (holding) => sister[holding],
    nextOfOffer: (holding) => next[holding],
    lineOf: (holding) => line[holding],
    arcOf: (holding) => arc[holding],
    unitsOf: (holding) => units[holding],
    add: (to, offer, by, amount) => {
      if (to >= headOfLine.length) headOfLine = longer(headOfLine, 2 * to, -1);
      if (offer >= headOfOffer.length) headOfOffer = longer(headOfOffer, 2 * offer, -1);
      for (let holding = headOfLine[to]; holding >= 0; holding = sister[holding]) {
        if (arc[holding] !== by) continue;
        units[holding] += amount;
        return;
      }
      const holding = fresh();
      [line[holding], arc[holding], units[holding]] = [to, by, amount];
      sister[holding] = headOfLine[to];
      headOfLine[to] = holding;
      before[holding] = -1;
      next[holding] = headOfOffer[offer];
      if (next[holding] >= 0) before[next[holding]] = holding;
      headOfOffer[offer] = holding;
    },
    take: (holding, offer, amount) => {
      units[holding] -= amount;
      if (units[holding] > 0) return;
      const of = line[holding];
      if (headOfLine[of] === holding) headOfLine[of] = sister[holding];
      else {
        let at = headOfLine[of];
        while (sister[at] !== holding) at = sister[at];
        sister[at] = sister[holding];
      }
      if (before[holding] >= 0) next[before[holding]] = next[holding];
      else headOfOffer[offer] = next[holding];
      if (next[holding] >= 0) before[next[holding]] = before[holding];
      next[holding] = spare;
      spare = holding;
    },
    shift: (of, by) => {
      for (let holding = of < headOfLine.length ? headOfLine[of] : -1; holding >= 0; holding = sister[holding]) arc[holding] += by;
    },
  };
};

/** A copy with more room. */
export const longer = (array: Int32Array, length: number, filler = 0): Int32Array<ArrayBuffer> => {
  const copy = new Int32Array(length).fill(filler, array.length);
  copy.set(array);
  return copy;
};
export const longerDoubles = (array: Float64Array, length: number, filler = 0): Float64Array<ArrayBuffer> => {
  const copy = new Float64Array(length).fill(filler, array.length);
  copy.set(array);
  return copy;
};
