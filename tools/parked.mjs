// npm run parked -- list | show | redrive | discard: what stands still on the platform, and the operator's means, over the public API.
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';

const services = ['producers', 'retailers', 'orders', 'financing', 'delivery', 'edge'];
const usage = `Usage: npm run parked -- <command> [options]
  list     [--service orders] [--group G] [--state parked|retrying|waiting|queued] [--type T]   all services when left out
  show     --service orders --group G --id ID                                                  one, with its fact
  redrive  --service orders --group G (--id ID | --key KEY | --type T | --all) [--dry-run]      sets going again; each takes effect once
  discard  --service orders --group G --id ID --reason "…"                                     gives up for good; its key goes on
Group "deadlines" holds deadlines and errands.
  --url    the platform's address (http://127.0.0.1:8080)
  --user   demo user to sign in as (operator); elsewhere set PEYVAND_TOKEN`;

const options = Object.fromEntries(['service', 'group', 'state', 'type', 'id', 'key', 'reason', 'url', 'user'].map((name) => [name, { type: 'string' }]));

/** Answers the exit code: 0 done, 1 the platform refused, 2 the command is wrong. */
export async function parked(args, print = console.log) {
  const asked = read(args);
  if (asked === undefined || wrong(asked)) {
    print(usage);
    return 2;
  }
  const { command, url = 'http://127.0.0.1:8080', ...which } = asked;
  try {
    const call = await caller(url, which.user);
    if (command === 'list') return await list(call, which, print);
    const path = `/api/${which.service}/parked`;
    const answer = command === 'show' ? await call('GET', `${path}/${which.group}/${encodeURIComponent(which.id)}`)
      : command === 'discard' ? await call('POST', `${path}/${which.group}/${encodeURIComponent(which.id)}/discard`, { reason: which.reason })
      : await call('POST', `${path}/redrive`, { group: which.group, id: which.id, key: which.key, type: which.type, all: which.all, dryRun: which['dry-run'] });
    if (command !== 'redrive') print(JSON.stringify(answer, null, 2));
    else print([`${answer.items.length} ${answer.dryRun ? 'would be set going (dry run)' : 'set going'}`, ...answer.items.map(({ id, key, type }) => `  ${id}  ${key}  ${type}`)].join('\n'));
    return 0;
  } catch (error) {
    print(error.message);
    return 1;
  }
}

function read(args) {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { ...options, all: { type: 'boolean' }, 'dry-run': { type: 'boolean' } } });
    return positionals.length === 1 ? { command: positionals[0], ...values } : undefined;
  } catch {
    return undefined;
  }
}

function wrong({ command, service, group, id, key, type, all, reason }) {
  const named = service !== undefined && services.includes(service) && group !== undefined;
  switch (command) {
    case 'list': return service !== undefined && !services.includes(service);
    case 'show': return !named || id === undefined;
    case 'discard': return !named || id === undefined || reason === undefined;
    case 'redrive': return !named || [id, key, type, all].filter((given) => given !== undefined).length !== 1;
    default: return true;
  }
}

async function list(call, { service, group, state, type }, print) {
  const query = new URLSearchParams(Object.entries({ group, state, type }).filter(([, value]) => value !== undefined));
  let count = 0;
  for (const name of service === undefined ? services : [service]) {
    const { items } = await call('GET', `/api/${name}/parked?${query}`);
    count += items.length;
    for (const one of items) print(`${name}  ${one.group}  ${one.state}  ${one.attempts} tries  ${one.type}\n    id ${one.id}  key ${one.key}\n    ${one.error ?? ''}`);
  }
  print(count === 0 ? 'Nothing stands still.' : `${count} in all`);
  return 0;
}

/** Speaks to the platform as an operator. Throws the problem's own words when it refuses. */
async function caller(url, user = 'operator') {
  const send = async (method, path, body, token) => {
    const response = await fetch(new URL(path, url), {
      method, signal: AbortSignal.timeout(30_000),
      headers: { 'content-type': 'application/json', 'accept-language': 'en', 'idempotency-key': randomUUID(), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error) => { throw new Error(`${url} does not answer (${error.cause?.code ?? error.message}). Is the platform running there? --url says where.`); });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer.detail ?? answer.title ?? ''}`);
    return answer;
  };
  const token = process.env.PEYVAND_TOKEN ?? (await send('POST', '/api/auth/token', { user })).access_token;
  return (method, path, body) => send(method, path, body, token);
}

if (import.meta.main ?? process.argv[1]?.endsWith('parked.mjs')) process.exitCode = await parked(process.argv.slice(2));
