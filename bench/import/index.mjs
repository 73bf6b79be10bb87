// npm run bench -- import [--all-in-one] [--times 4] [--profile [--taken]]
// The carried month of order lines (50,226 rows) over the whole running platform: uploaded over HTTP, taken, matched, accepted by the producers'
// standing word, secured and planned. `--times 4`: the file four times over under new invoice numbers, to see that memory does not grow with it.
// `--taken`: only until the orders are submitted, and the profile of that time alone.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import { between, hottest, look, monotonic } from '../story/figures.mjs';
import { cpuOf, startPlatform } from '../story/platform.mjs';
import { callers } from '../story/world.mjs';
import { startAllInOne } from './all-in-one.mjs';
import { buyer, operator, register } from './world.mjs';

const goals = { secondsToSubmitted: 5, rows: 50_226 };
const fileStart = Date.parse('2011-09-01');

export default async function bench(args) {
  const option = (name, otherwise) => (args.includes(`--${name}`) ? Number(args[args.indexOf(`--${name}`) + 1]) : otherwise);
  const profile = args.includes('--profile') ? await mkdtemp(join(tmpdir(), 'peyvand-profile-')) : undefined;
  const times = option('times', 1);
  const platform = args.includes('--all-in-one') ? await startAllInOne() : { day: '2026-03-21', ordersPid: undefined, ...(await startPlatform({ clockRate: 1, profile })) };
  const result = {};
  try {
    const as = callers(platform);
    result.supply = await register(platform, as, times);
    await settled(platform);
    const before = profile === undefined ? undefined : await look(platform, { counts: new Map() });
    const from = monotonic();
    Object.assign(result, await importFile(platform, as, await fileOf(times), { onlyTaken: args.includes('--taken') }), { goals });
    result.window = { from, to: monotonic() };
    if (before !== undefined) Object.assign(result, (({ mostAsked, mostTime }) => ({ mostAsked, mostTime }))(between(before, await look(platform, { counts: new Map() }))));
  } finally {
    await platform.stop();
    if (profile !== undefined) {
      result.profile = hottest(profile, args.includes('--taken') ? result.window : {});
      if (!process.env.KEEP_PROFILE) await rm(profile, { recursive: true, force: true });
      else console.error(profile);
    }
  }
  return result;
}

/** The file as it is carried, or so many times over: every copy with invoice numbers of its own. */
async function fileOf(times) {
  const file = await readFile(new URL('../../data/retail-order-lines-2011-09.csv.gz', import.meta.url));
  if (times === 1) return file;
  const [header, ...rows] = gunzipSync(file).toString().trimEnd().split('\n');
  const copies = Array.from({ length: times }, (_, n) => rows.map((row) => row.replace(',', `-${n + 1},`)).join('\n'));
  return gzipSync(`${header}\n${copies.join('\n')}\n`);
}

async function importFile(platform, as, file, { onlyTaken }) {
  const pid = platform.ordersPid ?? platform.children.get('orders').pid;
  await resetPeak(pid);
  const [residentBefore] = await memoryOf(pid);
  const [began, cpuBefore] = [performance.now(), cpuOf(platform)];
  const seconds = () => Number(((performance.now() - began) / 1_000).toFixed(2));
  const dateShiftDays = (Date.parse(platform.day) - fileStart) / 86_400_000 + 1;
  const importId = await upload(platform, file, `mode=commit&profile=uci-retail&rate=1200000&dateShiftDays=${dateShiftDays}&ceilingPercent=150`);
  const at = { received: seconds() };
  const found = await untilDone(as, importId, (state) => { if (names[state] !== undefined) at[names[state]] ??= seconds(); });
  const taken = { cpuSeconds: spent(cpuBefore, cpuOf(platform)), peakMb: (await memoryOf(pid))[1] };
  if (onlyTaken) return { seconds: { ...at, submittedByItsClock: (Date.parse(found.endedAt) - Date.parse(found.receivedAt)) / 1_000 }, cpuSeconds: taken.cpuSeconds, peakMb: taken.peakMb };
  const matched = await until('matched', () => as(operator, 'operator')('GET', 'orders', '/api/orders/totals'), ({ queued, waiting, lines }) => queued === 0 && waiting === '0' && lines >= found.lines.submitted);
  at.matched = seconds();
  await settled(platform);
  at.carriedOn = seconds();
  const [residentAfter, peakMb] = await memoryOf(pid);
  return {
    // The service's own clock tells whether the client learnt of it late.
    seconds: { ...at, submittedByItsClock: (Date.parse(found.endedAt) - Date.parse(found.receivedAt)) / 1_000 }, rowsPerSecond: Math.round(found.rows.read / at.submitted),
    ordersProcessMb: { before: residentBefore, peakUntilSubmitted: taken.peakMb, peakUntilCarriedOn: peakMb, after: residentAfter },
    cpuSeconds: { untilSubmitted: taken.cpuSeconds, untilCarriedOn: spent(cpuBefore, cpuOf(platform)) },
    rows: { ...found.rows, refused: Object.fromEntries(found.faults.map(({ code, count }) => [code, count])) },
    orders: found.orders, lines: found.lines, reconciled: await reconcile(as, found, matched),
  };
}

