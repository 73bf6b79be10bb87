// npm run bench -- start   How long a warm `npm start` takes to be ready, and what everything in one process weighs.
// Goals: ready within 5 s; at most 350 MB resident without Postgres, after half a minute of the moving demo.
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { scratchFolder } from '../../libs/testing/scratch.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const goals = { readyMs: 5_000, residentMb: 350 };
const [warmStarts, movingMs] = [5, 30_000];

export async function run() {
  const data = await scratchFolder('peyvand-bench-start-');
  const port = await freePort();
  try {
    const first = await start(data, port);
    await first.stop();
    const warm = [];
    for (let n = 0; n < warmStarts; n += 1) {
      const one = await start(data, port);
      warm.push(one.readyMs);
      await one.stop();
    }
    const moving = await start(data, port);
    await sleep(movingMs);
    const [resident, peak] = await memoryOf(moving.pid);
    const postgresMb = await postgresOf(data);
    const summary = await fetch(`http://127.0.0.1:${port}/api/demo/summary`).then((answer) => answer.json());
    await moving.stop();
    warm.sort((a, b) => a - b);
    return {
      coldReadyMs: first.readyMs, warmReadyMs: { median: warm[warm.length >> 1], worst: warm.at(-1), all: warm }, residentMb: { now: resident, peak, postgresBesides: postgresMb },
      afterSeconds: movingMs / 1000, orders: summary.counters.find(({ key }) => key === 'orders')?.value,
      goals: { ...goals, readyMet: warm[warm.length >> 1] <= goals.readyMs, residentMet: resident <= goals.residentMb },
    };
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

/** From the command to the first /readyz that says yes, as a user waits for it. */
async function start(data, port) {
  const began = performance.now();
  const child = spawn(process.execPath, [join(root, 'tools', 'start.mjs')], { cwd: root, env: { ...process.env, PEYVAND_DATA: data, PORT: String(port), HOST: '127.0.0.1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  const ended = new Promise((resolve) => child.once('close', resolve));
  let over = false;
  void ended.then(() => (over = true));
  while (!(await fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok, () => false))) {
    if (over || performance.now() - began > 120_000) throw new Error(`It did not start:\n${output.slice(-2_000)}`);
    await sleep(20);
  }
  const readyMs = Math.round(performance.now() - began);
  return {
    readyMs, pid: child.pid,
    stop: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** Resident now and at most, MB (Linux). */
async function memoryOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return ['VmRSS', 'VmHWM'].map((field) => Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024));
}

async function postgresOf(data) {
  const pid = (await readFile(join(data, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0];
  return pid === '' ? undefined : (await memoryOf(pid))[0];
}

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
