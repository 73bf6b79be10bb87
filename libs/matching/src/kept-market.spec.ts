import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { costOfBare, faultsOfBare } from './bare-check.js';
import { allocateBare, type BareMarket } from './bare-market.js';
import { allowed, bare, type Row } from './bare-table.js';
import { keptMarket, type MarketChange } from './kept-market.js';

// Many offers and few arcs a line, so that markets fall into parts which new lines join.
const offers = 7;
const row: fc.Arbitrary<Row> = fc.record({
  quantity: fc.integer({ min: 0, max: 6 }), penalty: fc.integer({ min: 0, max: 40 }),
  costs: fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { freq: 1 }), { minLength: offers, maxLength: offers }).map((costs) => costs.map((cost, j) => (j % 3 === 0 ? cost : j % 3 === (costs[0] ?? 0) % 3 ? cost : null))),
});
/** An offer's cost to every line there is, over and over; `null` = not allowed. */
type Column = { readonly capacity: number; readonly costs: readonly (number | null)[] };
const column = (capacity: number, cost: number): fc.Arbitrary<Column> => fc.record({
  capacity: fc.integer({ min: 0, max: capacity }), costs: fc.array(fc.option(fc.integer({ min: 0, max: cost }), { freq: 1 }), { minLength: 1, maxLength: 12 }),
});
const change = fc.record({
  demand: fc.array(fc.tuple(fc.nat(99), fc.integer({ min: 0, max: 6 })), { maxLength: 3 }), capacity: fc.array(fc.tuple(fc.nat(99), fc.integer({ min: 0, max: 9 })), { maxLength: 3 }), lines: fc.array(row, { maxLength: 4 }),
  offers: fc.array(column(9, 20), { maxLength: 1 }), commit: fc.option(fc.nat(99)),
});

type Step = { readonly demand: readonly [number, number][]; readonly capacity: readonly [number, number][]; readonly lines: readonly Row[]; readonly offers: readonly Column[]; readonly commit: number | null };
/** After every step a kept market stands, and costs what a fresh allocation does. */
const agree = (lines: readonly Row[], capacities: readonly number[], steps: readonly Step[]): void => {
  const [rows, room] = [[...lines], [...capacities]];
  const kept = keptMarket(bare(rows, room));
  const stands = (): void => {
    const [market, found] = [bare(rows, room), kept.allocation()];
    expect(sorted(kept.market())).toEqual(sorted(market));
    expect(faultsOfBare(kept.market(), found)).toEqual([]);
    expect(costOfBare(kept.market(), found)).toBe(costOfBare(market, allocateBare(market)));
  };
  for (const step of steps) {
    const made: MarketChange = {
      demand: step.demand.map(([n, units]) => [n % rows.length, units] as const), capacity: step.capacity.map(([n, units]) => [n % room.length, units] as const),
      lines: step.lines.map((one) => ({ quantity: one.quantity, penalty: one.penalty, ...allowed(one) })),
    };
    for (const [line, units] of made.demand ?? []) rows[line] = { ...rows[line], quantity: units } as Row;
    for (const [offer, units] of made.capacity ?? []) room[offer] = units;
    rows.push(...step.lines);
    const columns = step.offers.map(({ capacity, costs }) => {
      const mine = rows.map((_, i) => costs[i % costs.length] ?? null);
      rows.forEach((one, i) => {
        rows[i] = { ...one, costs: [...Array.from({ length: room.length }, (_, j) => one.costs[j] ?? null), mine[i] ?? null] };
      });
      room.push(capacity);
      const whose = mine.flatMap((cost, i) => (cost === null ? [] : [i]));
      return { capacity, lines: whose, costs: whose.map((i) => mine[i] ?? 0) };
    });
    expect(kept.change({ ...made, offers: columns })).toBe(kept.allocation());
    stands();
    if (step.commit === null) continue;
    const line = step.commit % rows.length;
    for (const { offer, units } of kept.commit(line)) {
      rows[line] = { ...rows[line], quantity: (rows[line]?.quantity ?? 0) - units } as Row;
      room[offer] = (room[offer] ?? 0) - units;
    }
    expect(kept.heldBy(line)).toEqual([]);
    stands();
  }
};

/** A market whose rows name their offers in order. */
const sorted = ({ first, offerOf, cost, ...rest }: BareMarket): unknown => ({
  ...rest, rows: Array.from(rest.demand, (_, i) => Array.from(offerOf.subarray(first[i], first[i + 1]), (offer, k) => [offer, cost[(first[i] ?? 0) + k]] as const).sort((a, b) => a[0] - b[0])),
});

describe('a market that is kept', () => {
  it('costs after every change what a fresh allocation does, and is proven', () => {
    fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), fc.array(fc.integer({ min: 0, max: 9 }), { minLength: offers, maxLength: offers }), fc.array(change, { minLength: 1, maxLength: 6 }), agree), { numRuns: 1_500 });
  });

  it('does so for a wide part whose offers lose and win much at once, and to which more lines come than it had', () => {
    const wide: fc.Arbitrary<Row> = fc.record({
      quantity: fc.integer({ min: 0, max: 30 }), penalty: fc.constantFrom(60, 1_000), costs: fc.array(fc.option(fc.integer({ min: 0, max: 50 }), { freq: 6 }), { minLength: offers, maxLength: offers }),
    });
    const rush = fc.record({
      demand: fc.array(fc.tuple(fc.nat(999), fc.integer({ min: 0, max: 30 })), { maxLength: 6 }), capacity: fc.array(fc.tuple(fc.nat(offers - 1), fc.integer({ min: 0, max: 600 })), { minLength: 1, maxLength: 3 }),
      lines: fc.array(wide, { maxLength: 40 }), offers: fc.array(column(400, 50), { maxLength: 2 }), commit: fc.option(fc.nat(999)),
    });
    fc.assert(fc.property(fc.array(wide, { minLength: 60, maxLength: 60 }), fc.array(fc.integer({ min: 0, max: 400 }), { minLength: offers, maxLength: offers }), fc.array(rush, { minLength: 3, maxLength: 5 }), agree), { numRuns: 60 });
  });

  it('never moves what was agreed', () => {
    const kept = keptMarket(bare([{ quantity: 4, penalty: 50, costs: [1, 9] }], [4, 4]));
    expect(kept.commit(0)).toEqual([{ offer: 0, units: 4 }]);
    // It would pay to move the first line for this one; it stays all the same.
    kept.change({ lines: [{ quantity: 4, penalty: 50, offers: [0, 1], costs: [1, 30] }] });
    expect(kept.heldBy(1)).toEqual([{ offer: 1, units: 4 }]);
  });

  it('leaves the given arrays alone', () => {
    const market = bare([{ quantity: 3, penalty: 9, costs: [1, null, null, null, null, null, null] }], [2, 0, 0, 0, 0, 0, 0]);
    const before = structuredClone(market);
    keptMarket(market).change({ demand: [[0, 5]], capacity: [[0, 4]], lines: [{ quantity: 1, penalty: 5, offers: [0], costs: [2] }] });
    expect(market).toEqual(before);
  });
});
