import { callersOf } from './callers.mjs';
import { startPlatform } from './platform.mjs';
import { recordTopics } from './recorder.mjs';
import { faultsOf, runOnce, storyOf } from './run.mjs';
import { settleAll } from './settle-all.mjs';
import { shrink } from './shrink.mjs';
import { makeWorld } from './world.mjs';

/**
 * Starts a platform, runs the seeds one after the other, lets everything come to its end and prints what was done to it and what held.
 * Stops at the first run in which something does not hold, and then looks for the fewest faults that still break it, unless `shorten` is off.
 * Answers whether everything held.
 */
export const faults = async ({ runs, seed, embedded = false, settle = true, shorten = true, say = console.log }) => {
  const began = Date.now();
  const clock = () => `${((Date.now() - began) / 1_000).toFixed(0).padStart(5)} s`;
  const end = await onPlatform(embedded, async (scene) => {
    say(`${clock()}  the platform runs (${embedded ? 'everything in one process, embedded broker' : 'a process per service, Kafka'})`);
    const done = [];
    for (let at = 0; at < runs; at++) {
      const run = await play(scene, { seed: seed + at, tell: (line) => say(`          ${line}`) });
      const head = `${clock()}  run ${at + 1} of ${runs}, seed ${run.seed}:`;
      if (run.error !== undefined) {
        say(`${head} ${run.story}`);
        return { broke: run };
      }
      done.push(run);
      say(`${head} ${run.faults.length} faults, ${Object.values(run.counts).slice(0, 5).reduce((sum, n) => sum + n, 0)} requests, ${run.counts['answers lost']} answers lost; calm after ${((run.ms - run.stormMs) / 1_000).toFixed(1)} s, ${run.broken.length === 0 ? 'all holds' : 'BROKEN'}`);
      if (run.broken.length > 0) {
        say(run.story);
        return { broke: run };
      }
    }
    const settled = settle ? await settleAll(scene, say) : undefined;
    if (settled !== undefined) say(`${clock()}  ${settled.says}`);
    say(tableOf(done, { end: settled, seed, embedded }));
    return { held: settled === undefined || settled.broken.length === 0 };
  });
  if (end.broke === undefined) return end.held;
  say(`replay: npm run faults -- --runs 1 --seed ${end.broke.seed}${embedded ? ' --embedded' : ''}`);
  if (shorten) await tellShortest(end.broke, { embedded, say, clock });
  return false;
};

const shortenMs = 600_000;

const tellShortest = async ({ seed, faults: list, names }, { embedded, say, clock }) => {
  say(`${clock()}  which faults does it need? One after the other is left out, each time on a new platform, for ten minutes at most`);
  const until = Date.now() + shortenMs;
  const found = await shrink({ faults: list.map(({ did: _did, missed: _missed, ...fault }) => fault), names }, {
    say, enough: () => Date.now() > until,
    play: (schedule) => onPlatform(embedded, (scene) => play(scene, { seed, schedule: schedule.map((fault) => ({ ...fault })) })),
  });
  say(found === undefined ? `${clock()}  it did not break again: the story above is all there is` : `${clock()}  the shortest story, after ${found.runs} runs\n${found.story}`);
};

/** A run with the names of what did not hold and the story of it; one that failed or found no rest has a name too. */
const play = async (scene, { seed, ...options }) => {
  const list = options.schedule ?? faultsOf(scene, seed);
  try {
    const run = await runOnce(scene, { seed, ...options, schedule: list });
    return { ...run, names: run.broken.map(({ name }) => name), ...(run.broken.length > 0 && { story: await storyOf(scene, run) }) };
  } catch (error) {
    return { seed, faults: list, error, names: ['the run comes to its end'], story: [error.stack, ...scene.platform.said.slice(-8).map((line) => line.slice(0, 300))].join('\n') };
  }
};

/** Gives `work` a new platform with its world, and takes it down afterwards. */
const onPlatform = async (embedded, work) => {
  const platform = await startPlatform({ embedded });
  let recorder;
  try {
    const world = await makeWorld(platform);
    recorder = await recordTopics(platform);
    return await work({ platform, world, recorder, as: callersOf(platform), poison: new Set(), checked: {}, sealedTo: {}, known: new Set(), promised: [] });
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
