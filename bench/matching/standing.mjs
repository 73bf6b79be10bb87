// The market as it lives: a change of one per cent, and single lines that come one after another.
import { allocateBare, costOfBare, standingMarket } from '@peyvand/matching';
import { mulberry } from './retail-market.mjs';

/** Holds the market without its last lines, then brings changes: half of the per cent are new lines, half withdrawn; one offer in a hundred changes its capacity. */
export function benchStanding(market, runs) {
  const [cold, warm] = [[], []];
  let single = [];
  let agreed = true;
  for (let run = 0; run < runs; run += 1) {
    const plan = planOf(market, run + 1);
    const began = process.cpuUsage();
    const found = allocateBare(plan.before);
    cold.push(cpuSince(began));
    const standing = standingMarket(plan.before, found);
    const from = process.cpuUsage();
    for (const { offer, capacity } of plan.capacities) standing.setCapacity(offer, capacity);
    for (const line of plan.withdrawn) standing.withdrawLine(line);
    for (const line of plan.added) standing.addLine(line.quantity, line.penalty, line.offers, line.costs);
    warm.push(cpuSince(from));
    agreed &&= standing.cost() === costOfBare(plan.after, allocateBare(plan.after));
    single = plan.singles.map((line) => {
      const start = process.cpuUsage();
      const wall = performance.now();
      standing.addLine(line.quantity, line.penalty, line.offers, line.costs);
      return { cpu: cpuSince(start), wall: performance.now() - wall };
    });
  }
  const at = (rows, share) => rows.sort((a, b) => a - b)[Math.floor((rows.length - 1) * share)];
  const [coldCpu, warmCpu] = [at(cold, 0.5), at(warm, 0.5)];
  return {
    agreed, coldCpu, warmCpu, share: warmCpu / coldCpu,
    newLine: { lines: single.length, offers: market.capacity.length, p50: at(single.map(({ wall }) => wall), 0.5), p99: at(single.map(({ wall }) => wall), 0.99), p99Cpu: at(single.map(({ cpu }) => cpu), 0.99) },
  };
}

const cpuSince = (from) => {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
};

function planOf(market, seed) {
  const random = mulberry(seed);
  const lines = market.demand.length;
  const [fresh, singles] = [Math.round(lines / 200), Math.min(2_000, Math.round(lines / 50))];
  const kept = lines - fresh - singles;
  const lineAt = (i) => {
    const [from, to] = [market.first[i], market.first[i + 1]];
    return { quantity: market.demand[i], penalty: market.penalty[i], offers: market.offerOf.subarray(from, to), costs: market.cost.subarray(from, to) };
  };
  const withdrawn = [...new Set(Array.from({ length: fresh }, () => Math.floor(random() * kept)))];
  const capacities = Array.from({ length: Math.round(market.capacity.length / 100) }, () => Math.floor(random() * market.capacity.length))
    .map((offer) => ({ offer, capacity: Math.floor(market.capacity[offer] * (0.5 + random())) }));
  const after = headOf(market, kept + fresh);
  after.demand = after.demand.slice();
  for (const line of withdrawn) after.demand[line] = 0;
  after.capacity = after.capacity.slice();
  for (const { offer, capacity } of capacities) after.capacity[offer] = capacity;
  return {
    before: headOf(market, kept), after, withdrawn, capacities,
    added: Array.from({ length: fresh }, (_, n) => lineAt(kept + n)), singles: Array.from({ length: singles }, (_, n) => lineAt(kept + fresh + n)),
  };
}

const headOf = (market, lines) => ({
  ...market, first: market.first.subarray(0, lines + 1), offerOf: market.offerOf.subarray(0, market.first[lines]), cost: market.cost.subarray(0, market.first[lines]),
  demand: market.demand.subarray(0, lines), penalty: market.penalty.subarray(0, lines),
});
