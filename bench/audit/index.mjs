// npm run bench -- audit [facts] [cost|verify]   What sealing costs the write path, and how long a verifier looks for one changed row among a million.
import { readdirSync, readFileSync } from 'node:fs';
import { audit, createStrategy, newSealKey, sealCheckOf, sealKeyOf, transact } from '@peyvand/messaging';
import { contract, figure, median, startCluster } from '../messaging/cluster.mjs';

const [pairs, each, writers] = [8, 12_000, 8];

export default async function bench([facts = '1000000', only]) {
  const cluster = await startCluster();
  try {
    return { ...(only !== 'verify' && { cost: await benchCost(cluster) }), ...(only !== 'cost' && { verify: await benchVerify(cluster, Number(facts)) }) };
  } finally {
    await cluster.stop();
  }
}

const memory = { name: 'memory', ensureTopics: async () => {}, lag: async () => 0, close: async () => {}, produce: async () => {}, subscribe: async () => ({ close: async () => {}, health: () => ({ ok: true }) }) };

/** Runs relay and sealer of a source until `work` is done and nothing is left to send or seal. */
async function running(source, settings, work) {
  const strategy = createStrategy({ services: [{ source, broker: memory, controllers: [], sealing: { key: sealKeyOf(pem) } }], settings, log: () => {} });
  await new Promise((resolve, reject) => void strategy.listen((error) => (error ? reject(error) : resolve())));
  await work();
  const left = settings.sealMs === 0 ? 'select 1 from unsent limit 1' : 'select 1 from unsent union all select 1 from sent limit 1';
  while ((await source.pool.query(left)).rowCount > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  await strategy.close();
}
const pem = newSealKey();

/** Everything of a write (UPDATE, one fact, relay) with seals and without them, the note for the sealer included. */
async function benchCost(cluster) {
  const Moved = contract('delivery', 'Moved');
  const source = await cluster.open('delivery', writers + 4);
  await source.data.query(`create table account (id text primary key, balance bigint not null default 0); insert into account select 'k' || i from generate_series(0, 999) i`);
  const data = (n) => ({ orderId: `k${n % 1_000}`, n, lines: Array.from({ length: 4 }, (_, at) => ({ lineId: `0199a000-0000-7000-a0f0-0000000000${10 + at}`, quantity: 120 + n, price: '4150000' })) });
  const plain = unsealed(source);
  let n = 0;
  const arm = (sealMs) => async () => {
    plain.on = sealMs === 0;
    const before = cpu(cluster);
    await running(source, { sealMs }, () => Promise.all(Array.from({ length: writers }, async () => {
      for (let at = 0; at < each / writers; at++) {
        const mine = n++;
        await transact(source, async (tx) => { await tx.run('update account set balance = balance + 1 where id = $1', [`k${mine % 1_000}`]); await tx.publish(Moved.of(data(mine))); });
      }
    })));
    return ((cpu(cluster) - before) / each) * 1_000;
  };
  const arms = { with: arm(1_000), without: arm(0) };
  for (const run of Object.values(arms)) await run();
  const costs = { with: [], without: [] };
  for (let pair = 0; pair < pairs; pair++) for (const name of pair % 2 === 0 ? ['with', 'without'] : ['without', 'with']) costs[name].push(await arms[name]());
  await source.data.destroy();
  const ratios = costs.with.map((value, at) => value / costs.without[at]).sort((x, y) => x - y);
  console.log(`
write path: UPDATE + one fact + relay, CPU of Node and all of Postgres per transaction (median of ${pairs} interleaved pairs of ${each.toLocaleString('en')})
  without seals        ${figure(median(costs.without))} µs
  sealed (as shipped)  ${figure(median(costs.with))} µs   ratio ${figure(median(ratios))} (${figure(ratios[1])} … ${figure(ratios.at(-2))}; goal 1.03)`);
  return { ratio: median(ratios) };
}

/** While `on`, the relay's statement notes nothing for the sealer. */
function unsealed(source) {
  const state = { on: false };
  const query = source.pool.query.bind(source.pool);
  source.pool.query = (config, ...rest) => {
    if (!state.on || !config?.text?.includes('insert into sent')) return query(config, ...rest);
    const text = config.text.replace(/ returning seq\),\s+told as \([^\n]*\)\n/, ')\n');
    if (text === config.text) throw new Error('The relay notes facts for the sealer in another way: mend this bench');
    return query({ ...config, name: 'relay-only', text }, ...rest);
  };
  return state;
}

