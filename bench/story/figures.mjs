// What a window of the story cost, and where the time went.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuOf, services } from './platform.mjs';

const statementsOf = async ({ statements }) => (await statements.query(`
  select d.datname as database, s.queryid::text as id, left(regexp_replace(s.query, '\\s+', ' ', 'g'), 110) as query, s.calls::float8 as calls, s.total_exec_time as ms, s.rows::float8 as rows
  from pg_stat_statements s join pg_database d on d.oid = s.dbid`)).rows;

/** A look at every meter; `between` makes figures of two. */
export const look = async (platform, actors) => ({ at: performance.now(), cpu: cpuOf(platform), counts: new Map(actors.counts), statements: await statementsOf(platform) });

export const between = (a, b) => {
  const seconds = (b.at - a.at) / 1_000;
  const count = (name) => (b.counts.get(name) ?? 0) - (a.counts.get(name) ?? 0);
  const settled = count('OrderClosed');
  // In a steady state as many come as go; where a window holds more of the one, an order's cost lies between.
  const orders = (count('OrderSubmitted') + settled) / 2;
  const per = (value) => Number((value / Math.max(1, orders)).toFixed(2));
  const before = new Map(a.statements.map((one) => [`${one.database}/${one.id}`, one]));
  const asked = b.statements.map((one) => {
    const old = before.get(`${one.database}/${one.id}`);
    return { ...one, calls: one.calls - (old?.calls ?? 0), ms: one.ms - (old?.ms ?? 0), rows: one.rows - (old?.rows ?? 0) };
  }).filter(({ database, calls }) => calls > 0 && database.startsWith('peyvand_'));
  const facts = [...b.counts.keys()].reduce((sum, name) => sum + count(name), 0);
  const cpu = Object.fromEntries(Object.keys(b.cpu).map((name) => [name, per(b.cpu[name] - a.cpu[name])]));
  const { driver, ...platformCpu } = cpu;
  return {
    seconds: Number(seconds.toFixed(1)), ordersPerSecond: Number((settled / seconds).toFixed(1)), submittedPerSecond: Number((count('OrderSubmitted') / seconds).toFixed(1)), settled,
    factsPerOrder: per(facts), statementsPerOrder: per(asked.reduce((sum, one) => sum + one.calls, 0)),
    cpuMsPerOrder: { ...platformCpu, all: Number(Object.values(platformCpu).reduce((sum, one) => sum + one, 0).toFixed(2)), driver },
    cpuBusy: `${((Object.keys(b.cpu).reduce((sum, name) => sum + b.cpu[name] - a.cpu[name], 0) / 1_000 / seconds) * 100).toFixed(0)} % of one core`,
    statementsByService: Object.fromEntries(services.map((name) => [name, per(asked.filter(({ database }) => database === `peyvand_${name}`).reduce((sum, one) => sum + one.calls, 0))])),
    mostAsked: top(asked, 'calls', per), mostTime: top(asked, 'ms', per),
  };
};

const top = (asked, by, per) => [...asked].sort((x, y) => y[by] - x[by]).slice(0, 22).map(({ database, query, calls, ms, rows }) =>
  `${database.slice(8).padEnd(9)} ${String(per(calls)).padStart(6)} calls ${String(per(ms)).padStart(6)} ms ${String(per(rows)).padStart(6)} rows per order  ${query}`);

/**
 * Each service's CPU profile: its hottest functions, and whose work it was (the nearest caller that is a package or a folder of ours).
 * `from` and `to`, narrow it to a window: milliseconds of `monotonic()`.
 */
export const hottest = (folder, { from = -Infinity, to = Infinity } = {}) => Object.fromEntries(services.filter((name) => existsSync(join(folder, `${name}.cpuprofile`))).map((name) => {
  const { nodes, samples, timeDeltas, startTime } = JSON.parse(readFileSync(join(folder, `${name}.cpuprofile`), 'utf8'));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const [self, areas] = [new Map(), new Map()];
  const add = (sums, key, us) => sums.set(key, (sums.get(key) ?? 0) + us);
  let at = startTime / 1_000;
  samples.forEach((id, index) => {
    at += timeDeltas[index] / 1_000;
    if (at < from || at > to) return;
    const { functionName, url, lineNumber } = byId.get(id).callFrame;
    if (functionName === '(idle)') return;
    add(self, `${functionName || '(anonymous)'} ${url.replace(/^.*\/(node_modules|apps|libs)\//, '').replace('/dist/', '/')}:${lineNumber + 1}`, timeDeltas[index]);
    add(areas, functionName === '(garbage collector)' ? functionName : areaOf(id, byId, parents), timeDeltas[index]);
  });
  const all = [...self.values()].reduce((sum, one) => sum + one, 0);
  const most = (sums, count) => [...sums].sort((x, y) => y[1] - x[1]).slice(0, count).map(([key, us]) => `${((us / all) * 100).toFixed(1).padStart(5)} %  ${key}`);
  return [name, { by: most(areas, 12), functions: most(self, 14) }];
}));

/** Milliseconds of the machine's own clock, the same in all processes. */
export const monotonic = () => Number(process.hrtime.bigint()) / 1e6;

const areaOf = (id, byId, parents) => {
  for (let at = id; at !== undefined; at = parents.get(at)) {
    const { url } = byId.get(at).callFrame;
    const [, area] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? /\/((?:apps|libs)\/[^/]+)\//.exec(url) ?? [];
    if (area !== undefined) return area;
  }
  return 'node';
};
