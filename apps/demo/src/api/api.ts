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
  /** Follows the caller's feed; calls back with the type of every fact it may see, from now on, until the signal. */
  follow(onFact: (fact: FeedFact) => void, signal: AbortSignal): Promise<void>;
};

export type FeedFact = { readonly id: string; readonly type: string; readonly time?: string; readonly data: Record<string, unknown> };

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
      const response = await fetch(`${apiUrl}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${bearer}` } });
      if (response.status !== 401 || attempt > 0) return response;
      await response.body?.cancel();
      if (token === held) token = undefined;
    }
  };
  return {
    user,
    get: async (path) => answer(await ask(path, {})),
    send: async (method, path, body, key) =>
      answer(await ask(path, { method, headers: { 'content-type': 'application/json', 'idempotency-key': key }, body: JSON.stringify(body) })),
    follow: (onFact, signal) => follow((path) => ask(path, { headers: { accept: 'text/event-stream' }, signal }), onFact, signal),
  };
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

const follow = async (open: (path: string) => Promise<Response>, onFact: (fact: FeedFact) => void, signal: AbortSignal): Promise<void> => {
  let after = 'now';
  while (!signal.aborted) {
    try {
      const response = await open(`/api/events?after=${encodeURIComponent(after)}`);
      if (!response.ok || response.body === null) throw new Refusal(response.status, 'feed', await response.text());
      let rest = '';
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) after = tell(block, onFact) ?? after;
      }
    } catch {
      // The edge restarts or the line broke: the lists are read anyway, the stream only makes that prompt.
    }
    await sleep(1_000, undefined, { signal }).catch(() => undefined);
  }
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
