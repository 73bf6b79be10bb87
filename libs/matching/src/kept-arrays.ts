import { emptyAllocation, type BareAllocation, type BareMarket } from './bare-market.js';
import type { MarketChange } from './kept-market.js';
import { longer, longerDoubles } from './longer.js';

/** A copy of a market with room for a sixteenth more than so many lines and arcs. */
export const roomFor = ({ first, offerOf, cost, demand, penalty, capacity }: BareMarket, lines: number, arcs: number): BareMarket => {
  const [more, moreArcs] = [lines + (lines >> 4) + 16, arcs + (arcs >> 4) + 64];
  return {
    first: longer(first, more + 1), offerOf: longer(offerOf, moreArcs), cost: longerDoubles(cost, moreArcs), demand: longerDoubles(demand, more), penalty: longerDoubles(penalty, more),
    capacity: capacity.slice(),
  };
};

export const viewOf = ({ first, offerOf, cost, demand, penalty, capacity }: BareMarket, lines: number, arcs: number): BareMarket => ({
  first: first.subarray(0, lines + 1), offerOf: offerOf.subarray(0, arcs), cost: cost.subarray(0, arcs), demand: demand.subarray(0, lines), penalty: penalty.subarray(0, lines), capacity,
});

export const writeLines = ({ first, offerOf, cost, demand, penalty }: BareMarket, from: number, arcsFrom: number, lines: NonNullable<MarketChange['lines']>): void => {
  let at = arcsFrom;
  for (const [n, line] of lines.entries()) {
    [demand[from + n], penalty[from + n]] = [line.quantity, line.penalty];
    offerOf.set(line.offers, at);
    cost.set(line.costs, at);
    at += line.offers.length;
    first[from + n + 1] = at;
  }
};

/** Nothing allocated yet, with as much room as the market has. */
export const allocationFor = (market: BareMarket): BareAllocation => emptyAllocation(market, (bytes) => new ArrayBuffer(bytes + (bytes >> 4) + 128));

/** The allocation with places for the new lines, unmatched as yet; offers' places move behind them. In the same buffers where they have room. */
export const withLines = (found: BareAllocation, before: number, market: BareMarket): BareAllocation => {
  const [lines, offers] = [market.demand.length, market.capacity.length];
  if (found.units.buffer.byteLength < 8 * (lines + offers) || found.arc.buffer.byteLength < 4 * (lines + offers) || found.worth.buffer.byteLength < 8 * lines) {
    const grown = allocationFor(market);
    grown.arc.set(found.arc.subarray(0, before));
    grown.arc.set(found.arc.subarray(before), lines);
    grown.units.set(found.units.subarray(0, before));
    grown.units.set(found.units.subarray(before), lines);
    grown.unmatched.set(found.unmatched);
    grown.worth.set(found.worth);
    grown.rent.set(found.rent);
    return grown;
  }
  const longerBy = (array: Float64Array, length: number): Float64Array => new Float64Array(array.buffer, 0, length);
  const [arc, units] = [new Int32Array(found.arc.buffer, 0, lines + offers), longerBy(found.units, lines + offers)];
  const [unmatched, worth] = [longerBy(found.unmatched, lines), longerBy(found.worth, lines)];
  arc.copyWithin(lines, before, before + offers).fill(-1, before, lines);
  units.copyWithin(lines, before, before + offers).fill(0, before, lines);
  unmatched.set(market.demand.subarray(before), before);
  worth.set(market.penalty.subarray(before), before);
  return { arc, units, unmatched, worth, rent: found.rent };
};