// Rows are checked as their orders are submitted.
const names = { staged: 'rowsRead', committing: 'rowsRead', done: 'submitted' };

async function upload(platform, file, parameters) {
  const response = await fetch(`${platform.urlOf('orders')}/api/orders/import?${parameters}`, {
    method: 'POST', body: file,
    headers: { 'authorization': `Bearer ${await platform.tokenFor(`${buyer.id}/buyer`, buyer.id, ['buyer'])}`, 'content-type': 'application/octet-stream', 'idempotency-key': 'bench-import' },
  });
  const answer = await response.json();
  if (response.status !== 202) throw new Error(`The upload: ${response.status} ${JSON.stringify(answer)}`);
  return answer.importId;
}

const untilDone = (as, importId, seen) => until('the import', () => as(buyer.id, 'buyer')('GET', 'orders', `/api/orders/imports/${importId}`), ({ state, message }) => {
  if (state === 'failed' || state === 'cut') throw new Error(message);
  seen(state);
  return state === 'done';
}, 100);

/** Every unit and rial in its place, as an operator reckons. */
async function reconcile(as, found, { ordered, matched, unmatched, offered, committed, oversold, matchedRials, agreedRials, matches }) {
  const { sum } = await as(operator, 'operator')('GET', 'financing', '/api/financing/ledger/totals');
  return {
    units: { demanded: ordered, matched, unmatched, even: Number(ordered) === found.quantity.submitted && Number(matched) + Number(unmatched) === Number(ordered) },
    offers: { offered, committed, oversold, even: committed === matched && BigInt(committed) <= BigInt(offered) && oversold === 0 },
    rials: { matched: matchedRials, agreed: agreedRials, even: matchedRials === agreedRials }, matches, ledger: sum,
  };
}

/** Nothing unsent, due or unheard in any process, twice in a row. */
async function settled(platform) {
  const urls = [...new Set(['producers', 'retailers', 'orders', 'financing', 'delivery', 'edge'].map(platform.urlOf))];
  const busy = async () => (await Promise.all(urls.map(async (url) => Object.values(await (await fetch(`${url}/idlez`)).json())))).flat()
    .reduce((sum, { unsent, due, lag, waiting }) => sum + unsent + due + lag + waiting, 0);
  let quiet = 0;
  await until('everything carried on', busy, (left) => (quiet = left === 0 ? quiet + 1 : 0) === 2, 200);
}

async function until(what, ask, good, everyMs = 100) {
  for (const end = performance.now() + 600_000; ; await sleep(everyMs)) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (performance.now() > end) throw new Error(`Not within ten minutes: ${what}, ${JSON.stringify(answer)}`);
  }
}

const spent = (before, after) => Object.fromEntries(Object.keys(after).map((name) => [name, Number(((after[name] - before[name]) / 1_000).toFixed(1))]));

/** The peak is told anew from here on. */
const resetPeak = (pid) => writeFile(`/proc/${pid}/clear_refs`, '5');

/** Resident now and at most since the last reset, MB (Linux). */
async function memoryOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return ['VmRSS', 'VmHWM'].map((field) => Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024));
}
