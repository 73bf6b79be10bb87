import { createRequire } from 'node:module';

import { describe, expect, it } from '@jest/globals';
import type { Highs } from 'highs';

import { costOfBare, faultsOfBare } from './bare-check.js';
import { allocateBare, type BareMarket } from './bare-market.js';
import { solveExactFlow } from './exact-flow.js';
import { seeded } from './seeded.js';

// Its types name a default export that is not there for an ES module.
const load = createRequire(import.meta.url)('highs') as () => Promise<Highs>;

/** `MATCH_INSTANCES=10000 npm run jest -- libs/matching/src/rivals` tries as many of each kind; without it so many that a run stays short. */
const instances = Number(process.env.MATCH_INSTANCES ?? 2_000);

/** Small markets, many of them degenerate: ties, offers without capacity, lines without offers, a single offer, quantities of nothing. */
const smallMarket = (random: () => number, dearest: number): BareMarket => {
  const below = (limit: number): number => Math.floor(random() * limit);
  const [lines, offers] = [1 + below(6), 1 + below(5)];
  const prices = random() < 0.4 ? 3 : dearest;
  const [first, offerOf, cost]: [number[], number[], number[]] = [[0], [], []];
  const density = random();
  for (let i = 0; i < lines; i += 1) {
    for (let j = 0; j < offers; j += 1) {
      if (random() > density) continue;
      offerOf.push(j);
      cost.push(below(prices));
    }
    first.push(offerOf.length);
  }
  const penalties = random() < 0.5 ? prices : 4 * prices;
  return {
    first: Int32Array.from(first), offerOf: Int32Array.from(offerOf), cost: Float64Array.from(cost), demand: Float64Array.from({ length: lines }, () => below(7)),
    penalty: Float64Array.from({ length: lines }, () => below(penalties)), capacity: Float64Array.from({ length: offers }, () => (random() < 0.2 ? 0 : below(12))),
  };
};

/** Many markets side by side as one linear programme; their corners are whole, so each market's own cost can be read from it. */
const programme = (markets: readonly BareMarket[]): string => {
  const [objective, rows]: [string[], string[]] = [[], []];
  markets.forEach(({ first, offerOf, cost, demand, capacity, penalty }, m) => {
    const sold = Array.from(capacity, (): string[] => []);
    demand.forEach((units, i) => {
      const terms = [`u${m}_${i}`];
      objective.push(`+ ${penalty[i]} u${m}_${i}`);
      for (let a = first[i]; a < first[i + 1]; a += 1) {
        objective.push(`+ ${cost[a]} x${m}_${a}`);
        terms.push(`x${m}_${a}`);
        sold[offerOf[a]].push(`x${m}_${a}`);
      }
      rows.push(`${terms.join(' + ')} = ${units}`);
    });
    sold.forEach((terms, j) => {
      if (terms.length > 0) rows.push(`${terms.join(' + ')} <= ${capacity[j]}`);
    });
  });
  return `Minimize\n obj: ${objective.join('\n ')}\nSubject To\n ${rows.join('\n ')}\nEnd\n`;
};

const byHighs = (markets: readonly BareMarket[], columns: Readonly<Record<string, object>>): bigint[] => markets.map(({ cost, penalty }, m) => {
  const units = (name: string): bigint => {
    const column = columns[name];
    return column !== undefined && 'Primal' in column ? BigInt(Math.round(Number(column.Primal))) : 0n;
  };
  return cost.reduce((sum, each, a) => sum + BigInt(each) * units(`x${m}_${a}`), 0n) + penalty.reduce((sum, each, i) => sum + BigInt(each) * units(`u${m}_${i}`), 0n);
});

const proven = (market: BareMarket): bigint => {
  const found = allocateBare(market);
  expect(faultsOfBare(market, found)).toEqual([]);
  return costOfBare(market, found);
};

describe('the exact solver', () => {
  it('answers what HiGHS does, up to prices of 10⁹', async () => {
    const highs = await load();
    const random = seeded(11);
    for (let done = 0; done < instances; done += 200) {
      const markets = Array.from({ length: 200 }, () => smallMarket(random, 10 ** (1 + Math.floor(random() * 9))));
      const { Status, Columns } = highs.solve(programme(markets));
      expect(Status).toBe('Optimal');
      expect(markets.map(proven)).toEqual(byHighs(markets, Columns));
    }
  });

  it('answers what the plain solver in bigint does, beyond', () => {
    const random = seeded(12);
    for (let done = 0; done < instances; done += 1) {
      const market = smallMarket(random, 10 ** (10 + Math.floor(random() * 4)));
      const network = {
        ...market, low: new Float64Array(market.cost.length), high: new Float64Array(market.cost.length).fill(Infinity), lineIndex: new Int32Array(0), offerIndex: new Int32Array(0), fixed: 0n,
        exact: { cost: Array.from(market.cost, BigInt), penalty: Array.from(market.penalty, BigInt) },
      };
      const flow = solveExactFlow(network);
      if (flow === undefined) throw new Error('Without lower bounds there is always an answer');
      const least = flow.quantity.reduce((sum, units, a) => sum + BigInt(units) * BigInt(market.cost[a]), 0n) + flow.unmatched.reduce((sum, units, i) => sum + BigInt(units) * BigInt(market.penalty[i]), 0n);
      expect(proven(market)).toBe(least);
    }
  });
});
