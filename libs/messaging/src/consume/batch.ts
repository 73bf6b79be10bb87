import type { PoolClient } from 'pg';
import { isContention, isOutage } from '../errors.js';
import type { Source } from '../source.js';
import type { OpenTx } from '../store/open-tx.js';
import { openTransaction } from '../transact.js';
import { FactFailed, originOf } from './fact-failed.js';
import { handle } from './handle.js';
import type { Handlers } from './handler.js';
import { divert, sidelined, takeNew, type Heard } from './inbox.js';

export type BatchResult = {
  readonly handled: number;
  readonly duplicates: number;
  /** Keys whose facts went to the side queue; someone must look after them now. */
  readonly diverted: ReadonlySet<string>;
};

/**
 * Handles a batch in one transaction: inbox rows, effects, published facts. A key that fails, or already has a side queue, is set
 * aside in the same transaction and the others go on. Throws only on outages: then nothing is stored and the batch must come again.
 */
export const handleBatch = async (source: Source, group: string, handlers: Handlers, heard: readonly Heard[]): Promise<BatchResult> => {
  try {
    return await attempt(source, group, handlers, heard, false);
  } catch (error) {
    if (isOutage(error)) throw error;
    // Somebody's fact failed. Once more from the start, with savepoints, to find whose.
    return attempt(source, group, handlers, heard, true);
  }
};

const attempt = (source: Source, group: string, handlers: Handlers, heard: readonly Heard[], careful: boolean): Promise<BatchResult> =>
  openTransaction(source, async (open, client) => {
    const fresh = await takeNew(client, group, heard);
    if (fresh.length === 0) return { handled: 0, duplicates: heard.length, diverted: new Set<string>() };
    const aside = await sidelined(client, group, [...new Set(fresh.map(({ fact }) => fact.key))]);
    const ready = aside.size === 0 ? fresh : fresh.filter(({ fact }) => !aside.has(fact.key));
    const failed = careful ? await sift({ source, handlers, open, client }, ready) : await straight({ source, handlers, open }, ready);
    for (const key of failed) aside.add(key);
    const off = fresh.filter(({ fact }) => aside.has(fact.key));
    await divert(client, group, off);
    return { handled: fresh.length - off.length, duplicates: heard.length - fresh.length, diverted: aside };
  });

type Work = { readonly source: Source; readonly handlers: Handlers; readonly open: OpenTx };

const straight = async ({ source, handlers, open }: Work, heard: readonly Heard[]): Promise<string[]> => {
  try {
    await handle(heard.map(({ fact }) => fact), handlers, open, source.clock.now());
    return [];
  } catch (error) {
    // Contention ends the whole transaction and an outage has ended it already: neither is any fact's fault.
    const origin = originOf(error);
    throw isContention(origin) || isOutage(origin) ? origin : error;
  }
};

/** Handles what can be handled and answers the keys that cannot: known culprits at once, others by halving. */
const sift = async (work: Work & { client: PoolClient }, heard: readonly Heard[]): Promise<string[]> => {
  if (heard.length === 0) return [];
  const { client, open } = work;
  const mark = open.mark;
  await client.query('SAVEPOINT sift');
  try {
    await straight(work, heard);
    await client.query('RELEASE SAVEPOINT sift');
    return [];
  } catch (error) {
    if (isContention(error) || isOutage(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT sift; RELEASE SAVEPOINT sift');
    open.forget(mark);
    const keys = [...new Set(heard.map(({ fact }) => fact.key))];
    if (keys.length === 1) return keys;
    const culprit = error instanceof FactFailed ? error.fact.key : undefined;
    const rest = keys.filter((key) => key !== culprit);
    const middle = Math.ceil(rest.length / 2);
    const failed = culprit === undefined ? [] : [culprit];
    for (const half of [new Set(rest.slice(0, middle)), new Set(rest.slice(middle))]) {
      failed.push(...(await sift(work, heard.filter(({ fact }) => half.has(fact.key)))));
    }
    return failed;
  }
};
