import type { BareAllocation, BareMarket } from './bare-market.js';
import { heapOf } from './heap.js';
import { holdingsOf, longer, longerDoubles } from './holdings.js';
import { lineAt } from './simplex-tree.js';
import { rowsOf } from './standing-rows.js';

export type Held = { readonly offer: number; readonly units: number };

/**
 * An allocated market that stays optimal while it changes. Each change moves only what it must, along shortest paths between offers, and
 * keeps the dual prices; what does not hang together with it is not looked at.
 */
export type StandingMarket = {
  /** A new line with the offers it may buy from and their costs; answers its number. */
  addLine(quantity: number, penalty: number, offers: ArrayLike<number>, costs: ArrayLike<number>): number;
  /** The line is no longer wanted: its units go back to their offers. Committed units stay. */
  withdrawLine(line: number): void;
  /** A new offer with the lines that may buy from it and their costs; answers its number. */
  addOffer(capacity: number, lines: ArrayLike<number>, costs: ArrayLike<number>): number;
  /** An offer has more or less to sell than before, beside what was committed; 0 withdraws it. */
  setCapacity(offer: number, capacity: number): void;
  /** What the line is matched to now is agreed: no later change moves it. */
  commit(line: number): readonly Held[];
  heldBy(line: number): readonly Held[];
  unmatchedOf(line: number): number;
  worthOf(line: number): number;
  rentOf(offer: number): number;
  /** What everything that is not committed costs, in thousandths of a rial. */
  cost(): bigint;
  /** Offers looked at by searches so far. */
  readonly searched: () => number;
};

