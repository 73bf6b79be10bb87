import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { costOfBare, faultsOfBare } from './bare-check.js';
import { allocateBare, type BareMarket } from './bare-market.js';
import { bare, type Row } from './bare-table.js';

const rowOf = (offers: number): fc.Arbitrary<Row> => fc.record({
  quantity: fc.integer({ min: 0, max: 6 }), penalty: fc.integer({ min: 0, max: 40 }),
  costs: fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { freq: 4 }), { minLength: offers, maxLength: offers }),
});
const worlds = fc.integer({ min: 1, max: 5 }).chain((offers) => fc.record({
  lines: fc.array(rowOf(offers), { minLength: 1, maxLength: 8 }), capacities: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: offers, maxLength: offers }),
}));

describe('an allocation as arrays', () => {
  it('is solved again from an earlier basis to the same cost, whatever has changed', () => {
    const again = fc.record({ quantity: fc.integer({ min: 0, max: 6 }), penalty: fc.integer({ min: 0, max: 40 }), cost: fc.integer({ min: 0, max: 20 }), capacity: fc.integer({ min: 0, max: 9 }) });
    fc.assert(fc.property(worlds, fc.array(again, { minLength: 1, maxLength: 9 }), fc.integer({ min: 0, max: 4 }), (given, others, every) => {
      const early = bare(given.lines, given.capacities);
      const found = allocateBare({ ...early, first: early.first.subarray(0, early.first.length - (early.first.length > 2 ? 1 : 0)), demand: early.demand.subarray(0, Math.max(1, early.demand.length - 1)), penalty: early.penalty.subarray(0, Math.max(1, early.demand.length - 1)) });
      const changed = <K extends keyof (typeof others)[0]>(array: Float64Array, field: K): Float64Array => array.map((value, n) => (n % 5 >= every ? value : others[n % others.length][field]));
      const late: BareMarket = { ...early, demand: changed(early.demand, 'quantity'), penalty: changed(early.penalty, 'penalty'), cost: changed(early.cost, 'cost'), capacity: changed(early.capacity, 'capacity') };
      const warm = allocateBare(late, found);
      expect(faultsOfBare(late, warm)).toEqual([]);
      expect(costOfBare(late, warm)).toBe(costOfBare(late, allocateBare(late)));
    }), { numRuns: 3000 });
  });

  it('is proved by its check, and a tampered allocation is not', () => {
    const market = bare([{ quantity: 8, penalty: 50, costs: [4, 9] }], [5, 9]);
    const found = allocateBare(market);
    expect(faultsOfBare(market, found)).toEqual([]);
    expect(faultsOfBare(market, { ...found, units: found.units.map((units) => units && units + 1) })).not.toEqual([]);
    expect(faultsOfBare(market, { ...found, rent: found.rent.map((rent) => rent + 1) })).not.toEqual([]);
    expect(faultsOfBare(market, { ...found, worth: found.worth.map((worth) => worth - 1) })).not.toEqual([]);
    expect(faultsOfBare(market, { ...found, unmatched: found.unmatched.map((units) => units + 1) })).not.toEqual([]);
  });
});
