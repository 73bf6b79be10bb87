import { callersOf } from './callers.mjs';
import { startPlatform } from './platform.mjs';
import { recordTopics } from './recorder.mjs';
import { runOnce, storyOf } from './run.mjs';
import { settleAll } from './settle-all.mjs';
import { makeWorld } from './world.mjs';

/**
 * Starts a platform, runs the seeds one after the other, lets everything come to its end and prints what was done to it and what held.
 * Stops at the first run in which something does not hold. Answers whether everything held.
 */
export const faults = async ({ runs, seed, embedded = false, settle = true, say = console.log }) => {
  const began = Date.now();
  const clock = () => `${((Date.now() - began) / 1_000).toFixed(0).padStart(5)} s`;
  const platform = await startPlatform({ embedded });
  let recorder;
  try {
    const world = await makeWorld(platform);
    recorder = await recordTopics(platform);
    const scene = { platform, world, recorder, as: callersOf(platform), poison: new Set(), checked: {}, sealedTo: {}, known: new Set(), promised: [] };
    say(`${clock()}  the platform runs (${embedded ? 'everything in one process, embedded broker' : 'a process per service, Kafka'})`);
    const done = [];
    for (let at = 0; at < runs; at++) {
      const run = await runOnce(scene, { seed: seed + at, tell: (line) => say(`          ${line}`) }).catch((error) => ({ seed: seed + at, error }));
      if (run.error !== undefined) {
        say(`${clock()}  run ${at + 1} of ${runs}, seed ${run.seed}: ${run.error.stack}\n${platform.said.slice(-8).map((line) => line.slice(0, 300)).join('\n')}\nreplay: npm run faults -- --runs 1 --seed ${run.seed}${embedded ? ' --embedded' : ''}`);
        return false;
      }
      done.push(run);
      say(`${clock()}  run ${at + 1} of ${runs}, seed ${run.seed}: ${run.faults.length} faults, ${Object.values(run.counts).slice(0, 5).reduce((sum, n) => sum + n, 0)} requests, ${run.counts['answers lost']} answers lost; calm after ${((run.ms - run.stormMs) / 1_000).toFixed(1)} s, ${run.broken.length === 0 ? 'all holds' : 'BROKEN'}`);
      if (run.broken.length > 0) {
        say(await storyOf(scene, run));
        say(`replay: npm run faults -- --runs 1 --seed ${run.seed}${embedded ? ' --embedded' : ''}`);
        return false;
      }
    }
    const end = settle ? await settleAll(scene, say) : undefined;
    if (end !== undefined) say(`${clock()}  ${end.says}`);
    say(tableOf(done, { end, seed, embedded }));
    return end === undefined || end.broken.length === 0;
  } finally {
    await recorder?.close().catch(() => {});
    await platform.stop();
  }
};

/** Faults by kind, what was asked for, and what was checked. */
const tableOf = (done, { end, seed, embedded }) => {
  const sum = (lists) => lists.reduce((all, one) => { for (const [name, n] of Object.entries(one)) all[name] = (all[name] ?? 0) + n; return all; }, {});
  const rows = (title, counts) => [title, ...Object.entries(counts).map(([name, n]) => `  ${String(n).padStart(9)}  ${name}`)];
  const looked = new Map();
  for (const { answers } of [...done, ...(end === undefined ? [] : [end])]) for (const { name, unit, looked: n } of answers) looked.set(`${name} (${unit})`, (looked.get(`${name} (${unit})`) ?? 0) + n);
  return [
    '', ...rows('faults injected', sum(done.map(({ faults: list }) => list.filter(({ missed }) => missed === undefined).reduce((all, { kind }) => ({ ...all, [kind]: (all[kind] ?? 0) + 1 }), {})))),
    ...rows('asked for over HTTP', sum(done.map(({ counts }) => counts))), ...rows('done by everybody else', sum(done.map(({ hands }) => hands))),
    'invariants checked from outside, rows looked at', ...[...looked].map(([name, n]) => `  ${String(n).padStart(9)}  ${name}`),
    '', `${done.length} runs, seeds ${seed}–${seed + done.length - 1}, ${embedded ? 'embedded' : 'Kafka'}: 0 lost, 0 doubled, 0 out of order, 0 oversold`,
  ].join('\n');
};
