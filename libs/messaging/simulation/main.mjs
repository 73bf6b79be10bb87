// npm run simulate -- [--domain [--of orders|financing|delivery|together]] [--schedules 100000] [--seed 1] [--variant NAME] [--processes 2]
import { fork, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import '../test-support/ts-loader.mjs';

const text = { type: 'string' };
const { values } = parseArgs({ options: { schedules: text, seed: text, variant: text, processes: text, domain: { type: 'boolean', default: false }, of: text } });
const { schedules, seed, processes } = { schedules: 100_000, seed: 1, processes: availableParallelism(), ...numbers(values) };
// The messaging, what one service decides, or what they decide together; all with the same three verbs. Without --of they are played one after the other.
const homes = { orders: 'orders', financing: 'financing', delivery: 'delivery', together: 'all-in-one' };
const services = Object.keys(homes);
const halfOf = (service) => import(`../../../apps/${homes[service]}/test/simulation/simulate.ts`);
if (values.of !== undefined && !(values.domain && services.includes(values.of))) {
  console.error(`--of names one of ${services.join(', ')}, and goes with --domain`);
  process.exit(2);
}
if (values.domain && values.of === undefined) process.exit(await each());
const half = values.domain ? await halfOf(values.of) : { ...(await import('./search.ts')), ...(await import('./broken.ts')) };
const { variants, search, shrink, storyOf } = half;
const variant = values.variant === undefined ? undefined : variants[values.variant];
if (![schedules, processes].every((n) => Number.isInteger(n) && n >= 1) || !Number.isInteger(seed) || (values.variant !== undefined && variant === undefined)) {
  console.error(`Usage: npm run simulate -- [--domain [--of ${services.join('|')}]] [--schedules 100000] [--seed 1] [--processes ${availableParallelism()}] [--variant ${Object.keys(variants).join('|')}]`);
  process.exit(2);
}
process.exit(process.send === undefined && processes > 1 ? await shared() : await alone());

/** Every service with these options, or those that know the variant; the first that breaks ends it. */
async function each() {
  const known = values.variant === undefined ? [] : await Promise.all(services.map(async (service) => values.variant in (await halfOf(service)).variants));
  const chosen = known.includes(true) ? services.filter((_, n) => known[n]) : services;
  for (const service of chosen) {
    console.log(`${service}:`);
    const code = await new Promise((resolve) => spawn(process.execPath, [...process.execArgv, import.meta.filename, ...process.argv.slice(2), '--of', service], { stdio: 'inherit' }).on('close', resolve));
    if (code !== 0) return code ?? 1;
  }
  return 0;
}

/** Each process takes a range of seeds; the first break that is found is told, and ends it all. */
async function shared() {
  const [share, began] = [Math.ceil(schedules / processes), process.hrtime.bigint()];
  const done = [];
  const children = [];
  const codes = Array.from({ length: Math.ceil(schedules / share) }, (_, n) => new Promise((resolve) => {
    const count = Math.min(share, schedules - n * share);
    const child = fork(import.meta.filename, ['--schedules', count, '--seed', seed + n * share, ...(values.variant === undefined ? [] : ['--variant', values.variant]), ...(values.domain ? ['--domain', '--of', values.of] : [])].map(String), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    let story = '';
    children.push(child);
    child.stdout.on('data', (part) => void (story += part));
    child.on('message', (so) => {
      const before = Math.floor(sum(done) / 10_000);
      done[n] = so;
      if (Math.floor(sum(done) / 10_000) > before) console.log(`${sum(done)} schedules, nothing broken`);
    });
    child.on('close', (code) => resolve({ code, story }));
  }));
  // Whoever is first with a break; with none, the last that ended well.
  const { code, story } = await Promise.race([...codes.map((one) => one.then((ended) => (ended.code === 0 ? new Promise(() => {}) : ended))), Promise.all(codes).then(([first]) => first)]);
  for (const child of children) child.kill();
  if (code !== 0) console.log(story);
  else console.log(`${schedules} schedules from seed ${seed}: nothing broken, ${Math.round(Number(process.hrtime.bigint() - began) / 1e9)} s in ${children.length} processes`);
  return code ?? 1;
}

async function alone() {
  const told = (done) => (process.send !== undefined ? process.send(done) : done % 10_000 === 0 && console.log(`${done} schedules, nothing broken`));
  const found = await search(seed, schedules, variant, told);
  console.log(found === undefined ? `${schedules} schedules from seed ${seed}: nothing broken` : await storyOf(await shrink(found.schedule, variant), variant));
  return found === undefined ? 0 : 1;
}

function numbers({ variant: _, domain: __, of: ___, ...given }) {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, Number(value)]));
}

function sum(counts) {
  return counts.reduce((total, count) => total + (count ?? 0), 0);
}
