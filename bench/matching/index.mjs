// npm run bench -- matching [lines] [offers] [runs]   Full size: 500000 37000 3, which needs about a gigabyte and, for OR-tools, patience.
// With --whole first: markets whose answer must be whole, beside HiGHS; see whole.mjs.
// Arms take turns in one run. On a busy machine look at ratios; `cpu` is processor time of all threads, which neighbours disturb less.
import { allocateBare, costOfBare, crewOf, faultsOfBare } from '@peyvand/matching';
import { availableParallelism } from 'node:os';
import { highsArm } from './highs.mjs';
import { startOrtools, whyNoOrtools } from './ortools.mjs';
import { cpuSince } from './processor-time.mjs';
import { oneArticle, retailMarket } from './retail-market.mjs';
import { benchStanding } from './standing.mjs';
import { benchWhole } from './whole.mjs';

export default async function bench(args) {
  if (args[0] === '--whole') return benchWhole(args.slice(1));
  const [lines = '500000', offers = '37000', runs = '3'] = args;
  const size = { lines: Number(lines), offers: Number(offers), seed: 1 };
  const missing = whyNoOrtools();
  if (missing !== undefined) console.log(`OR-TOOLS IS SKIPPED: ${missing}`);
  const rows = [];
  for (const [name, unmatchedAt] of [['as much as possible first', 'fill-first'], ['unmatched at twice the list price', 'stated']]) {
    rows.push(await wholeMarket(name, retailMarket({ ...size, unmatchedAt }), Number(runs), missing === undefined));
  }
  rows.push(await dense(Number(runs) + 12));
  const standing = benchStanding(retailMarket(size), Math.max(5, Number(runs)));
  console.log([...rows.map(said), saidOfStanding(standing)].join('\n'));
  if (!standing.agreed || rows.some(({ agreed }) => !agreed)) process.exitCode = 1;
  return { cores: availableParallelism(), rows, standing };
}

/** Everything at once, by one thread, by all cores, and by OR-tools. */
async function wholeMarket(name, market, runs, withOrtools) {
  const crew = crewOf(availableParallelism() - 1);
  const ortools = withOrtools ? await startOrtools(market) : undefined;
  const [alone, together, theirs] = [[], [], []];
  try {
    for (let run = 0; run < runs; run += 1) {
      alone.push(timed(() => allocateBare(market), market));
      together.push(timed(() => crew.allocate(market), market));
      if (ortools !== undefined) theirs.push(await ortools.solve());
    }
  } finally {
    ortools?.stop();
    await crew.dismiss();
  }
  const objectives = new Set([...alone, ...together, ...theirs].map(({ objective }) => objective));
  return {
    name, lines: market.demand.length, offers: market.capacity.length, arcs: market.cost.length, objective: [...objectives].join(' ≠ '), agreed: objectives.size === 1,
    ours: { wall: median(together, 'solve'), cpu: median(together, 'cpu'), first: together[0].solve, aloneWall: median(alone, 'solve'), aloneCpu: median(alone, 'cpu') },
    ...(ortools === undefined ? {} : {
      ortools: { version: ortools.version, wall: median(theirs, 'solve'), cpu: median(theirs, 'cpu'), build: median(theirs, 'build') },
      ratio: { wall: median(theirs, 'solve') / median(together, 'solve'), cpu: median(theirs, 'cpu') / median(alone, 'cpu') },
    }),
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

/** One article, 400 lines, 400 offers, every pair allowed. */
async function dense(runs) {
  const market = oneArticle({ lines: 400, offers: 400, seed: 1 });
  const highs = await highsArm();
  const [ours, theirs] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    ours.push(timed(() => allocateBare(market), market));
    if (run < 2) theirs.push(await highs.solve(market));
  }
  const least = Number(ours[0].objective);
  return {
    name: 'one article, dense', lines: 400, offers: 400, arcs: market.cost.length, objective: ours[0].objective,
    // HiGHS reckons in doubles: equal as far as those go.
    agreed: theirs.every(({ status, objective }) => status === 'Optimal' && Math.abs(objective - least) <= 1e-9 * least),
    ours: { wall: median(ours, 'solve'), cpu: median(ours, 'cpu'), first: ours[0].solve }, highs: { version: highs.version, wall: median(theirs, 'solve') },
    ratio: { wall: median(theirs, 'solve') / median(ours, 'solve') },
  };
}

/** Time from arrays to allocation; the check of the result is not counted, but without it there is no figure. */
function timed(solve, market) {
  const [before, began] = [process.cpuUsage(), performance.now()];
  const allocation = solve();
  const [wall, cpu] = [performance.now() - began, cpuSince(before)];
  const faults = faultsOfBare(market, allocation);
  if (faults.length > 0) throw new Error(`The allocation does not stand: ${faults.slice(0, 3).join('; ')}`);
  return { solve: wall, cpu, objective: String(costOfBare(market, allocation)) };
}

const median = (rows, field) => rows.map((row) => row[field]).sort((a, b) => a - b)[Math.floor(rows.length / 2)];

function said({ name, lines, offers, arcs, agreed, ours, ortools, highs, ratio }) {
  const ms = (value) => `${Math.round(value).toLocaleString('en')} ms`;
  const rival = ortools ? `OR-tools ${ortools.version} ${ms(ortools.wall)} (cpu ${ms(ortools.cpu)})` : highs ? `HiGHS ${highs.version} ${ms(highs.wall)}` : 'no rival here';
  const by = ratio ? ` → ${ratio.wall.toFixed(1)} × faster${ratio.cpu ? `, ${ratio.cpu.toFixed(1)} × in processor time, one thread each` : ''}` : '';
  return `${name}: ${lines.toLocaleString('en')} × ${offers.toLocaleString('en')}, ${arcs.toLocaleString('en')} arcs: ours ${ms(ours.wall)} (cpu ${ms(ours.cpu)}), ${rival}${by}; objectives ${agreed ? `agree ${highs ? 'as far as doubles go' : 'to the last digit'}` : 'DIFFER'}`;
}

function saidOfStanding({ agreed, share, shareOfWall, shareFromBasis, keptCpu, coldCpu, newLine }) {
  const { lines, offers, p50, p99, p99Cpu } = newLine;
  const percent = (part) => `${(part * 100).toFixed(1)} %`;
  return `kept market: 1 % changed in ${percent(shareOfWall)} of the time of a cold solve, ${percent(share)} of its processor time (${keptCpu.toFixed(0)} of ${coldCpu.toFixed(0)} ms; from the basis alone ${percent(shareFromBasis)}); `
    + `${agreed ? 'costs what a fresh allocation does' : 'COSTS SOMETHING ELSE'}; one new line into ${offers.toLocaleString('en')} offers, ${lines} times: `
    + `p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms (cpu ${p99Cpu.toFixed(3)} ms)`;
}
