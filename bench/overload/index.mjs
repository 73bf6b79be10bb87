// npm run bench -- overload [--pairs 12] [--seconds 8] [--share 10] [--soak 600]
// Ten parties ask at an even pace for what they may; in every other block one more party asks twenty times as often. Told is what the ten wait,
// in blocks that take turns. Limits per party are set to twice the share. `--soak`: so many seconds at twice the rate the limits allow, with
// the process's memory every ten seconds.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { callersOf } from '../../faults/callers.mjs';
import { startPlatform } from '../../faults/platform.mjs';
import { makeWorld } from '../../faults/world.mjs';
import { figure, median, quantile } from '../messaging/cluster.mjs';
import { steady } from './steady.mjs';

const run = promisify(execFile);

const times = 20;

export default async function bench(args) {
  const option = (name, otherwise) => (args.includes(`--${name}`) ? Number(args[args.indexOf(`--${name}`) + 1]) : otherwise);
  const [pairs, seconds, share, soak] = [option('pairs', 12), option('seconds', 8), option('share', 10), option('soak', 0)];
  const platform = await startPlatform({ embedded: true, variables: { RATE_LIMIT_PER_SECOND: String(2 * share), RATE_LIMIT_BURST: String(4 * share), RATE_LIMIT_IN_FLIGHT: '16' } });
  try {
    const world = await makeWorld(platform);
    const as = callersOf(platform);
    const modest = [...world.sellers.map(({ id }) => [as(id, 'producer'), '/api/orders/matches?limit=20']), ...world.chains.slice(1).map(({ id }) => [as(id, 'buyer'), '/api/orders?limit=20'])];
    const greedy = { party: world.chains[0].id, path: '/api/orders?limit=20' };
    const stage = { platform, modest, greedy, share, seconds };
    if (soak > 0) return await soakFor({ ...stage, seconds: soak, greedy: [as(greedy.party, 'buyer'), greedy.path] });
    await block({ ...stage, seconds: 5, flood: true, warming: true }); // the compiler's
    await sleep(2_000);
    const blocks = [];
    for (let pair = 0; pair < pairs; pair++) {
      const two = {};
      for (const arm of pair % 2 === 0 ? ['calm', 'flooded'] : ['flooded', 'calm']) two[arm] = await block({ ...stage, flood: arm === 'flooded' });
      blocks.push(two);
      process.stderr.write(`pair ${pair + 1} of ${pairs}: p99 ${figure(two.calm.p99)} ms, beside the flood ${figure(two.flooded.p99)} ms; ${two.flooded.refused} of its ${two.flooded.sent} requests answered 429\n`);
    }
    const told = (of) => {
      const ratios = blocks.map(({ calm, flooded }) => flooded[of] / calm[of]).sort((one, other) => one - other);
      return { text: `calm ${figure(median(blocks.map(({ calm }) => calm[of])))} ms   beside the flood ${figure(median(blocks.map(({ flooded }) => flooded[of])))} ms   ratio ${figure(median(ratios))} (${figure(ratios[1])} … ${figure(ratios.at(-2))})`, ratio: median(ratios) };
    };
    console.log(`
what ${modest.length} parties at ${share} requests/s wait, while one more sends ${times} times as many (median of ${pairs} interleaved pairs of ${seconds} s)
  p50   ${told('p50').text}
  p99   ${told('p99').text}   goal 1.15`);
    return { p50: told('p50').ratio, p99: told('p99').ratio };
  } finally {
    await platform.stop();
  }
}

const asking = ([caller, path]) => () => caller.call('GET', 'orders', path);

/** The flood, sent by a process of its own. */
const flooded = async (platform, { party, path }, perSecond, seconds) => {
  const token = await platform.tokenFor(`${party}/flood`, party, ['buyer']);
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'steady.mjs'), `${platform.urlOf('orders')}${path}`, token, String(perSecond), String(seconds)]);
  return JSON.parse(stdout);
};

async function block({ platform, modest, greedy, share, seconds, flood, warming = false }) {
  // Starting a process takes a moment of both cores: in the calm blocks one starts too, and sends nothing.
  const flooding = flooded(platform, greedy, flood ? share * times : 0, seconds + 1);
  await sleep(1_000);
  const answers = (await Promise.all(modest.map(async (one, at) => {
    // Parties know nothing of each other: each keeps its own beat.
    await sleep((at * 1_000) / (modest.length * share));
    return steady(asking(one), share, seconds);
  }))).flat();
  const { sent, refused } = await flooding;
  const wrong = answers.filter(({ status }) => status !== 200);
  if (wrong.length > 0 && !warming) throw new Error(`${wrong.length} of ${answers.length} modest requests were answered ${wrong[0].status}`);
  const delays = answers.map(({ ms }) => ms);
  return { p50: quantile(delays, 0.5), p99: quantile(delays, 0.99), sent, refused };
}

/** Everybody at twice what the limits allow. */
async function soakFor({ modest, greedy, share, seconds, platform }) {
  const memory = [];
  let going = true;
  const watching = (async () => {
    for (; going; await sleep(10_000)) {
      const status = readFileSync(`/proc/${platform.pidOf('everything')}/status`, 'utf8');
      memory.push(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1_024);
      process.stderr.write(`${memory.length * 10} s: ${figure(memory.at(-1))} MB\n`);
    }
  })();
  const answers = (await Promise.all([...modest, greedy].map((one) => steady(asking(one), share * 4, seconds)))).flat();
  going = false;
  await watching;
  const [early, late] = [memory.slice(Math.floor(memory.length / 4), Math.floor(memory.length / 2)), memory.slice(-Math.ceil(memory.length / 4))];
  console.log(`${answers.length} requests in ${seconds} s, ${answers.filter(({ status }) => status === 429).length} answered 429; resident ${figure(median(early))} MB in the second quarter, ${figure(median(late))} MB in the last (ratio ${figure(median(late) / median(early))}), most ${figure(Math.max(...memory))} MB`);
  return { ratio: median(late) / median(early) };
}