export const standingMarket = (market: BareMarket, allocation: BareAllocation): StandingMarket => {
  const rows = rowsOf(market);
  const held = holdingsOf(rows.lines, rows.offers);
  let [rent, free, left] = [longerDoubles(allocation.rent, rows.offers + 64), longerDoubles(market.capacity, rows.offers + 64), longerDoubles(allocation.unmatched, rows.lines + 64)];
  let [distance, via, by, reached] = [new Float64Array(rent.length).fill(Infinity), new Int32Array(rent.length), new Int32Array(rent.length), new Int32Array(rent.length)];
  let heap = heapOf(rent.length, distance);
  let [seen, looked] = [0, 0];
  for (let node = 0; node < allocation.arc.length; node += 1) {
    if (allocation.units[node] === 0) continue;
    const arc = allocation.arc[node];
    held.add(lineAt(market.first, arc), market.offerOf[arc], arc, allocation.units[node]);
    free[market.offerOf[arc]] -= allocation.units[node];
  }

  const offerAt = (holding: number): number => rows.offerOf[held.arcOf(holding)];
  const worthOf = (line: number): number => {
    let least = rows.penalty[line];
    for (let a = rows.start[line]; a < rows.stop[line]; a += 1) least = Math.min(least, rows.cost[a] + rent[rows.offerOf[a]]);
    return least;
  };
  const reach = (offer: number, at: number, arc: number, holding: number): void => {
    if (at >= distance[offer]) return;
    const known = distance[offer] < Infinity;
    distance[offer] = at;
    via[offer] = arc;
    by[offer] = holding;
    if (known) heap.rise(offer);
    else {
      reached[seen] = offer;
      seen += 1;
      heap.push(offer);
    }
  };
  /** Ends a search: offers nearer than `least` change their rent by what they are nearer, in the given direction. */
  const settle = (least: number, direction: 1 | -1): void => {
    for (let n = 0; n < seen; n += 1) {
      const offer = reached[n];
      if (distance[offer] < least) rent[offer] += direction * (least - distance[offer]);
      distance[offer] = Infinity;
    }
    seen = 0;
    heap.clear();
  };

  /** Finds room for units of a line: the cheapest chain of moves that ends where something is free, or that leaves someone unmatched. */
  const place = (line: number): void => {
    while (left[line] > 0) {
      let [least, end, aside] = [rows.penalty[line], -1, -1];
      for (let a = rows.start[line]; a < rows.stop[line]; a += 1) {
        const at = rows.cost[a] + rent[rows.offerOf[a]];
        if (at < least) reach(rows.offerOf[a], at, a, -1);
      }
      for (let offer = heap.pop(); offer >= 0 && distance[offer] < least; offer = heap.pop()) {
        looked += 1;
        if (free[offer] > 0) {
          [least, end] = [distance[offer], offer];
          break;
        }
        for (let holding = held.firstOfOffer(offer); holding >= 0; holding = held.nextOfOffer(holding)) {
          const other = held.lineOf(holding);
          const base = distance[offer] - rent[offer] - rows.cost[held.arcOf(holding)];
          if (base + rows.penalty[other] < least) [least, aside] = [base + rows.penalty[other], holding];
          for (let a = rows.start[other], stop = rows.stop[other]; a < stop; a += 1) {
            const at = base + rows.cost[a] + rent[rows.offerOf[a]];
            if (at < least) reach(rows.offerOf[a], at, a, holding);
          }
        }
      }
      const from = end >= 0 ? end : aside >= 0 ? offerAt(aside) : -1;
      let amount = Math.min(left[line], end >= 0 ? free[end] : aside >= 0 ? held.unitsOf(aside) : Infinity);
      for (let offer = from; offer >= 0 && by[offer] >= 0; offer = offerAt(by[offer])) amount = Math.min(amount, held.unitsOf(by[offer]));
      settle(least, 1);
      // The line itself is what is cheapest to leave.
      if (from < 0) return;
      if (end >= 0) free[end] -= amount;
      else {
        left[held.lineOf(aside)] += amount;
        held.take(aside, from, amount);
      }
      for (let offer = from; ; ) {
        const holding = by[offer];
        if (holding < 0) {
          held.add(line, offer, via[offer], amount);
          break;
        }
        const [mover, before] = [held.lineOf(holding), offerAt(holding)];
        held.take(holding, before, amount);
        held.add(mover, offer, via[offer], amount);
        offer = before;
      }
      left[line] -= amount;
    }
  };

  /** Finds use for free units that are worth something: the chain of moves into the offer that saves most, until it saves nothing. */
  const fill = (offer: number): void => {
    while (free[offer] > 0 && rent[offer] > 0) {
      let [least, end, hungry, hungryArc, into] = [rent[offer], offer, -1, -1, -1];
      reach(offer, 0, -1, -1);
      for (let to = heap.pop(); to >= 0 && distance[to] < least; to = heap.pop()) {
        looked += 1;
        const here = distance[to];
        if (here + rent[to] < least) [least, end, hungry] = [here + rent[to], to, -1];
        rows.eachBuyer(to, (line) => {
          const first = held.firstOfLine(line);
          if (first < 0 && left[line] === 0) return;
          let arc = rows.start[line];
          while (rows.offerOf[arc] !== to) arc += 1;
          const base = here + rows.cost[arc] + rent[to];
          if (left[line] > 0 && base - rows.penalty[line] < least) [least, hungry, hungryArc, into] = [base - rows.penalty[line], line, arc, to];
          for (let holding = first; holding >= 0; holding = held.nextOfLine(holding)) {
            const from = offerAt(holding);
            const at = base - rows.cost[held.arcOf(holding)] - rent[from];
            if (at < least) reach(from, at, arc, holding);
          }
        });
      }
      const last = hungry >= 0 ? into : end;
      let amount = Math.min(free[offer], hungry >= 0 ? left[hungry] : Infinity);
      for (let at = last; at !== offer; at = rows.offerOf[via[at]]) amount = Math.min(amount, held.unitsOf(by[at]));
      settle(least, -1);
      if (last === offer && hungry < 0) return;
      if (hungry >= 0) {
        held.add(hungry, last, hungryArc, amount);
        left[hungry] -= amount;
      } else free[last] += amount;
      for (let at = last; at !== offer; ) {
        const [holding, arc] = [by[at], via[at]];
        const [line, to] = [held.lineOf(holding), rows.offerOf[arc]];
        held.take(holding, at, amount);
        held.add(line, to, arc, amount);
        at = to;
      }
      free[offer] -= amount;
    }
  };

  const heldBy = (line: number): Held[] => {
    const all: Held[] = [];
    for (let holding = held.firstOfLine(line); holding >= 0; holding = held.nextOfLine(holding)) all.push({ offer: offerAt(holding), units: held.unitsOf(holding) });
    return all.sort((a, b) => a.offer - b.offer);
  };
  const letGo = (line: number): Held[] => {
    const all = heldBy(line);
    for (let holding = held.firstOfLine(line); holding >= 0; holding = held.firstOfLine(line)) held.take(holding, offerAt(holding), held.unitsOf(holding));
    return all;
  };

  return {
    addLine: (quantity, penalty, offers, costs) => {
      const line = rows.addLine(penalty, offers, costs);
      if (line >= left.length) left = longerDoubles(left, 2 * line);
      left[line] = quantity;
      place(line);
      return line;
    },
    withdrawLine: (line) => {
      left[line] = 0;
      const freed = letGo(line);
      for (const { offer, units } of freed) free[offer] += units;
      for (const { offer } of freed) fill(offer);
    },
    addOffer: (capacity, lines, costs) => {
      const offer = rows.offers;
      rows.offers += 1;
      if (offer >= rent.length) {
        [rent, free] = [longerDoubles(rent, 2 * offer), longerDoubles(free, 2 * offer)];
        [distance, via, by, reached] = [longerDoubles(distance, 2 * offer, Infinity), longer(via, 2 * offer), longer(by, 2 * offer), longer(reached, 2 * offer)];
        heap = heapOf(2 * offer, distance);
      }
      // The least rent at which no one would rather have it.
      for (let n = 0; n < lines.length; n += 1) rent[offer] = Math.max(rent[offer], worthOf(lines[n]) - costs[n]);
      for (let n = 0; n < lines.length; n += 1) held.shift(lines[n], rows.addArc(lines[n], offer, costs[n]));
      free[offer] = capacity;
      fill(offer);
      return offer;
    },
    setCapacity: (offer, capacity) => {
      let taken = 0;
      for (let holding = held.firstOfOffer(offer); holding >= 0; holding = held.nextOfOffer(holding)) taken += held.unitsOf(holding);
      free[offer] = capacity - taken;
      const homeless: number[] = [];
      while (free[offer] < 0) {
        const holding = held.firstOfOffer(offer);
        const [line, amount] = [held.lineOf(holding), Math.min(held.unitsOf(holding), -free[offer])];
        held.take(holding, offer, amount);
        free[offer] += amount;
        left[line] += amount;
        homeless.push(line);
      }
      for (const line of homeless) place(line);
      fill(offer);
    },
    commit: letGo,
    heldBy, worthOf,
    unmatchedOf: (line) => left[line],
    rentOf: (offer) => rent[offer],
    cost: () => {
      let sum = 0n;
      for (let line = 0; line < rows.lines; line += 1) {
        if (left[line] > 0) sum += BigInt(left[line]) * BigInt(rows.penalty[line]);
        for (let holding = held.firstOfLine(line); holding >= 0; holding = held.nextOfLine(holding)) sum += BigInt(held.unitsOf(holding)) * BigInt(rows.cost[held.arcOf(holding)]);
      }
      return sum;
    },
    searched: () => looked,
  };
};
