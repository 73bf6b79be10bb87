import type { FairnessReport } from './allocation.js';
import { favouring, isSmall, withoutBonus } from './bonus.js';
import type { Fairness } from './instance.js';
import { costAt, type Network } from './network.js';
import type { Market } from './prepare.js';
import { solvePart, type Part } from './search.js';
import { spread } from './spread.js';

type Solved = { readonly parts: readonly Part[]; readonly fairness?: { readonly report: Omit<FairnessReport, 'least'>; readonly least: readonly Part[] } };
type Trial = { readonly bonus: bigint; readonly parts: readonly Part[]; readonly small: number; readonly matched: number; readonly cost: bigint; readonly spent: bigint };

/**
 * Solves the parts, and where the policy keeps a share for small units, gives them the smallest bonus per unit that reaches it within the
 * tolerance. The more bonus, the more share and the more cost, so both ends are found by halving; the same instance gives the same bonus.
 */
export const solveFairly = (market: Market, networks: readonly Network[]): Solved => {
  const plain = networks.map((network) => solvePart(market, network));
  const { fairness } = market.policy;
  if (fairness === undefined) return { parts: plain };
  const share = withShare(market, networks, plain, fairness);
  if (fairness.maxMinFill !== true) return { parts: share.parts, fairness: { report: reportOf(share, fairness), least: plain } };
  const { parts, floors } = spread(market, share.parts, budgetLeft(plain, share.parts, fairness), BigInt(share.bonus));
  const evened = { ...share, parts, ...unitsOf(market, parts) };
  return { parts, fairness: { report: { ...reportOf(evened, fairness), ...(Object.keys(floors).length === 0 ? {} : { floors }) }, least: plain } };
};

const reportOf = ({ bonus, small, matched }: Pick<Trial, 'bonus' | 'small' | 'matched'>, { floorShare }: Fairness): Omit<FairnessReport, 'least'> =>
  ({ bonus: String(bonus), small, matched, reached: small * 100 >= floorShare * matched });

/** Thousandths of a rial that a spread may cost beside what the share of small units does. */
const budgetLeft = (plain: readonly Part[], parts: readonly Part[], { tolerance }: Fairness): bigint => {
  const sum = (of: readonly Part[], value: (part: Part) => bigint): bigint => of.reduce((total, part) => total + value(part), 0n);
  return (sum(plain, spentOn) * BigInt(tolerance)) / 10_000n - (sum(parts, ({ objective }) => objective) - sum(plain, ({ bound }) => bound));
};

/** The solution with the smallest bonus for small units that reaches their share within the tolerance. */
const withShare = (market: Market, networks: readonly Network[], plain: readonly Part[], fairness: Fairness): Trial => {
  const weigh = (bonus: bigint, parts: readonly Part[]): Trial => ({ bonus, parts, ...unitsOf(market, parts), cost: parts.reduce((sum, part) => sum + part.objective, 0n), spent: parts.reduce((sum, part) => sum + spentOn(part), 0n) });
  const least = weigh(0n, plain);
  const bound = plain.reduce((sum, part) => sum + part.bound, 0n);
  const enough = ({ small, matched }: Trial): boolean => small * 100 >= fairness.floorShare * matched;
  const affordable = ({ cost, spent }: Trial): boolean => (cost - bound) * 10_000n <= spent * BigInt(fairness.tolerance);
  const attempt = (bonus: bigint): Trial => weigh(bonus, networks.map((network) => withoutBonus(solvePart(market, favouring(market, network, bonus)), network, market, bonus)));

  let best = least;
  // A bonus above the dearest unit decides every comparison between a small unit and another.
  let [low, high] = [0n, networks.reduce((most, { cost }) => cost.reduce((value, next) => Math.max(value, next), most), 0) + 1].map(BigInt);
  while (!enough(best) && low < high) {
    const middle = (low + high + 1n) / 2n;
    const trial = attempt(middle);
    if (affordable(trial) && !enough(trial)) {
      low = middle;
      best = trial;
    } else if (affordable(trial)) {
      // It reaches the share: is there a smaller one that does?
      best = smallest(low, trial, attempt, (one) => enough(one) && affordable(one));
      break;
    } else high = middle - 1n;
  }
  return best;
};

/** The trial of the smallest bonus above `below` that will do, given one that does. */
const smallest = (below: bigint, given: Trial, attempt: (bonus: bigint) => Trial, willDo: (trial: Trial) => boolean): Trial => {
  let [low, best] = [below, given];
  while (best.bonus - low > 1n) {
    const trial = attempt((low + best.bonus) / 2n);
    if (willDo(trial)) best = trial;
    else low = trial.bonus;
  }
  return best;
};

/** What the matches cost, without what is charged for units left. */
const spentOn = ({ network, quantity }: Part): bigint => {
  let sum = 0n;
  for (let arc = 0; arc < quantity.length; arc += 1) if (quantity[arc] > 0) sum += BigInt(quantity[arc]) * costAt(network, arc) + (network.entry?.fixed[arc] ?? 0n);
  return sum;
};

const unitsOf = (market: Market, parts: readonly Part[]): { small: number; matched: number } => {
  let [small, matched] = [0, 0];
  for (const { network, quantity } of parts)
    for (let arc = 0; arc < quantity.length; arc += 1) {
      matched += quantity[arc];
      if (quantity[arc] > 0 && isSmall(market, network, arc)) small += quantity[arc];
    }
  return { small, matched };
};
