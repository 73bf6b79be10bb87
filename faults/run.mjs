import { setTimeout as sleep } from 'node:timers/promises';
import { startHands } from './hands.mjs';
import { checkAll } from './invariants/index.mjs';
import { services } from './platform.mjs';
import { randomOf } from './random.mjs';
import { carryOut, scheduleOf } from './schedule.mjs';
import { offerGoods, sendTraffic } from './traffic.mjs';

const [trafficMs, quietMs] = [4_500, 120_000];

/**
 * One run: goods are offered, then trade and faults begin together; when both are over everybody finishes what is at hand and everything is checked.
 * @param scene what the runs share: platform, world, as, recorder, poison, checked, sealedTo, known, promised.
 * @param options seed; schedule (the faults, when they are not to be made up from the seed).
 */
export const runOnce = async (scene, { seed, schedule: faults = faultsOf(scene, seed), tell = () => {} }) => {
  const { platform, world, as, recorder, poison } = scene;
  const random = randomOf(seed);
  const tag = `R${seed}-${(scene.runs = (scene.runs ?? 0) + 1)}`;
  const began = Date.now();
  const today = await businessNow(platform);
  const day = (ahead) => new Date(today + ahead * 86_400_000).toISOString().slice(0, 10);
  const goods = await offerGoods({ as, world, platform, random, tag, day });
  const hands = startHands({ as, world, platform });
  const [{ promised, counts }] = await Promise.all([
    sendTraffic({ as, world, goods, random, tag, day, ms: trafficMs, pace: 250 }),
    carryOut({ schedule: faults, platform, recorder, as, poison, tell }),
  ]);
  const stormMs = Date.now() - began;
  await platform.ready();
  await calm({ platform, hands });
  await hands.stop();
  await recorder.sync();
  scene.promised.push(...promised);
  const answers = await checkAll({ ...scene, records: recorder.records, promised, now: await businessNow(platform) });
  return { seed, faults, counts, hands: hands.done, answers, stormMs, ms: Date.now() - began, broken: answers.filter(({ broken }) => broken.length > 0) };
};

/** The faults of a seed. */
export const faultsOf = ({ platform }, seed) => scheduleOf({ random: randomOf(seed + 500_000), units: platform.units, embedded: platform.embedded, ms: trafficMs, many: 6 });

/** Business time in milliseconds: its one row, at rate 1. */
export const businessNow = async (platform) => {
  const [{ now }] = await platform.query('clock', 'select epoch + (extract(epoch from clock_timestamp()) * 1000 - wall_epoch) * rate as now from clock');
  return Math.floor(Number(now));
};

/** Until nothing is unsent, unheard, due or to be tried again in any process and nobody has anything to do, three times in a row. */
export const calm = async ({ platform, hands }) => {
  const until = Date.now() + quietMs;
  for (let [quiet, last] = [0, '']; quiet < 3; await sleep(120)) {
    const seen = await platform.idleness().catch((error) => ({ platform: { unsent: String(error) } }));
    const busy = Object.entries(seen).filter(([, { unsent, due, lag, waiting }]) => unsent !== 0 || due !== 0 || lag !== 0 || waiting !== 0);
    const state = JSON.stringify(Object.values(seen).map(({ lastSeq }) => lastSeq));
    // What the rig poisoned is tried some times before it parks: that is waited for too.
    quiet = busy.length === 0 && state === last && (hands === undefined || hands.idle()) ? quiet + 1 : 0;
    if (state !== last) hands?.again();
    last = state;
    if (Date.now() > until) throw new Error(`Not quiet within ${quietMs / 1000} s after the last fault: ${JSON.stringify(busy)}`);
  }
};

/** The story of what broke: the faults in their order, and what is known of the rows concerned. */
export const storyOf = async ({ platform }, { seed, faults, broken }) => {
  const lines = [`seed ${seed}: ${broken.length} invariants do not hold`];
  for (const { name, broken: rows } of broken) lines.push(`✗ ${name} (${rows.length})`, ...rows.slice(0, 5).map((row) => `    ${JSON.stringify(row)}`));
  lines.push('what happened:', ...faults.map(({ kind, atMs, did, ...rest }) => `    ${String(atMs).padStart(6)} ms  ${kind}  ${JSON.stringify(rest)}  ${did ?? ''}`));
  const ids = [...new Set(JSON.stringify(broken.map(({ broken: rows }) => rows.slice(0, 5))).match(/[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? [])].slice(0, 3);
  for (const id of ids) {
    const facts = [];
    for (const service of services) facts.push(...(await platform.query(service, `select '${service}' as service, seq::text, type, key, recordedtime from facts where key = $1 or id::text = $1 or data::text like '%' || $1 || '%' order by recordedtime limit 30`, [id])));
    lines.push(`facts of ${id}:`, ...facts.sort((one, other) => one.recordedtime - other.recordedtime).map(({ service, seq, type, recordedtime }) => `    ${recordedtime.toISOString()}  ${type.split('.').at(-2)} (${service} ${seq})`));
  }
  return lines.join('\n');
};
