import { createServer } from 'node:http';
import { setPriority } from 'node:os';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

/** Calls `ask` so many times a second, at an even pace whatever the answers take; answers the delays (ms) and statuses. */
export const steady = async (ask, perSecond, seconds) => {
  const [answers, began] = [[], performance.now()];
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = began + (n / perSecond) * 1_000;
    if (due > performance.now()) await sleep(due - performance.now());
    const at = performance.now();
    answers.push(ask().then(({ status }) => ({ status, ms: performance.now() - at })));
  }
  return Promise.all(answers);
};

/** Asks one address with one token over connections kept open; status 0 when nothing came. */
export const asking = (url, token) => {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, { connections: 8, headersTimeout: 15_000, bodyTimeout: 15_000 });
  const headers = { authorization: `Bearer ${token}` };
  return async () => {
    try {
      const { statusCode, body } = await pool.request({ method: 'GET', path: `${pathname}${search}`, headers });
      await body.dump();
      return { status: statusCode };
    } catch {
      return { status: 0 };
    }
  };
};

/** A server that answers 429 to everything and knows nothing: where the same flood goes in the control arm. */
const elsewhere = async () => {
  const server = createServer((_request, response) => response.writeHead(429, { 'content-type': 'application/problem+json' }).end('{"status":429}'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${server.address().port}/`;
};

// As a process of its own, so that whoever floods takes no turn of the loop that measures: argv is the address and the token; each line of
// standard input is a rate there, a rate to the server that knows nothing, and so many seconds; answered by a line of what came from there.
// It yields the cores to everybody else, as a flood from another machine would.
if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  setPriority(19);
  const [there, nowhere] = [asking(process.argv[2], process.argv[3]), asking(await elsewhere(), process.argv[3])];
  process.stdin.setEncoding('utf8');
  for await (const line of process.stdin) {
    const [perSecond, besides, seconds] = line.split(' ').map(Number);
    const [answers] = await Promise.all([steady(there, perSecond, seconds), steady(nowhere, besides, seconds)]);
    console.log(JSON.stringify({ sent: answers.length, refused: answers.filter(({ status }) => status === 429).length }));
  }
}
