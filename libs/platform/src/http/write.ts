import type { Refused } from '@peyvand/kernel';
import { transact, type Source, type TransactOptions, type Tx } from '@peyvand/messaging';
import { nobody, type Caller } from '../auth/caller.js';
import { Answer, toJson } from './answer.js';
import { currentRequest } from './context.js';
import { claim, keep, keyOf, type Stored } from './idempotency.js';
import { problem } from './problem-catalogue.js';
import { problemOf, type RefusalTable } from './refusals.js';

type More = { readonly status?: number; readonly headers?: Readonly<Record<string, string>> };

/** What a use case answers when it did its work. Status: as the route's @Replies says, 204 without a reply, unless given. */
export type Done<T = unknown> = More & { readonly ok: true; readonly reply: T };

export const done: {
  (): Done<undefined>;
  <const T>(reply: T, more?: More): Done<T>;
} = <T>(reply?: T, more: More = {}) => ({ ok: true as const, reply, ...more }) as Done<T>;

type ReplyIn<R> = R extends Done<infer T> ? T : never;

/**
 * Every write over HTTP, in one transaction: key row, work under the caller's row security, facts, answer. A repetition gets the stored
 * answer; a refusal rolls back and stores nothing, so the same key may try again. Throws the problem to answer with.
 */
export const write = async <K extends string, R extends Done | Refused<NoInfer<K>>>(
  source: Source, caller: Caller, refusals: RefusalTable<K>, work: (tx: Tx) => Promise<R>,
): Promise<Answer<ReplyIn<R>, K>> => {
  const key = keyOf(caller);
  const outcome = await transact(source, async (tx) => {
    const claimed = await claim(tx, caller, key);
    if (claimed.kind === 'replay') return { ok: true as const, stored: claimed.stored, replayed: true };
    if (claimed.kind === undefined) return claimed;
    const result: Done | Refused<K> = await work(tx);
    if (!result.ok) return result;
    const stored = storedOf(caller, result);
    await keep(tx, caller, key, stored);
    return { ok: true as const, stored, replayed: false };
  }, optionsOf(caller));
  if (!outcome.ok) {
    note('refused', outcome.reason);
    throw outcome.reason === 'idempotency-key-reused' ? problem('idempotency-key-reused') : problemOf(refusals, outcome as Refused<K>);
  }
  note(outcome.replayed ? 'replayed' : 'done');
  const { status, reply, headers } = outcome.stored;
  // As it was when it was first answered: bigints are text by now.
  return new Answer((reply === null ? undefined : JSON.parse(reply)) as ReplyIn<R>, { status, headers: outcome.replayed ? { ...headers, 'idempotency-replayed': 'true' } : headers });
};

/** Every read over HTTP: a read-only transaction under the caller's row security. Undefined becomes 404. */
export const read = async <T>(source: Source, caller: Caller, work: (tx: Tx) => Promise<T | undefined>): Promise<T> => {
  const found = await transact(source, work, { ...optionsOf(caller), readOnly: true });
  if (found === undefined) throw problem('not-found');
  return found;
};

/** Row security for the caller's party. The operator sees every row: it runs the place and answers for what it does there. */
const optionsOf = (caller: Caller): TransactOptions => ({
  cause: { causationid: caller.command, correlationid: caller.correlationid, traceparent: caller.traceparent },
  ...(caller.roles.includes('operator') && caller.party !== nobody ? {} : { as: { role: 'http', parties: [caller.party] } }),
});

const storedOf = (caller: Caller, { reply, status, headers }: Done<unknown>): Stored => ({
  status: status ?? (reply === undefined ? 204 : caller.status),
  reply: reply === undefined ? null : toJson(reply),
  headers: headers ?? {},
});

const note = (outcome: string, reason?: string): void => {
  const request = currentRequest();
  if (request !== undefined) Object.assign(request, reason === undefined ? { outcome } : { outcome, reason });
};
