import { favouring, withoutBonus } from './bonus.js';
import type { Market } from './prepare.js';
import { solvePartWithin, type Part } from './search.js';

/**
 * Spreads a shortage: in every part where something stays unmatched, the largest share of its quantity, in whole per cent, that each line can
 * have (or all that its offers could fill), as long as all parts together cost at most `budget` thousandths of a rial more. Lines that want their
 * least or nothing keep their least where they had it. Answers the parts and the units that each line of a spread part gets at least.
 */
export const spread = (market: Market, parts: readonly Part[], budget: bigint, bonus: bigint): { readonly parts: readonly Part[]; readonly floors: Record<string, number> } => {
  const floors: Record<string, number> = {};
  let left = budget;
  const spreadParts = parts.map((part) => {
    const evened = evenedPart(market, part, left, bonus);
    if (evened === undefined) return part;
    left -= evened.part.objective - part.objective;
    evened.spare.forEach((units, i) => {
      if (units < Infinity) floors[market.lines[part.network.lineIndex[i]].line.id] = part.network.demand[i] - units;
    });
    return evened.part;
  });
  return { parts: spreadParts, floors };
};

type Evened = { readonly part: Part; readonly spare: Float64Array };

const evenedPart = (market: Market, part: Part, budget: bigint, bonus: bigint): Evened | undefined => {
  const { network } = part;
  const lineAt = (i: number) => market.lines[network.lineIndex[i]];
  const shares = Array.from(network.demand, (most, i) => (lineAt(i).leastFill === 0 && part.unmatched[i] > 0 ? Math.floor((100 * (most - part.unmatched[i])) / lineAt(i).line.quantity) : 100));
  const spareAt = (share: number) => (most: number, i: number): number => {
    const { leastFill, line } = lineAt(i);
    if (leastFill > 0) return most - part.unmatched[i] >= leastFill ? most - leastFill : Infinity;
    // Rounded up: a line of few units would be left with none of a small share.
    return most - Math.min(most, Math.ceil((line.quantity * share) / 100));
  };
  let best: Evened | undefined;
  // Even shares above this one are tried; the worst filled line has it already.
  for (let [low, high] = [Math.min(...shares), 100]; low < high; ) {
    const share = Math.ceil((low + high) / 2);
    const spare = Float64Array.from(network.demand, spareAt(share));
    const found = solvePartWithin(market, favouring(market, { ...network, spare }, bonus));
    const tried = found === undefined ? undefined : withoutBonus(found, { ...network, spare }, market, bonus);
    if (tried !== undefined && tried.objective - part.objective <= budget) {
      low = share;
      best = { part: tried, spare };
    } else high = share - 1;
  }
  return best;
};
