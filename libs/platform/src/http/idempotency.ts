import { createHash } from 'node:crypto';
import { refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Caller } from '../auth/caller.js';
import { problem } from './problem-catalogue.js';

/** How long a repetition waits for the request it repeats, wall milliseconds; business locks of an HTTP write wait as long. */
const patienceMs = 5_000;

export type Stored = { readonly status: number; readonly reply: string | null; readonly headers: Readonly<Record<string, string>> };

export type Claim = { readonly kind: 'new' } | { readonly kind: 'replay'; readonly stored: Stored } | (Refused<'idempotency-key-reused'> & { readonly kind?: undefined });

/** The caller's key, checked. Throws 400 when it is missing or not fit to be one. */
export const keyOf = (caller: Caller): string => {
  const key = caller.idempotencyKey;
  if (key === undefined || key === '') throw problem('idempotency-key-missing');
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) throw problem('idempotency-key-invalid');
  return key;
};

/**
 * Takes the key before any work is done: its row is inserted first, so a second request with the key waits here until the first has
 * committed or rolled back. Throws 55P03 (lock not available) when that takes too long.
 */
export const claim = async (tx: Tx, caller: Caller, key: string): Promise<Claim> => {
  const inserted = await tx.run(insert, [caller.party, placeOf(caller), key, caller.bodyHash, `${patienceMs}ms`]);
  if (inserted === 1) return { kind: 'new' };
  const [row] = await tx.sql<{ body_hash: string; status: number | null; response: Stored | null }>(find, [caller.party, placeOf(caller), key]);
  // Committed rows carry their answer; the row can only be gone when it has just grown too old.
  if (row === undefined || row.status === null || row.response === null) throw problem('idempotency-key-in-flight', { headers: { 'retry-after': '1' } });
  return row.body_hash === caller.bodyHash ? { kind: 'replay', stored: row.response } : refuse('idempotency-key-reused');
};

/** Keeps the answer with the key, in the same transaction as what it tells of. */
export const keep = async (tx: Tx, caller: Caller, key: string, stored: Stored): Promise<void> => {
  await tx.run(store, [caller.party, placeOf(caller), key, stored.status, JSON.stringify(stored)]);
};

/** Method and address with its query. A long one is shortened by its hash: an index entry holds at most 2,700 bytes. */
const placeOf = ({ path }: Caller): string => (path.length <= 400 ? path : `${path.slice(0, 300)}#${createHash('sha256').update(path).digest('base64url')}`);

// The inserted row comes out of `patience`, so the time limit is set before the insert can wait.
const insert = `
  with patience as (select set_config('lock_timeout', $5, true))
  insert into idempotency (party, route, key, body_hash) select $1, $2, $3, $4 from patience
  on conflict do nothing`;

const find = 'select body_hash, status, response from idempotency where party = $1 and route = $2 and key = $3';

const store = 'update idempotency set status = $4, response = $5::jsonb where party = $1 and route = $2 and key = $3';
