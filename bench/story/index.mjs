// npm run bench -- story [--seconds 60] [--by-hand] [--profile] [--stored 100000] [--rate orders/s] [--backlog 800] [--day seconds] [--orders N]
// An order of 3 lines and 2 matches from import to the settled debt: every service in its process, real Kafka and Postgres, one machine.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startActors } from './actors.mjs';
import { between, hottest, look } from './figures.mjs';
import { startPlatform } from './platform.mjs';
import { callers, orderLines, seed } from './world.mjs';

// Paper of three days: with a business day in 20 s an order lives a minute and more, and its 24 hours to sign are 20 s.
const days = 3;

export default async function bench(args) {
  const option = (name, otherwise) => (args.includes(`--${name}`) ? Number(args[args.indexOf(`--${name}`) + 1]) : otherwise);
  const standing = !args.includes('--by-hand');
  const options = { standing, seconds: option('seconds', 60), rate: option('rate', Infinity), backlog: option('backlog', 800), lot: option('lot', 200), orders: option('orders', 0), warm: option('warm', 20) };
  const profile = args.includes('--profile') ? await mkdtemp(join(tmpdir(), 'peyvand-profile-')) : undefined;
  const platform = await startPlatform({ clockRate: 86_400 / option('day', 20), profile });
  const result = {};
  try {
    const as = callers(platform);
    const world = await seed(as, { terms: { days, base: 'invoice', instrument: 'barat' }, standing });
    const actors = await startActors(platform, as, { standing });
    const telling = setInterval(() => tell(actors), 5_000);
    telling.unref();
    const measure = options.orders > 0 ? wave : run;
    result.story = await measure({ platform, actors, as, world, ...options });
    const stored = option('stored', 0);
    if (stored > 0) {
      const { grow } = await import('./grow.mjs');
      result.grown = await grow(platform, stored);
      result.storyWithMoreStored = await measure({ platform, actors, as, world, ...options });
    }
    result.http = await submitOverHttp({ as, world, actors, seconds: Math.min(10, options.seconds) });
    await drained(actors);
    result.end = await endOf(platform, as, actors);
    await actors.stop();
  } finally {
    if (process.env.STORY_LOG) console.error(platform.said.slice(-60).join('\n'));
    await platform.stop();
    if (profile !== undefined) {
      result.profile = hottest(profile);
      await rm(profile, { recursive: true, force: true });
    }
  }
  return result;
}

const neededBy = '2027-03-19';
let made = 0;

/** Two matches an order, one invoice each: an order is under way until both are approved. What follows waits for the business clock. */
const underWay = (actors, submitted, before) => submitted - (actors.count('InvoiceApproved') - before) / 2;

/** Keeps at most `backlog` orders under way until the first are settled, then looks at `seconds` of the steady state. */
async function run({ platform, actors, as, world, seconds, rate, backlog, lot, warm }) {
  let [running, submitted] = [true, 0];
  const [closed, approved, started] = [actors.count('OrderClosed'), actors.count('InvoiceApproved'), performance.now()];
  const submitting = (async () => {
    while (running) {
      if (underWay(actors, submitted, approved) + lot > backlog || submitted > ((performance.now() - started) / 1_000) * rate) {
        await sleep(50);
        continue;
      }
      const chain = world.chains[(submitted / lot) % world.chains.length];
      await as(chain.id, 'buyer')('POST', 'orders', '/api/orders/import?mode=commit', csvOf(world, lot));
      submitted += lot;
    }
  })();
  while (actors.count('OrderClosed') === closed) {
    await sleep(250);
    if (performance.now() - started > 180_000) throw new Error(`Nothing was settled in three minutes: ${JSON.stringify({ counts: [...actors.counts], failures: [...actors.failures], depths: actors.depths() }, null, 1)}`);
  }
  await sleep(warm * 1_000);
  const a = await look(platform, actors);
  await sleep(seconds * 1_000);
  const b = await look(platform, actors);
  running = false;
  await submitting;
  const figures = between(a, b);
  console.error(JSON.stringify(figures, null, 2));
  await drained(actors);
  return figures;
}

