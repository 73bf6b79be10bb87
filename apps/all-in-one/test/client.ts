import { setTimeout as sleep } from 'node:timers/promises';
import { describedAt, refuseUndescribed } from '@peyvand/testing';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a journey reads what a partner reads: JSON without types
export type Json = any;
export type Reply = { readonly status: number; readonly body: Json; readonly headers: Headers };

/** A partner's view of a running platform: nothing but HTTP, and no answer that the API's description does not allow. */
export type Client = {
  readonly url: string;
  get(user: string | undefined, path: string): Promise<Reply>;
  post(user: string | undefined, path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  send(method: string, user: string | undefined, path: string, body: string | Uint8Array<ArrayBuffer> | undefined, headers: Record<string, string>): Promise<Reply>;
  token(user: string): Promise<string>;
};

let keys = 0;

export const clientOf = (url: string): Client => {
  const tokens = new Map<string, Promise<string>>();
  const described = describedAt(url);
  described.catch(() => {}); // told by the first call
  const token = (user: string): Promise<string> => {
    const known = tokens.get(user) ?? fetch(`${url}/api/auth/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ user }) })
      .then(async (answer) => ((await answer.json()) as { access_token: string }).access_token);
    tokens.set(user, known);
    return known;
  };
  const send = async (method: string, user: string | undefined, path: string, body: string | Uint8Array<ArrayBuffer> | undefined, headers: Record<string, string>): Promise<Reply> => {
    const authorization: Record<string, string> = user === undefined ? {} : { authorization: `Bearer ${await token(user)}` };
    const answer = await fetch(`${url}${path}`, { method, headers: { 'accept-language': 'en', ...authorization, ...headers }, ...(body === undefined ? {} : { body }) });
    const text = await answer.text();
    const reply: Reply = { status: answer.status, headers: answer.headers, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text };
    refuseUndescribed(await described, { method, path, type: answer.headers.get('content-type') ?? undefined, ...reply });
    return reply;
  };
  return {
    url, token, send,
    get: (user, path) => send('GET', user, path, undefined, {}),
    post: (user, path, body, headers = {}) => send('POST', user, path, JSON.stringify(body), { 'content-type': 'application/json', 'idempotency-key': `journey-${process.pid}-${(keys += 1)}`, ...headers }),
  };
};

/** Asks until the answer satisfies; the last answer is in the error when time is up, of a story the names of its facts. */
export const eventually = async <T>(what: string, ask: () => Promise<T>, good: (answer: T) => boolean, withinMs = 90_000): Promise<T> => {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > end) throw new Error(`${what} did not come about in ${withinMs / 1000} s: ${JSON.stringify(Array.isArray(answer) ? answer.map((one: { name?: string }) => one.name ?? one) : answer)?.slice(0, 1_500)}`);
    await sleep(200);
  }
};

export type StoryFact = { readonly id: string; readonly type: string; readonly time: string; readonly causationid?: string; readonly data: Record<string, Json> };

export const storyOf = async (client: Client, user: string, orderId: string): Promise<StoryFact[]> => {
  const { status, body } = await client.get(user, `/api/orders/${orderId}/story`);
  return status === 200 ? body.facts : [];
};

export const nameOf = ({ type }: { type: string }): string => type.split('.').at(-2) ?? type;
export const serviceOf = ({ type }: { type: string }): string => type.split('.').at(-3) ?? type;
