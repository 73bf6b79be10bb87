import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describedAt, refuseUndescribed, type Faults } from '@peyvand/testing';

/* eslint-disable @typescript-eslint/no-explicit-any -- a journey states the fields it reads of an answer */
export type Reply<T = any> = { readonly status: number; readonly body: T; readonly headers: Headers };
export type Ask = { readonly key?: string | null; readonly headers?: Readonly<Record<string, string>> };

/** A demo user's way into the public API; each call answers whatever came as long as the API's description allows it, `want…` throw when it was not a 2xx. */
export type Person = {
  call(method: string, path: string, body?: unknown, ask?: Ask): Promise<Reply>;
  get(path: string, ask?: Ask): Promise<Reply>;
  post(path: string, body: unknown, ask?: Ask): Promise<Reply>;
  upload(path: string, content: string | Uint8Array, ask?: Ask): Promise<Reply>;
  want<T = any>(path: string): Promise<T>;
  wantPost<T = any>(path: string, body: unknown, ask?: Ask): Promise<T>;
};
/* eslint-enable @typescript-eslint/no-explicit-any */

export type People = (user: string) => Person;

/** Everybody of the demo at this address, each signed in on the first call. */
export const peopleOf = (url: string): People => {
  const known = new Map<string, Person>();
  const described = describedAt(url);
  return (user) => {
    const person = known.get(user) ?? personOf(url, tokenFor(url, user), described);
    known.set(user, person);
    return person;
  };
};

/** Speaks with this token, or as nobody when it is ''. */
export const personOf = (url: string, token: Promise<string>, described: Promise<Faults> = describedAt(url)): Person => {
  for (const awaited of [token, described]) awaited.catch(() => {}); // told by the first call
  const call = async (method: string, path: string, body?: unknown, { key = randomUUID(), headers = {} }: Ask = {}): Promise<Reply> => {
    const bearer = await token;
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await patiently(() => fetch(`${url}${path}`, {
      method,
      headers: {
        'accept-language': 'en', ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' || key === null ? {} : { 'idempotency-key': key }), ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? body as string : JSON.stringify(body) }),
    }));
    const text = await response.text();
    const type = response.headers.get('content-type') ?? undefined;
    const answer: Reply = { status: response.status, headers: response.headers, body: type?.includes('json') === true ? JSON.parse(text) : text };
    refuseUndescribed(await described, { method, path, type, ...answer });
    return answer;
  };
  const wanted = (reply: Reply, what: string) => {
    if (reply.status < 200 || reply.status > 299) throw new Error(`${what}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  return {
    call,
    get: (path, ask) => call('GET', path, undefined, ask),
    post: (path, body, ask) => call('POST', path, body, ask),
    upload: (path, content, ask) => call('POST', path, content, { ...ask, headers: { 'content-type': 'text/csv', ...ask?.headers } }),
    want: async (path) => wanted(await call('GET', path), `GET ${path}`),
    wantPost: async (path, body, ask) => wanted(await call('POST', path, body, ask), `POST ${path}`),
  };
};

const tokenFor = async (url: string, user: string): Promise<string> => {
  const response = await fetch(`${url}/api/auth/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ user }) });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`No token for ${user}`);
  return token;
};

/** A service may be restarting: 503 and a refused connection are asked again with the same key, as the answer itself says. */
const patiently = async (ask: () => Promise<Response>): Promise<Response> => {
  for (let attempt = 1; ; attempt += 1) {
    const response = await ask().catch((error: unknown) => {
      if (attempt >= 60) throw error;
      return undefined;
    });
    if (response !== undefined && (response.status !== 503 || attempt >= 60)) return response;
    await response?.body?.cancel();
    await sleep(500);
  }
};

/** Asks until there is an answer other than undefined. Throws, naming `what`, after `withinMs` of wall time. */
export const until = async <T>(what: string, ask: () => Promise<T | undefined>, withinMs = 30_000): Promise<T> => {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`Nothing within ${withinMs / 1000} s: ${what}`);
    await sleep(60);
  }
};

/** Runs `work` over all of `items`, a few at a time. */
export const each = async <T>(items: readonly T[], work: (item: T) => Promise<unknown>, atOnce = 8): Promise<void> => {
  const left = [...items];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  }));
};
