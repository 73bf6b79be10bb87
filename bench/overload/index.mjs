// npm run bench -- overload [--rounds 30] [--seconds 4] [--share 10] [--soak 600]
// Eleven parties ask at an even pace for eight tenths of their share, which is what the limits allow; in one of four blocks the eleventh asks
// for twenty times its share. Told is what the other ten wait, beside two equal arms without the flood (and how far these come apart), and
// beside one whose flood goes to a server that knows nothing: what the sender alone takes of the two cores.
// `--soak`: so many seconds at twice the rate the limits allow, with the process's memory every ten seconds.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPlatform } from '../../faults/platform.mjs';
import { makeWorld } from '../../faults/world.mjs';
import { figure, median, quantile } from '../messaging/cluster.mjs';
import { asking, steady } from './steady.mjs';

const times = 20;
const arms = ['calm', 'calm again', 'flood elsewhere', 'flooded'];

export default async function bench(args) {
  const option = (name, otherwise) => (args.includes(`--${name}`) ? Number(args[args.indexOf(`--${name}`) + 1]) : otherwise);
  const [rounds, seconds, share, soak] = [option('rounds', 30), option('seconds', 4), option('share', 10), option('soak', 0)];
  const platform = await startPlatform({ embedded: true, shipped: true, variables: { RATE_LIMIT_PER_SECOND: String(share), RATE_LIMIT_BURST: String(2 * share), RATE_LIMIT_IN_FLIGHT: '16' } });
  let flood;
  try {
    const world = await makeWorld(platform);
    const seats = [...world.sellers.map(({ id }) => [id, 'producer', '/api/orders/matches?limit=20']), ...world.chains.map(({ id }) => [id, 'buyer', '/api/orders?limit=20'])];
    const asked = await Promise.all(seats.map(async ([party, role, path]) => [`${platform.urlOf('orders')}${path}`, await platform.tokenFor(`${party}/overload`, party, [role])]));
    const greedy = asked[world.sellers.length];
    const modest = asked.filter((one) => one !== greedy).map((one) => asking(...one));
    if (soak > 0) return await soakFor({ platform, everybody: asked.map((one) => asking(...one)), perSecond: 2 * share, seconds: soak });
    flood = spawn(process.execPath, [join(import.meta.dirname, 'steady.mjs'), ...greedy], { stdio: ['pipe', 'pipe', 'inherit'] });
    const stage = { modest, share, usual: 0.8 * share, seconds, sent: senderOf(flood) };
    await block({ ...stage, seconds: 10, arm: 'flooded', warming: true }); // the compiler's
    const waited = Object.fromEntries(arms.map((arm) => [arm, []]));
    for (let round = 0; round < rounds; round++) {
      let flooded;
      for (let turn = 0; turn < arms.length; turn++) {
        const arm = arms[(round + turn) % arms.length];
        const { delays, sent, refused } = await block({ ...stage, arm });
        waited[arm].push(delays);
        if (arm === 'flooded') flooded = { sent, refused };
      }
      process.stderr.write(`round ${round + 1} of ${rounds}: ${flooded.refused} of the flood's ${flooded.sent} requests answered 429; p99 ${arms.map((arm) => `${arm} ${figure(quantile(waited[arm][round], 0.99))}`).join(', ')} ms\n`);
    }
    const without = waited.calm.map((delays, at) => [...delays, ...waited['calm again'][at]]);
    const told = Object.fromEntries([0.5, 0.99].map((q) => [q, {
      flooded: ratioOf(without, waited.flooded, q), beside: ratioOf(waited['flood elsewhere'], waited.flooded, q), again: ratioOf(waited.calm, waited['calm again'], q),
    }]));
    const figures = (of) => arms.map((arm) => `${arm} ${figure(of(waited[arm]))} ms`).join('   ');
    const row = (name, q) => `  ${name}   ${figures((blocks) => median(blocks.map((delays) => quantile(delays, q))))}
        ratio ${words(told[q].flooded)}   to the flood elsewhere ${words(told[q].beside)}   two equal arms ${words(told[q].again)}`;
    console.log(`
what ${modest.length} parties at ${figure(stage.usual)} requests/s wait, while one more sends ${times} times its share of ${share}/s (medians of ${rounds} rounds of four blocks of ${seconds} s; in brackets nine tenths of what rounds drawn again give)
${row('p50', 0.5)}
${row('p99', 0.99)}   goal 1.15
  p99 of all rounds together, each with the machine's own worst moments: ${figures((blocks) => quantile(blocks.flat(), 0.99))}`);
    return { p50: told[0.5].flooded.ratio, p99: told[0.99].flooded.ratio, beside: told[0.99].beside.ratio, equal: told[0.99].again.ratio };
  } finally {
    flood?.kill();
    await platform.stop();
  }
}

/** The flood's process sends what it is told, one block after the other. */
const senderOf = (child) => {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (perSecond, elsewhere, seconds) => {
    child.stdin.write(`${perSecond} ${elsewhere} ${seconds}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('the flood ended early');
    return JSON.parse(value);
  };
};

async function block({ modest, share, usual, seconds, sent, arm, warming = false }) {
  const eleventh = sent(arm === 'flooded' ? share * times : usual, arm === 'flood elsewhere' ? share * times : 0, seconds);
  const answers = (await Promise.all(modest.map(async (ask, at) => {
    // Parties know nothing of each other: each keeps its own beat.
    await sleep((at * 1_000) / (modest.length * usual));
    return steady(ask, usual, seconds);
  }))).flat();
  const wrong = answers.filter(({ status }) => status !== 200);
  if (wrong.length > 0 && !warming) throw new Error(`${wrong.length} of ${answers.length} modest requests were answered ${wrong[0].status}`);
  return { delays: answers.map(({ ms }) => ms), ...(await eleventh) };
}

/** The median over rounds of the quantile of one arm's block by that of the other's, with what 1,000 draws of rounds (with replacement) make of it. */
const ratioOf = (calm, other, q) => {
  const pairs = calm.map((delays, round) => quantile(other[round], q) / quantile(delays, q));
  const drawn = Array.from({ length: 1_000 }, () => median(pairs.map(() => pairs[Math.floor(Math.random() * pairs.length)])));
  return { ratio: median(pairs), low: quantile(drawn, 0.05), high: quantile(drawn, 0.95) };
};

const words = ({ ratio, low, high }) => `${figure(ratio)} (${figure(low)} … ${figure(high)})`;

/** Everybody at twice what the limits allow. */
async function soakFor({ platform, everybody, perSecond, seconds }) {
  const memory = [];
  let going = true;
  const watching = (async () => {
    for (; going; await sleep(10_000)) {
      const status = readFileSync(`/proc/${platform.pidOf('everything')}/status`, 'utf8');
      memory.push(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1_024);
      process.stderr.write(`${memory.length * 10} s: ${figure(memory.at(-1))} MB\n`);
    }
  })();
  const answers = (await Promise.all(everybody.map((ask) => steady(ask, perSecond, seconds)))).flat();
  going = false;
  await watching;
  const [early, late] = [memory.slice(Math.floor(memory.length / 4), Math.floor(memory.length / 2)), memory.slice(-Math.ceil(memory.length / 4))];
  console.log(`${answers.length} requests in ${seconds} s, ${answers.filter(({ status }) => status === 429).length} answered 429; resident ${figure(median(early))} MB in the second quarter, ${figure(median(late))} MB in the last (ratio ${figure(median(late) / median(early))}), most ${figure(Math.max(...memory))} MB`);
  return { ratio: median(late) / median(early) };
}
