// Markets whose answer must be whole, beside HiGHS: the same problem as a mixed-integer programme, the same goal, the same time.
import { solveMarket, verifyAllocation } from '@peyvand/matching';
import { networksOf } from '../../libs/matching/dist/network.js';
import { prepare } from '../../libs/matching/dist/prepare.js';
import { asMixedProgramme } from './mixed-programme.mjs';
import { mixedRival } from './mixed-rival.mjs';
import { oftenEnough, timed } from './processor-time.mjs';
import { wholeMarket } from './whole-market.mjs';

const goal = 0.005;
const quick = [[12, 5], [20, 8], [30, 12], [60, 20], [100, 30]];
const sizes = [...quick, [150, 40], [200, 60], [400, 100], [600, 150], [1_000, 100], [1_000, 160]];
/** Thousands of arcs that branching may look at, and hundreds of rounds of planning anew, in each part. */
const effort = 1_000;
const policy = { effort, enoughGap: goal * 10_000 };

/**
 * `npm run bench -- matching --whole [seconds] [seeds] [arcs]`: HiGHS stops at a gap of 0.5 % or after so many seconds (10), ours at the same gap or by effort.
 * With `--quick` only the small ones. Ours is timed from the instance to the result with reasons and certificate, HiGHS from the loaded programme
 * to its answer, both in processor time. A gap is what no checker can rule out, as a share of what the result costs with what it leaves unmatched.
 */
export async function benchWhole(args) {
  const short = args.includes('--quick');
  const [seconds = short ? '2' : '10', seeds = short ? '1' : '2', most = '100000'] = args.filter((arg) => !arg.startsWith('--'));
  const rival = mixedRival();
  const rows = [];
  try {
    // A service solves for weeks, its first seconds belong to the compiler: both have solved a while before they are measured.
    for (let seed = 101; seed <= 120; seed += 1) await besideHighs(rival, { ...wholeMarket({ lines: 20, offers: 8, seed, stated: seed % 2 === 0 }), policy }, 1, Number(most));
    for (const [lines, offers] of short ? quick : sizes)
      for (const stated of [true, false])
        for (let seed = 1; seed <= Number(seeds); seed += 1) {
          const row = await besideHighs(rival, { ...wholeMarket({ lines, offers, seed, stated }), policy }, Number(seconds), Number(most));
          if (row === undefined) continue;
          rows.push({ name: `${lines} × ${offers}`, stated, seed, ...row });
          console.log(said(rows.at(-1)));
        }
  } finally {
    rival.stop();
  }
  const summary = { stated: summaryOf(rows.filter(({ stated }) => stated)), fillFirst: summaryOf(rows.filter(({ stated }) => !stated)), all: summaryOf(rows) };
  console.log(Object.entries(summary).map(([name, of]) => `${name}: ${saidOfAll(of)}`).join('\n'));
  return { seconds: Number(seconds), goal, summary };
}

async function besideHighs(rival, instance, seconds, most) {
  const { of: found, ms } = oftenEnough(() => timed(() => solveMarket(instance)));
  if (found.work.arcs > most) return undefined;
  const faults = verifyAllocation(instance, found);
  if (faults.length > 0) throw new Error(`The result does not stand: ${faults.slice(0, 3).join('; ')}`);
  const { objective, bound, proven } = found.certificate;
  const highs = await byHighs(rival, instance, seconds);
  const gapTo = (below) => Number(BigInt(objective) - BigInt(below)) / Number(objective);
  return { arcs: found.work.arcs, ms, gap: gapTo(bound), proven: gapTo(proven), highs: { ...highs, dearer: highs.objective / (Number(objective) / 1000) - 1 }, ratio: highs.ms / ms };
}

/** All parts one after another; a part for which it finds nothing leaves no answer. */
async function byHighs(rival, instance, seconds) {
  const market = prepare(instance);
  let [ms, objective, bound] = [0, 0, 0];
  for (const network of networksOf(market).networks) {
    const rest = Number(network.fixed) / 1000;
    const { found, least, ms: taken } = await rival.solve({ data: asMixedProgramme(market, network), seconds, gap: goal });
    ms += taken;
    // Without an answer it names an infinite one, or the bound itself.
    objective += found !== null && Math.abs(found) < 1e29 && found >= least * (1 - 1e-6) ? found + rest : Infinity;
    bound += least + rest;
  }
  const gap = Number.isFinite(objective) ? (objective - bound) / objective : 1;
  return { ms, objective, gap, finished: gap <= goal + 1e-6 };
}

function summaryOf(rows) {
  const share = (of) => rows.filter(of).length / rows.length;
  const mean = (of) => (of.length === 0 ? undefined : Math.exp(of.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / of.length));
  const [finished, cut] = [rows.filter(({ highs }) => highs.finished), rows.filter(({ highs }) => !highs.finished)];
  return {
    instances: rows.length, withinGoal: share(({ gap }) => gap <= goal), provenWithinGoal: share(({ proven }) => proven <= goal), longestMs: Math.max(...rows.map(({ ms }) => ms)),
    highsWithinGoal: share(({ highs }) => highs.finished), ratioWhereHighsFinished: mean(finished),
    betterGapWhereHighsDidNot: cut.length === 0 ? undefined : cut.filter(({ gap, highs }) => gap < highs.gap).length / cut.length,
  };
}

const percent = (value) => `${(100 * value).toFixed(3)} %`;

function said({ name, stated, seed, arcs, ms, gap, proven, highs, ratio }) {
  const theirs = Number.isFinite(highs.objective) ? `gap ${percent(highs.gap)}, its answer ${percent(highs.dearer)} dearer than ours` : 'no answer';
  return `${name} (${stated ? 'stated penalty' : 'fill first'}, seed ${seed}), ${arcs.toLocaleString('en')} arcs: ours ${ms.toFixed(0)} ms, gap ${percent(gap)} (by dual prices alone ${percent(proven)}); `
    + `HiGHS ${highs.ms.toFixed(0)} ms, ${theirs} → ${ratio.toFixed(1)} ×`;
}

function saidOfAll({ instances, withinGoal, provenWithinGoal, longestMs, highsWithinGoal, ratioWhereHighsFinished, betterGapWhereHighsDidNot }) {
  return `${instances} instances: gap ≤ 0.5 % in ${percent(withinGoal)}, by dual prices alone in ${percent(provenWithinGoal)}, none over ${longestMs.toFixed(0)} ms; HiGHS in ${percent(highsWithinGoal)}; `
    + `ratio ${ratioWhereHighsFinished?.toFixed(1) ?? '–'} × where HiGHS finished; the better gap where it did not: ${betterGapWhereHighsDidNot === undefined ? '–' : percent(betterGapWhereHighsDidNot)}`;
}
