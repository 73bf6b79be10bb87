// The market as it lives: a change of one per cent, and single lines that come one after another.
import { allocateBare, costOfBare, keptMarket, standingMarket } from '@peyvand/matching';
import { seeded } from '../../libs/matching/dist/seeded.js';
import { cpuSince } from './processor-time.mjs';

/**
 * Solves the market without its last lines, changes one per cent (half of it new lines, half withdrawn; one offer in a hundred changes its
 * capacity), and solves it again: kept with all that was made of it, from the earlier basis alone, and cold. Then lines come singly into the standing market.
 */
export function benchStanding(market, runs) {
  const plan = planOf(market);
  const stir = livingMarket(headOf(market, Math.min(market.demand.length, 100_000)));
  const found = allocateBare(plan.before);
  const [cold, warm, kept] = [[], [], []];
  const objectives = new Set();
  for (let run = 0; run < runs; run += 1) {
    let standing = keptMarket(plan.before);
    const start = process.cpuUsage();
    const changed = standing.change(plan.change);
    kept.push(cpuSince(start));
    objectives.add(costOfBare(plan.after, changed));
    standing = undefined;
    stir();
    for (const [times, earlier] of [[warm, found], [cold, undefined]]) {
      const began = process.cpuUsage();
      const allocation = allocateBare(plan.after, earlier);
      times.push(cpuSince(began));
      objectives.add(costOfBare(plan.after, allocation));
    }
  }
  const standing = standingMarket(plan.after, allocateBare(plan.after));
  const single = plan.singles.map((line) => {
    const [start, wall] = [process.cpuUsage(), performance.now()];
    standing.addLine(line.quantity, line.penalty, line.offers, line.costs);
    return { wall: performance.now() - wall, cpu: cpuSince(start) };
  });
  const at = (rows, share) => rows.sort((a, b) => a - b)[Math.floor((rows.length - 1) * share)];
  const [coldCpu, warmCpu, keptCpu] = [at(cold, 0.5), at(warm, 0.5), at(kept, 0.5)];
  return {
    agreed: objectives.size === 1, coldCpu, warmCpu, keptCpu, share: keptCpu / coldCpu, shareFromBasis: warmCpu / coldCpu,
    newLine: { lines: single.length, offers: market.capacity.length, p50: at(single.map(({ wall }) => wall), 0.5), p99: at(single.map(({ wall }) => wall), 0.99), p99Cpu: at(single.map(({ cpu }) => cpu), 0.99) },
  };
}

/** A kept market that lives on: with the last one V8 would throw away the compiled code, and every run would pay for the compiler again. */
function livingMarket(market) {
  const [random, kept] = [seeded(2), keptMarket(market)];
  const some = (count, below, of) => Array.from({ length: count }, () => Math.floor(random() * below)).map(of);
  const stir = () => kept.change({
    demand: some(500, market.demand.length, (line) => [line, Math.floor(random() * 2) * market.demand[line]]),
    capacity: some(50, market.capacity.length, (offer) => [offer, Math.floor(market.capacity[offer] * (0.5 + random()))]),
    lines: some(500, market.demand.length, (line) => rowOf(market, line)),
  });
  for (let n = 0; n < 10; n += 1) stir();
  return stir;
}

const rowOf = (market, line) => {
  const [from, to] = [market.first[line], market.first[line + 1]];
  return { quantity: market.demand[line], penalty: market.penalty[line], offers: market.offerOf.subarray(from, to), costs: market.cost.subarray(from, to) };
};

function planOf(market) {
  const random = seeded(1);
  const lines = market.demand.length;
  const [fresh, singles] = [Math.round(lines / 200), Math.min(2_000, Math.round(lines / 50))];
  const kept = lines - fresh - singles;
  const withdrawn = Array.from({ length: fresh }, () => Math.floor(random() * kept));
  const capacities = Array.from({ length: Math.round(market.capacity.length / 100) }, () => Math.floor(random() * market.capacity.length))
    .map((offer) => ({ offer, capacity: Math.floor(market.capacity[offer] * (0.5 + random())) }));
  const after = headOf(market, kept + fresh);
  after.demand = after.demand.slice();
  for (const line of withdrawn) after.demand[line] = 0;
  after.capacity = after.capacity.slice();
  for (const { offer, capacity } of capacities) after.capacity[offer] = capacity;
  const change = {
    demand: withdrawn.map((line) => [line, 0]), capacity: capacities.map(({ offer, capacity }) => [offer, capacity]),
    lines: Array.from({ length: fresh }, (_, n) => rowOf(market, kept + n)),
  };
  return {
    before: headOf(market, kept), after, change,
    singles: Array.from({ length: singles }, (_, n) => rowOf(market, kept + fresh + n)),
  };
}

const headOf = (market, lines) => ({
  ...market, first: market.first.subarray(0, lines + 1), offerOf: market.offerOf.subarray(0, market.first[lines]), cost: market.cost.subarray(0, market.first[lines]),
  demand: market.demand.subarray(0, lines), penalty: market.penalty.subarray(0, lines),
});
