import type { BareMarket } from './bare-market.js';

/** A line of a market written as a table: its costs by offer; `null` = not allowed. */
export type Row = { readonly quantity: number; readonly penalty: number; readonly costs: readonly (number | null)[] };

export const allowed = ({ costs }: Row): { offers: number[]; costs: number[] } => {
  const offers = costs.flatMap((cost, j) => (cost === null ? [] : [j]));
  return { offers, costs: offers.map((j) => costs[j] ?? 0) };
};

/** The arrays of such a market. */
export const bare = (lines: readonly Row[], capacities: readonly number[]): BareMarket => {
  const rows = lines.map(allowed);
  return {
    first: Int32Array.from([0, ...rows.map((_, i) => rows.slice(0, i + 1).reduce((sum, { offers }) => sum + offers.length, 0))]),
    offerOf: Int32Array.from(rows.flatMap(({ offers }) => offers)), cost: Float64Array.from(rows.flatMap(({ costs }) => costs)),
    demand: Float64Array.from(lines, ({ quantity }) => quantity), penalty: Float64Array.from(lines, ({ penalty }) => penalty), capacity: Float64Array.from(capacities),
  };
};
