import { setTimeout as sleep } from 'node:timers/promises';

/** The platform said no (a problem+json answer), or 5xx. */
export class Refusal extends Error {
  constructor(readonly status: number, readonly type: string, detail: string) {
    super(`${status} ${type}: ${detail}`);
  }
}

/** One demo user's way into the public API. */
export type Caller = {
  readonly user: string;
  get<T>(path: string): Promise<T>;
  /** `key` makes a repetition harmless: it is the Idempotency-Key. */
  send<T = unknown>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body: unknown, key: string): Promise<T>;
  /** The caller's feed: every fact it may see from the first look on, each told once or more often. */
  feed(onFact: (fact: FeedFact) => void): Feed;
};

export type Feed = {
  /** Hears facts as they are told, until the signal. */
  follow(signal: AbortSignal): Promise<void>;
  /** Hears, before it resolves, everything told so far that is still on its way. The first time it only takes its place. */
  catchUp(): Promise<void>;
};

export type FeedFact = { readonly id: string; readonly type: string; readonly time?: string; readonly data: Record<string, unknown> };

/** Longer than any machine is busy: only a line that is dead is given up. */
const patienceMs = 60_000;

/** Signs in on the first call and again when the token ends. */
export const callerOf = (apiUrl: string, user: string): Caller => {
  let token: Promise<string> | undefined;
  const ask = async (path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> => {
    for (let attempt = 0; ; attempt += 1) {
      token ??= signIn(apiUrl, user);
      const held = token;
      const bearer = await held.catch((error: unknown) => {
        token = undefined;
        throw error;
      });
      const response = await fetch(`${apiUrl}${path}`, { signal: AbortSignal.timeout(patienceMs), ...init, headers: { ...init.headers, authorization: `Bearer ${bearer}` } });
      if (response.status !== 401 || attempt > 0) return response;
      await response.body?.cancel();
      if (token === held) token = undefined;
    }
  };
  const get = async <T>(path: string): Promise<T> => answer(await ask(path, {}));
  return {
    user,
    get,
    send: async (method, path, body, key) =>
      answer(await ask(path, { method, headers: { 'content-type': 'application/json', 'idempotency-key': key }, body: JSON.stringify(body) })),
    feed: (onFact) => feedOf(get, (path, signal) => ask(path, { headers: { accept: 'text/event-stream' }, signal }), onFact),
  };
};

/** The same caller, who asks again for a while when the platform does not answer or says that the fault is its own. */
export const persistent = (caller: Caller): Caller => {
  const again = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask();
      } catch (error) {
        if (attempt === 12 || (error instanceof Refusal && error.status < 500)) throw error;
        await sleep(Math.min(5_000, 100 * 2 ** attempt));
      }
    }
  };
  return { ...caller, get: (path) => again(() => caller.get(path)), send: (...request) => again(() => caller.send(...request)) };
};

const signIn = async (apiUrl: string, user: string): Promise<string> => {
  const response = await fetch(`${apiUrl}/api/auth/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ user }) });
  const body = await answer<Record<string, unknown>>(response);
  const token = body['access_token'] ?? body['token'] ?? body['accessToken'];
  if (typeof token !== 'string') throw new Error(`No token for ${user}`);
  return token;
};

const answer = async <T>(response: Response): Promise<T> => {
  const text = await response.text();
  const body: unknown = text === '' ? undefined : parse(text);
  if (response.ok) return body as T;
  const problem = (body ?? {}) as { type?: string; detail?: string; title?: string; errors?: unknown };
  throw new Refusal(response.status, (problem.type ?? 'unknown').replace('urn:peyvand:problem:', ''), `${problem.detail ?? problem.title ?? text.slice(0, 200)}${problem.errors ? ` ${JSON.stringify(problem.errors).slice(0, 400)}` : ''}`);
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

type Page = { readonly items: readonly FeedFact[]; readonly next: string };
const pageSize = 200;

const feedOf = (get: <T>(path: string) => Promise<T>, open: (path: string, signal: AbortSignal) => Promise<Response>, onFact: (fact: FeedFact) => void): Feed => {
  let after = 'now';
  const catchUp = async (): Promise<void> => {
    for (let full = true; full; ) {
      const { items, next } = await get<Page>(`/api/events?after=${encodeURIComponent(after)}&limit=${pageSize}`);
      for (const fact of items) onFact(fact);
      after = next;
      full = items.length === pageSize;
    }
  };
  const listen = async (signal: AbortSignal): Promise<void> => {
    const response = await open(`/api/events?after=${encodeURIComponent(after)}`, signal);
    if (!response.ok || response.body === null) throw new Refusal(response.status, 'feed', await response.text());
    let rest = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) after = tell(block, onFact) ?? after;
    }
  };
  const follow = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      // The edge restarts or the line breaks: what was told meanwhile is told after it.
      await listen(signal).catch(() => undefined);
      await sleep(1_000, undefined, { signal }).catch(() => undefined);
    }
  };
  return { follow, catchUp };
};

const tell = (block: string, onFact: (fact: FeedFact) => void): string | undefined => {
  let id: string | undefined;
  for (const line of block.split('\n')) {
    if (line.startsWith('id:')) id = line.slice(3).trim();
    if (line.startsWith('data:')) {
      const fact = parse(line.slice(5)) as FeedFact;
      if (typeof fact === 'object' && fact !== null && typeof fact.type === 'string') onFact(fact);
    }
  }
  return id;
};
