import type { BareAllocation, BareMarket } from './bare-market.js';

/** What the allocation costs, in thousandths of a rial, summed without loss. */
export const costOfBare = (market: BareMarket, { arc, units, unmatched }: BareAllocation): bigint => {
  let sum = 0n;
  for (let slot = 0; slot < arc.length; slot += 1) if (units[slot] !== 0) sum += BigInt(units[slot]) * BigInt(market.cost[arc[slot]]);
  for (let i = 0; i < unmatched.length; i += 1) if (unmatched[i] !== 0) sum += BigInt(unmatched[i]) * BigInt(market.penalty[i]);
  return sum;
};

/**
 * Checks an allocation without trusting the solver: units are whole and add up, nothing is oversold, and the dual prices bound the cost from
 * below by exactly what it is, which proves that none costs less. Answers the faults; none means the allocation stands.
 */
export const faultsOfBare = (market: BareMarket, allocation: BareAllocation): string[] => {
  const { first, offerOf, cost, demand, capacity, penalty } = market;
  const { arc, units, unmatched, worth, rent } = allocation;
  const faults: string[] = [];
  const lineOf = new Int32Array(cost.length);
  for (let i = 0; i < demand.length; i += 1) lineOf.fill(i, first[i], first[i + 1]);
  const [need, free] = [demand.slice(), capacity.slice()];
  for (let slot = 0; slot < arc.length; slot += 1) {
    if (units[slot] === 0) continue;
    if (!(Number.isSafeInteger(units[slot]) && units[slot] > 0)) faults.push(`slot ${slot}: ${units[slot]} units`);
    need[lineOf[arc[slot]]] -= units[slot];
    free[offerOf[arc[slot]]] -= units[slot];
  }
  for (let i = 0; i < need.length; i += 1) if (need[i] !== unmatched[i] || need[i] < 0) faults.push(`line ${i}: matched and unmatched do not add up`);
  for (let j = 0; j < free.length; j += 1) if (free[j] < 0) faults.push(`offer ${j}: oversold`);
  let bound = 0n;
  for (let j = 0; j < rent.length; j += 1) {
    if (!(rent[j] >= 0)) faults.push(`offer ${j}: a negative rent`);
    else if (rent[j] > 0) bound -= BigInt(rent[j]) * BigInt(capacity[j]);
  }
  for (let i = 0; i < worth.length; i += 1) {
    if (!(worth[i] <= penalty[i])) faults.push(`line ${i}: worth more than its penalty`);
    else bound += BigInt(worth[i]) * BigInt(demand[i]);
    for (let a = first[i]; a < first[i + 1]; a += 1) if (!(cost[a] + rent[offerOf[a]] >= worth[i])) faults.push(`line ${i}: offer ${offerOf[a]} would be cheaper`);
  }
  if (faults.length === 0 && bound !== costOfBare(market, allocation)) faults.push('the dual prices do not prove the allocation');
  return faults;
};
