import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { costOfBare, faultsOfBare } from './bare-check.js';
import { allocateBare, type BareMarket } from './bare-market.js';
import { standingMarket } from './standing-market.js';

type Row = { quantity: number; penalty: number; costs: (number | null)[] };
type World = { lines: Row[]; capacities: number[] };

/** The arrays of a market written as a table; `null` = not allowed. */
const bare = ({ lines, capacities }: World): BareMarket => {
  const [first, offerOf, cost]: [number[], number[], number[]] = [[0], [], []];
  for (const { costs } of lines) {
    costs.forEach((value, j) => {
      if (value === null) return;
      offerOf.push(j);
      cost.push(value);
    });
    first.push(offerOf.length);
  }
  return {
    first: Int32Array.from(first), offerOf: Int32Array.from(offerOf), cost: Float64Array.from(cost), capacity: Float64Array.from(capacities),
    demand: Float64Array.from(lines, ({ quantity }) => quantity), penalty: Float64Array.from(lines, ({ penalty }) => penalty),
  };
};

const least = (world: World): bigint => {
  const market = bare(world);
  const found = allocateBare(market);
  expect(faultsOfBare(market, found)).toEqual([]);
  return costOfBare(market, found);
};

const rowOf = (offers: number): fc.Arbitrary<Row> => fc.record({
  quantity: fc.integer({ min: 0, max: 6 }), penalty: fc.integer({ min: 0, max: 40 }),
  costs: fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { freq: 4 }), { minLength: offers, maxLength: offers }),
});
const worlds = fc.integer({ min: 1, max: 5 }).chain((offers) => fc.record({
  lines: fc.array(rowOf(offers), { minLength: 1, maxLength: 8 }), capacities: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: offers, maxLength: offers }),
}));
/** A change is read against what is there: numbers are taken modulo. */
const changes = fc.array(fc.record({ what: fc.constantFrom('line', 'line', 'withdraw', 'offer', 'capacity', 'commit'), one: fc.nat(99), row: rowOf(12), capacity: fc.integer({ min: 0, max: 9 }) }), { minLength: 1, maxLength: 10 });

const apply = (world: World, standing: ReturnType<typeof standingMarket>, { what, one, row, capacity }: { what: string; one: number; row: Row; capacity: number }): void => {
  const allowed = (costs: readonly (number | null)[]): [number[], number[]] => {
    const numbers = costs.flatMap((value, n) => (value === null ? [] : [n]));
    return [numbers, numbers.map((n) => costs[n] ?? 0)];
  };
  if (what === 'line') {
    const costs = row.costs.slice(0, world.capacities.length);
    while (costs.length < world.capacities.length) costs.push(null);
    world.lines.push({ ...row, costs });
    standing.addLine(row.quantity, row.penalty, ...allowed(costs));
  } else if (what === 'withdraw') {
    const line = one % world.lines.length;
    world.lines[line].quantity = 0;
    standing.withdrawLine(line);
  } else if (what === 'capacity') {
    const offer = one % world.capacities.length;
    world.capacities[offer] = capacity;
    standing.setCapacity(offer, capacity);
  } else if (what === 'offer') {
    const costs = world.lines.map((_, i) => row.costs[i % row.costs.length]);
    world.lines.forEach((line, i) => line.costs.push(costs[i]));
    world.capacities.push(capacity);
    standing.addOffer(capacity, ...allowed(costs));
  } else {
    const line = one % world.lines.length;
    for (const { offer, units } of standing.commit(line)) {
      world.lines[line].quantity -= units;
      world.capacities[offer] -= units;
    }
  }
};

describe('a standing market', () => {
  it('costs after every change exactly what a fresh allocation would', () => {
    fc.assert(fc.property(worlds, changes, (given, steps) => {
      const world: World = { lines: given.lines.map((line) => ({ ...line, costs: [...line.costs] })), capacities: [...given.capacities] };
      const market = bare(world);
      const standing = standingMarket(market, allocateBare(market));
      for (const step of steps) {
        apply(world, standing, step);
        expect(standing.cost()).toBe(least(world));
      }
    }), { numRuns: 1500 });
  });

  it('is solved again from an earlier basis to the same cost, whatever has changed', () => {
    const again = fc.record({ quantity: fc.integer({ min: 0, max: 6 }), penalty: fc.integer({ min: 0, max: 40 }), cost: fc.integer({ min: 0, max: 20 }), capacity: fc.integer({ min: 0, max: 9 }) });
    fc.assert(fc.property(worlds, fc.array(again, { minLength: 1, maxLength: 9 }), fc.integer({ min: 0, max: 4 }), (given, others, every) => {
      const early = bare(given);
      const found = allocateBare({ ...early, first: early.first.subarray(0, early.first.length - (early.first.length > 2 ? 1 : 0)), demand: early.demand.subarray(0, Math.max(1, early.demand.length - 1)), penalty: early.penalty.subarray(0, Math.max(1, early.demand.length - 1)) });
      const changed = <K extends keyof (typeof others)[0]>(array: Float64Array, field: K): Float64Array => array.map((value, n) => (n % 5 >= every ? value : others[n % others.length][field]));
      const late: BareMarket = { ...early, demand: changed(early.demand, 'quantity'), penalty: changed(early.penalty, 'penalty'), cost: changed(early.cost, 'cost'), capacity: changed(early.capacity, 'capacity') };
      const warm = allocateBare(late, found);
      expect(faultsOfBare(late, warm)).toEqual([]);
      expect(costOfBare(late, warm)).toBe(costOfBare(late, allocateBare(late)));
    }), { numRuns: 3000 });
  });

  it('does not look at parts that a change does not touch', () => {
    // Two articles; all of the second is contested.
    const lines = [{ quantity: 5, penalty: 99, costs: [1, null] }, ...Array.from({ length: 9 }, (_, n) => ({ quantity: 5, penalty: 99 - n, costs: [null, 1] }))];
    const market = bare({ lines, capacities: [6, 20] });
    const standing = standingMarket(market, allocateBare(market));
    const before = lines.map((_, i) => standing.heldBy(i));
    standing.addLine(1, 99, [0], [2]);
    expect(standing.searched()).toBe(1);
    expect(lines.map((_, i) => standing.heldBy(i))).toEqual(before);
  });

  it('never moves what was committed', () => {
    const market = bare({ lines: [{ quantity: 4, penalty: 50, costs: [1, 9] }], capacities: [4, 4] });
    const standing = standingMarket(market, allocateBare(market));
    expect(standing.commit(0)).toEqual([{ offer: 0, units: 4 }]);
    // It would pay to move the first line for this one; it stays all the same.
    const later = standing.addLine(4, 50, [0, 1], [1, 30]);
    expect(standing.heldBy(later)).toEqual([{ offer: 1, units: 4 }]);
  });

  it('is proved by its check, and a tampered allocation is not', () => {
    const market = bare({ lines: [{ quantity: 8, penalty: 50, costs: [4, 9] }], capacities: [5, 9] });
    const found = allocateBare(market);
    expect(faultsOfBare(market, found)).toEqual([]);
    expect(faultsOfBare(market, { ...found, units: found.units.map((units) => units && units + 1) })).not.toEqual([]);
    expect(faultsOfBare(market, { ...found, rent: found.rent.map((rent) => rent + 1) })).not.toEqual([]);
    expect(faultsOfBare(market, { ...found, worth: found.worth.map((worth) => worth - 1) })).not.toEqual([]);
    expect(faultsOfBare(market, { ...found, unmatched: found.unmatched.map((units) => units + 1) })).not.toEqual([]);
  });
});
