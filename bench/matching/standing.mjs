// The market as it lives: changes of one per cent, and single lines that come one after another.
import { allocateBare, costOfBare, keptMarket } from '@peyvand/matching';
import { seeded } from '../../libs/matching/dist/seeded.js';
import { cpuSince } from './processor-time.mjs';

/**
 * Keeps the market but for its last lines, and changes one per cent of it again and again (half of that lines that come, half lines withdrawn, and
 * one offer in a hundred changes its capacity). Each time it is solved thrice: kept, from the earlier basis alone, and cold. Then lines come singly.
 */
export function benchStanding(market, runs) {
  const [fresh, singles] = [Math.round(market.demand.length / 200), Math.min(2_000, Math.round(market.demand.length / 50))];
  let came = market.demand.length - singles - runs * fresh;
  const [random, standing] = [seeded(1), keptMarket(headOf(market, came))];
  const next = (count) => Array.from({ length: count }, () => rowOf(market, came++));
  const [cold, warm, kept] = [[], [], []];
  let agreed = true;
  for (let run = 0; run < runs; run += 1) {
    const found = structuredClone(standing.allocation());
    const change = changeOf(random, standing.market(), next(fresh));
    kept.push(timed(() => standing.change(change)));
    const now = standing.market();
    warm.push(timed(() => allocateBare(now, found)));
    cold.push(timed(() => allocateBare(now)));
    agreed &&= new Set([kept, warm, cold].map((arm) => costOfBare(now, arm.at(-1).of))).size === 1;
    for (const arm of [kept, warm, cold]) arm.at(-1).of = undefined;
  }
  const single = next(singles).map((line) => timed(() => standing.change({ lines: [line] })));
  const of = (arm, field, share = 0.5) => arm.map((one) => one[field]).sort((a, b) => a - b)[Math.floor((arm.length - 1) * share)];
  return {
    agreed, coldCpu: of(cold, 'cpu'), warmCpu: of(warm, 'cpu'), keptCpu: of(kept, 'cpu'), share: of(kept, 'cpu') / of(cold, 'cpu'), shareOfWall: of(kept, 'wall') / of(cold, 'wall'),
    shareFromBasis: of(warm, 'cpu') / of(cold, 'cpu'),
    newLine: { lines: single.length, offers: market.capacity.length, p50: of(single, 'wall'), p99: of(single, 'wall', 0.99), p99Cpu: of(single, 'cpu', 0.99) },
  };
}

function changeOf(random, { demand, capacity }, lines) {
  const some = (count, below) => Array.from({ length: count }, () => Math.floor(random() * below));
  return {
    lines, demand: some(lines.length, demand.length).map((line) => [line, 0]),
    capacity: some(Math.round(capacity.length / 100), capacity.length).map((offer) => [offer, Math.floor(capacity[offer] * (0.5 + random()))]),
  };
}

function timed(work) {
  const [start, wall] = [process.cpuUsage(), performance.now()];
  const of = work();
  return { wall: performance.now() - wall, cpu: cpuSince(start), of };
}

const rowOf = (market, line) => {
  const [from, to] = [market.first[line], market.first[line + 1]];
  return { quantity: market.demand[line], penalty: market.penalty[line], offers: market.offerOf.subarray(from, to), costs: market.cost.subarray(from, to) };
};

const headOf = (market, lines) => ({
  ...market, first: market.first.subarray(0, lines + 1), offerOf: market.offerOf.subarray(0, market.first[lines]), cost: market.cost.subarray(0, market.first[lines]),
  demand: market.demand.subarray(0, lines), penalty: market.penalty.subarray(0, lines),
});