async function benchVerify(cluster, facts) {
  const source = await cluster.open('orders', 4);
  await source.pool.query(`insert into facts (id, type, key, time, recordedtime, causationid, correlationid, parties, data)
    select gen_random_uuid(), 'ir.peyvand.orders.MatchMade.v1', 'order-' || i % 50000, now() + i * interval '1 second', clock_timestamp(), gen_random_uuid()::text, gen_random_uuid()::text, array[gen_random_uuid(), gen_random_uuid()],
      json_build_object('orderId', 'order-' || i % 50000, 'n', i, 'buyerId', gen_random_uuid(), 'sellerId', gen_random_uuid(), 'lines', json_build_array(json_build_object('lineId', gen_random_uuid(), 'quantity', i % 900, 'price', (i * 1000)::text))) from generate_series(1, $1::int) i`, [facts]);
  await source.pool.query(`insert into sent (seqs, size) select int8multirange(int8range(i, least(i + 1000, $1 + 1))), least(1000, $1 + 1 - i) from generate_series(1, $1::bigint, 1000) i`, [facts]);
  await source.pool.query('vacuum analyze facts');
  const sealing = cpu(cluster);
  await running(source, { sealMs: 100 }, async () => {});
  console.log(`\nsealing: ${figure(((cpu(cluster) - sealing) / facts) * 1_000)} µs of CPU per fact`);
  const { fingerprint, publicKey } = sealCheckOf(pem);
  const look = async () => {
    const [started, before, own] = [performance.now(), cpu(cluster), process.cpuUsage()];
    const { findings } = await audit(source.pool, { service: 'orders', keys: new Map([[fingerprint, publicKey]]) });
    const { user, system } = process.cpuUsage(own);
    return { findings, seconds: (performance.now() - started) / 1_000, work: (cpu(cluster) - before) / 1_000, own: (user + system) / 1e6 };
  };
  const middle = Math.floor(facts / 2);
  await source.pool.query('create table aside (like facts)');
  const changes = [
    ['nothing changed', [], [], 0],
    ['one edited', [`update facts set data = (data::text || ' ')::json where seq = ${middle}`], [`update facts set data = rtrim(data::text)::json where seq = ${middle}`], 1],
    ['one deleted', [`insert into aside select * from facts where seq = ${middle}`, `delete from facts where seq = ${middle}`], ['insert into facts select * from aside', 'truncate aside'], 1],
    ['two changed places', [`update facts set seq = ${2 * middle + 1} - seq where seq in (${middle}, ${middle + 1})`], [`update facts set seq = ${2 * middle + 1} - seq where seq in (${middle}, ${middle + 1})`], 2],
  ];
  const result = { facts, slowest: 0 };
  console.log(`\nverifier: ${facts.toLocaleString('en')} facts, every hash, root and the chain (goal: found in 5 s)`);
  for (const [what, harm, mend, expected] of changes) {
    for (const statement of harm) await source.pool.query(statement);
    const { findings, seconds, work, own } = await look();
    for (const statement of mend) await source.pool.query(statement);
    if (findings.length !== expected) throw new Error(`${what}: found ${JSON.stringify(findings.slice(0, 3))}, not ${expected}`);
    result.slowest = Math.max(result.slowest, seconds);
    console.log(`  ${what.padEnd(20)} ${figure(seconds)} s (${figure(work)} s of CPU, ${figure(own)} of it in Node)   ${findings.map(({ kind, seq }) => `${kind} ${seq}`).join(', ')}`);
  }
  await source.data.destroy();
  return result;
}

/** User and system time of this process and of every process of the cluster, also those that have ended, milliseconds. */
function cpu({ pid }) {
  const { user, system } = process.cpuUsage();
  let ticks = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`)?.split(') ')[1]?.split(' ');
    if (stat === undefined || (Number(name) !== pid && Number(stat[1]) !== pid)) continue;
    ticks += Number(stat[11]) + Number(stat[12]) + (Number(name) === pid ? Number(stat[13]) + Number(stat[14]) : 0);
  }
  return (user + system) / 1_000 + ticks * 10;
}

const read = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};
