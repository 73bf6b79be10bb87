import { createRequire } from 'node:module';

import { describe, expect, it } from '@jest/globals';
import type { Highs } from 'highs';

import type { MarketInstance } from './instance.js';
import { networksOf, type Network } from './network.js';
import { prepare, type Market } from './prepare.js';
import { anOffer, aLine, priced } from './sample-instance.js';
import { seeded } from './seeded.js';
import { solveMarket } from './solve-market.js';
import { verifyAllocation } from './verify.js';

// Its types name a default export that is not there for an ES module.
const load = createRequire(import.meta.url)('highs') as () => Promise<Highs>;

/** Markets in which offers cost something to set up, many of them degenerate: nothing to sell, ties, costs of nothing or above all else. */
const setUpMarket = (seed: number): MarketInstance => {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const stated = random() < 0.5;
  const cap = random() < 0.3 ? 50 : undefined;
  return {
    asOf: '2026-08-23',
    lines: Array.from({ length: 1 + below(9) }, (_, i) => aLine({ id: `l${i}`, quantity: 1 + below(20), ...(stated ? { unmatchedPenalty: String(below(60)) } : {}), ...(cap === undefined ? {} : { shareCap: cap }), ...(random() < 0.3 ? { maximumSuppliers: 1 } : {}) })),
    offers: Array.from({ length: 1 + below(6) }, (_, j) => anOffer({ id: `o${j}`, sellerId: `s${j}`, capacity: random() < 0.1 ? 0 : below(40), ...priced(1 + below(random() < 0.4 ? 3 : 40)), ...(random() < 0.8 ? { fixedCost: String(below(random() < 0.2 ? 2_000 : 150)) } : {}) })),
  };
};

/** One part as a mixed-integer programme: y sets an offer up, z lets a line that may have one seller use an arc. */
const programme = ({ lines }: Market, { first, offerOf, cost, high, demand, penalty, capacity, setUp, lineIndex }: Network): string => {
  const [objective, rows, binary]: [string[], string[], string[]] = [[], [], []];
  const sold = Array.from(capacity, (): string[] => []);
  demand.forEach((units, i) => {
    const arcs = Array.from({ length: first[i + 1] - first[i] }, (_, n) => first[i] + n);
    objective.push(`${penalty[i]} u${i}`);
    rows.push(`${[`u${i}`, ...arcs.map((a) => `x${a}`)].join(' + ')} = ${units}`);
    for (const a of arcs) {
      objective.push(`${cost[a]} x${a}`);
      sold[offerOf[a]].push(`x${a}`);
      rows.push(`x${a} - ${high[a]} z${a} <= 0`);
      binary.push(`z${a}`);
    }
    rows.push(`${arcs.map((a) => `z${a}`).join(' + ')} <= ${lines[lineIndex[i]].line.maximumSuppliers ?? arcs.length}`);
  });
  sold.forEach((terms, j) => {
    objective.push(`${setUp?.fixed[j] ?? 0n} y${j}`);
    rows.push(`${terms.join(' + ')} - ${capacity[j]} y${j} <= 0`);
    binary.push(`y${j}`);
  });
  return `Minimize\n obj: ${objective.join(' + ')}\nSubject To\n ${rows.join('\n ')}\nBinary\n ${binary.join(' ')}\nEnd\n`;
};

describe('the bound of markets with fixed costs', () => {
  it('never lies above what HiGHS finds to be the least, and the answer never below', async () => {
    const highs = await load();
    let tight = 0;
    const instances = 250;
    for (let seed = 1; seed <= instances; seed += 1) {
      const instance = setUpMarket(seed);
      const found = solveMarket(instance);
      expect(verifyAllocation(instance, found)).toEqual([]);
      const market = prepare(instance);
      const least = networksOf(market).networks.reduce((sum, network) => {
        const { Status, ObjectiveValue } = highs.solve(programme(market, network), { mip_rel_gap: 0 });
        expect(Status).toBe('Optimal');
        return sum + ObjectiveValue + Number(network.fixed);
      }, 0);
      // HiGHS reckons in doubles; what is compared are thousandths of a rial.
      const slack = 1 + 1e-6 * least;
      expect(Number(found.certificate.proven)).toBeLessThanOrEqual(least + slack);
      expect(Number(found.certificate.bound)).toBeLessThanOrEqual(least + slack);
      expect(Number(found.certificate.objective)).toBeGreaterThanOrEqual(least - slack);
      if (Number(found.certificate.proven) >= 0.98 * least) tight += 1;
    }
    expect(tight / instances).toBeGreaterThan(0.5);
  }, 120_000);

  it('is rejected by the checker where the dual prices do not prove it', () => {
    const instance = setUpMarket(3);
    const found = solveMarket(instance);
    const { certificate } = found;
    expect(verifyAllocation(instance, found)).toEqual([]);
    expect(verifyAllocation(instance, { ...found, certificate: { ...certificate, proven: String(BigInt(certificate.proven) + 1n) } })).not.toEqual([]);
    expect(verifyAllocation(instance, { ...found, certificate: { ...certificate, bound: String(BigInt(certificate.proven) - 1n) } })).not.toEqual([]);
  });

  it('lets a policy stop at a gap that is good enough, and says so', () => {
    const instance = { ...setUpMarket(7), policy: { enoughGap: 10_000 } };
    const found = solveMarket(instance);
    expect(found.work.nodes).toBe(0);
    expect(verifyAllocation(instance, found)).toEqual([]);
  });
});
