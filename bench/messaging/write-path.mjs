// What the publishing state costs the writer: CPU of Node and of the Postgres backend per transaction, with and without the row in unsent.
import { readFileSync } from 'node:fs';
import { transact } from '@peyvand/messaging';
import { contract, figure, median } from './cluster.mjs';

const [pairs, each] = [12, 1_500];

export async function benchWritePath({ cluster }) {
  const Moved = contract('delivery', 'Moved');
  const source = await cluster.open('delivery', 1);
  await source.data.query(`create table account (id text primary key, balance bigint not null default 0); insert into account select 'k' || i from generate_series(0, 999) i`);
  const [{ pid }] = await source.data.query('select pg_backend_pid() as pid');
  const effect = (tx, n) => tx.run('update account set balance = balance + 1 where id = $1', [`k${n % 1_000}`]);
  const once = (n) => transact(source, async (tx) => { await effect(tx, n); await tx.publish(Moved.of({ orderId: `k${n % 1_000}`, n })); });
  const stateless = await withoutState(source);
  const arms = { with: (n) => (stateless.on = false, once(n)), without: (n) => (stateless.on = true, once(n)) };
  const block = async (arm) => {
    const before = cpu(pid);
    for (let n = 0; n < each; n++) await arm(n);
    return ((cpu(pid) - before) / each) * 1_000;
  };
  await block(arms.with);
  await block(arms.without);
  const costs = { with: [], without: [] };
  for (let pair = 0; pair < pairs; pair++) {
    for (const name of pair % 2 === 0 ? ['with', 'without'] : ['without', 'with']) costs[name].push(await block(arms[name]));
    await source.data.query('truncate unsent');
  }
  await source.data.destroy();
  const ratios = costs.with.map((value, i) => value / costs.without[i]).sort((x, y) => x - y);
  console.log(`
write path: UPDATE + one fact, CPU of Node and backend per transaction (median of ${pairs} interleaved pairs of ${each})
  without publishing state   ${figure(median(costs.without))} µs
  with (as shipped)          ${figure(median(costs.with))} µs   ratio ${figure(median(ratios))} (${figure(ratios[1])} … ${figure(ratios.at(-2))}; goal 1.10)`);
  return { ratio: median(ratios) };
}

/** While `on`, the statement that stores facts leaves out the row in unsent; everything else stays as it is. */
async function withoutState(source) {
  const client = await source.pool.connect();
  const state = { on: false };
  const query = client.query.bind(client);
  client.query = (config, ...rest) => {
    if (!state.on || !config?.text?.includes('insert into unsent')) return query(config, ...rest);
    const text = config.text.slice(config.text.indexOf('insert into facts'), config.text.indexOf('returning seq'));
    return query({ ...config, name: 'facts-only', text }, ...rest);
  };
  client.release();
  return state;
}

/** User and system time of this process and of the backend, milliseconds. */
const cpu = (pid) => {
  const { user, system } = process.cpuUsage();
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (user + system) / 1_000 + (Number(stat[11]) + Number(stat[12])) * 10;
};