const tell = (actors) => console.error(`${new Date().toISOString().slice(11, 19)} ${['OrderSubmitted', 'PurchaseOrderAccepted', 'MatchSecured', 'ShipmentDispatched', 'GoodsReceived', 'InvoiceApproved', 'InstrumentDrawn', 'InstrumentAccepted', 'FundsDisbursed', 'PaymentCollected', 'OrderClosed'].map((name) => `${name} ${actors.count(name)}`).join(', ')} ${JSON.stringify(actors.depths())} ${JSON.stringify(Object.fromEntries(actors.failures))}`);

/** So many orders from the first submission to the last settlement: on a busy machine the cost per order is told better so than by a rate. */
async function wave({ platform, actors, as, world, orders, backlog, lot }) {
  const a = await look(platform, actors);
  const [sold, approved] = [actors.count('FundsDisbursed'), actors.count('InvoiceApproved')];
  for (let submitted = 0; submitted < orders; submitted += lot) {
    while (underWay(actors, submitted, approved) + lot > backlog) await sleep(50);
    await as(world.chains[(submitted / lot) % world.chains.length].id, 'buyer')('POST', 'orders', '/api/orders/import?mode=commit', csvOf(world, lot));
  }
  // Up to here nothing waits for the business clock; what follows is the wait for maturity.
  while (actors.count('FundsDisbursed') < sold + orders * 2 && actors.count('OrderClosed') < made && performance.now() - a.at < 120_000) await sleep(50);
  const saleSeconds = (performance.now() - a.at) / 1_000;
  await drained(actors);
  const figures = { ordersPerSecondToSale: Number((orders / saleSeconds).toFixed(1)), ...between(a, await look(platform, actors)) };
  console.error(JSON.stringify(figures, null, 2));
  return figures;
}

const csvOf = (world, lot) => {
  const rows = Array.from({ length: lot }, () => {
    made += 1;
    return orderLines(world, made).map(([code, quantity]) => `PO-${made},${code},${quantity},DC-01,${neededBy}`).join('\n');
  });
  return `po number,code,quantity,place code,needed by\n${rows.join('\n')}\n`;
};

/** One order per request, eight at a time: what the HTTP door alone takes. */
async function submitOverHttp({ as, world, seconds }) {
  const until = performance.now() + seconds * 1_000;
  const times = [];
  const one = async () => {
    while (performance.now() < until) {
      const n = (made += 1);
      const at = performance.now();
      await as(world.chains[n % world.chains.length].id, 'buyer')('POST', 'orders', '/api/orders', {
        poNumber: `PO-${n}`, lines: orderLines(world, n).map(([code, quantity]) => ({ code, quantity, shipTo: 'DC-01', neededBy })),
      });
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
  times.sort((x, y) => x - y);
  return { ordersPerSecond: Number((times.length / seconds).toFixed(1)), p50Ms: Number(times[times.length >> 1].toFixed(1)), p99Ms: Number(times[Math.floor(times.length * 0.99)].toFixed(1)) };
}

/** Until every order that was submitted is settled. */
async function drained(actors) {
  for (const until = performance.now() + 120_000; actors.count('OrderClosed') < actors.count('OrderSubmitted') || actors.count('OrderSubmitted') < made;) {
    if (performance.now() > until) return;
    await sleep(500);
  }
}

const endOf = async (platform, as, actors) => {
  const parked = {};
  for (const [service, pool] of Object.entries(platform.databases)) {
    const { rows: [row] } = await pool.query(`select (select count(*) from parked)::int + (select count(*) from deadlines where state = 'parked')::int as n`);
    if (row.n > 0) parked[service] = row.n;
  }
  const { rows } = await platform.statements.query('select substr(datname, 9) as service, deadlocks::int from pg_stat_database where deadlocks > 0');
  const deadlocks = Object.fromEntries(rows.map(({ service, deadlocks: count }) => [service, count]));
  const ledger = await as(randomUUID(), 'operator')('GET', 'financing', '/api/financing/ledger/totals');
  return { submitted: actors.count('OrderSubmitted'), ended: Object.fromEntries(actors.outcomes), paperBought: actors.count('DebtPurchased'), paperRefused: actors.count('InstrumentRefused'), parked, deadlocks, ledger, refusals: Object.fromEntries(actors.failures) };
};
