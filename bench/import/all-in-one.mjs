// `npm start -- --empty` in a folder of its own: every service in one process, embedded Postgres and broker. The same shape as bench/story/platform.mjs.
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { scratchFolder } from '../../libs/testing/scratch.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

export async function startAllInOne() {
  const folder = await scratchFolder('peyvand-import-');
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = { ...process.env, PEYVAND_DATA: folder, PEYVAND_CLOCK_RATE: '1', PORT: new URL(url).port, HOST: '127.0.0.1' };
  const child = spawn(process.execPath, [join(root, 'tools', 'start.mjs'), '--empty'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-20_000)));
  const ended = new Promise((resolve) => child.once('close', resolve));
  for (const until = Date.now() + 120_000; !(await fetch(`${url}/readyz`).then(({ ok }) => ok, () => false)); await sleep(100)) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`It did not start:\n${said}`);
  }
  const { items: users } = await (await fetch(`${url}/api/auth/users`)).json();
  return {
    day: '2026-08-23', urlOf: () => url, ordersPid: child.pid, children: new Map([['everything', child]]),
    postmaster: Number((await readFile(join(folder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]),
    /** The demo's own issuer: whoever of the party has the role. */
    tokenFor: async (_subject, party, [role]) => {
      const { user } = users.find(({ party: { id }, roles }) => roles.includes(role) && (role === 'operator' || id === party));
      const answer = await fetch(`${url}/api/auth/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ user }) });
      return (await answer.json()).access_token;
    },
    async stop() {
      child.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
