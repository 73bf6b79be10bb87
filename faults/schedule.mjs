// What happens to the platform during a run. Each fault is made up from the seed beforehand, so that the same seed does the same again.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { services } from './platform.mjs';

const consumers = services.filter((service) => service !== 'producers');

/** How often (weight), its parameters from the seed, whether it needs processes and Kafka. A member that is paused for 2.5 s is taken for dead. */
const kinds = {
  'kill a service': { weight: 12, of: ({ random, units }) => ({ unit: random.pick(units), downMs: random.whole(50, 1_500) }) },
  'pause a service': { weight: 5, of: ({ random, units }) => ({ unit: random.pick(units), ms: random.chance(0.3) ? random.whole(3_000, 5_000) : random.whole(200, 2_000) }) },
  'kill the broker': { weight: 1, processes: true, of: ({ random }) => ({ downMs: random.whole(100, 2_000) }) },
  'stop Postgres at once': { weight: 2, of: ({ random }) => ({ downMs: random.whole(0, 1_000) }) },
  'cut after COMMIT': { weight: 6, of: ({ random }) => ({ times: random.whole(1, 8) }) },
  'cut before COMMIT': { weight: 4, of: ({ random }) => ({ times: random.whole(1, 8) }) },
  'repeat records, in another order': { weight: 6, of: ({ random }) => ({ many: random.whole(20, 200), pick: random.whole(1, 1e6) }) },
  'hold a relay back': { weight: 6, of: ({ random }) => ({ service: random.pick(['orders', 'financing', 'delivery', 'producers']), ms: random.whole(500, 4_000) }) },
  'add a replica, then remove it': { weight: 2, processes: true, of: ({ random }) => ({ service: random.pick(consumers), ms: random.whole(2_500, 5_000) }) },
  'poison a topic': { weight: 5, of: ({ random }) => ({ topic: random.pick(['peyvand.orders', 'peyvand.delivery', 'peyvand.financing']), readable: random.chance(0.5), id: random.uuid() }) },
  'a bank that is slow, refuses or answers twice': { weight: 4, of: ({ random }) => ({ payments: random.pick(['slow', 'twice', 'refuse']), delayMs: random.whole(100, 1_500), ms: random.whole(1_000, 5_000) }) },
  'let the clock jump': { weight: 2, of: ({ random }) => ({ hours: random.pick([6, 24, 30]) }) },
};

/** So many faults, spread over the run. */
export const scheduleOf = ({ random, units, embedded, ms, many }) => {
  const able = Object.entries(kinds).filter(([, { processes }]) => !(embedded && processes)).flatMap(([kind, { weight }]) => Array(weight).fill(kind));
  const rare = new Set(['kill the broker', 'stop Postgres at once']);
  const drawn = new Set();
  return Array.from({ length: many }, () => {
    let kind = random.pick(able);
    // Twice in a run these would only prolong one outage.
    while (rare.has(kind) && drawn.has(kind)) kind = random.pick(able);
    drawn.add(kind);
    return { atMs: random.whole(200, ms), kind, ...kinds[kind].of({ random, units }) };
  }).sort((one, other) => one.atMs - other.atMs);
};

/** Does one after the other at its time (several at once where they last); resolves when all is over and everything stands again. */
export const carryOut = async ({ schedule, platform, recorder, as, poison, tell }) => {
  const began = Date.now();
  await Promise.all(schedule.map(async (fault) => {
    await sleep(Math.max(0, fault.atMs - (Date.now() - began)));
    const from = Date.now() - began;
    await acts[fault.kind]({ ...fault, platform, recorder, as, poison }).catch((error) => {
      // Another fault was in its way (the rig's own connection was cut too): it did not happen and does not count.
      fault.missed = error.message;
      tell(`${fault.kind}: ${error.message}`);
    });
    fault.did = `${from}–${Date.now() - began} ms`;
  }));
  platform.proxy.disarm();
  await platform.ready();
};

const acts = {
  'kill a service': async ({ platform, unit, downMs }) => {
    await platform.kill(unit);
    await sleep(downMs);
    platform.start(unit);
  },
  'pause a service': async ({ platform, unit, ms }) => {
    platform.pause(unit);
    await sleep(ms);
    platform.resume(unit);
  },
  'kill the broker': async ({ platform, downMs }) => {
    await platform.kafka.kill();
    await sleep(downMs);
    await platform.kafka.restart();
  },
  'stop Postgres at once': async ({ platform, downMs }) => {
    await platform.postgres.crash();
    await sleep(downMs);
    await platform.postgres.restart();
  },
  'cut after COMMIT': async ({ platform, times }) => void (platform.proxy.armed.after += times),
  'cut before COMMIT': async ({ platform, times }) => void (platform.proxy.armed.before += times),
  'repeat records, in another order': async ({ recorder, many, pick }) => {
    const { records } = recorder;
    if (records.length === 0) return; // nothing was told yet
    // Spread over all topics and times, in steps that are no neighbours: late, doubled and out of order at once.
    const chosen = Array.from({ length: many }, (_, n) => records[(pick + n * 7_919) % records.length]);
    await recorder.repeat(chosen.filter(({ headers }) => headers.rig === undefined));
  },
  'hold a relay back': async ({ platform, service, ms }) => {
    // As if another process held the lease: this service's facts stay behind while others' go on.
    await platform.query(service, `update leases set holder = $1, epoch = epoch + 1, until = clock_timestamp() + $2 * interval '1 ms' where name = 'relay'`, [randomUUID(), ms]);
    await sleep(ms);
  },
  'add a replica, then remove it': async ({ platform, service, ms }) => {
    const unit = await platform.addReplica(service);
    await sleep(ms);
    await platform.removeReplica(unit);
  },
  'poison a topic': async ({ recorder, topic, readable, id, poison }) => {
    const service = topic.split('.')[1];
    const type = { orders: 'ir.peyvand.orders.MatchMade.v1', delivery: 'ir.peyvand.delivery.GoodsReceived.v1', financing: 'ir.peyvand.financing.LimitReserved.v1' }[service];
    const now = new Date().toISOString();
    poison.add(id);
    await recorder.send(topic, {
      key: id, value: readable ? JSON.stringify({ orderId: id, matchId: 'no such thing', lines: 'none' }) : '{"broken',
      headers: { rig: 'poison', ce_id: id, ce_type: type, ce_source: `/peyvand/${service}`, ce_specversion: '1.0', ce_time: now, ce_recordedtime: now, ce_correlationid: id, ce_partitionkey: id },
    });
  },
  'a bank that is slow, refuses or answers twice': async ({ as, payments, delayMs, ms }) => {
    const operator = as(randomUUID(), 'operator');
    await operator.call('PUT', 'financing', '/api/financing/demo/bank', { payments, delayMs });
    await sleep(ms);
    for (let tries = 0; tries < 40 && (await operator.call('PUT', 'financing', '/api/financing/demo/bank', { payments: 'ok', delayMs: 0 })).status !== 200; tries++) await sleep(250);
  },
  'let the clock jump': ({ platform, hours }) => advanceClock(platform, hours * 3_600_000),
};

/** Every process reads the one row within 200 ms. */
export const advanceClock = (platform, ms) => platform.query('clock', 'update clock set epoch = epoch + $1', [ms]);
