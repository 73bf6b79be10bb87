import { isUuid, type Instant } from '@peyvand/kernel';
import type { PoolClient } from 'pg';
import { currentCause, type Cause } from './cause.js';
import { AmbiguousCommit, isContention, isOutage } from './errors.js';
import { lookMs } from './due/row.js';
import { sleep } from './sleep.js';
import type { Source } from './source.js';
import { OpenTx } from './store/open-tx.js';
import type { Tx } from './tx.js';

export type TransactOptions = {
  /** Row security: only rows that name one of these parties can be read or written. Left out: the service's own login, unrestricted. */
  readonly as?: { readonly role: 'http'; readonly parties: readonly string[] };
  /** Business time of the transaction; the clock's when left out. */
  readonly at?: Instant;
  readonly cause?: Cause;
  readonly readOnly?: true;
};

/**
 * The one way to write: BEGIN … COMMIT on one connection. Facts published inside are stored just before COMMIT. A refused decision
 * (`{ ok: false }`) rolls everything back and is returned as it is; so does a throw. Deadlocks and serialization failures begin
 * `work` anew, at most 3 times, so it must do nothing outside `tx`. Throws `AmbiguousCommit` when the connection breaks during COMMIT.
 */
export const transact = <T>(source: Source, work: (tx: Tx) => Promise<T>, options: TransactOptions = {}): Promise<T> =>
  openTransaction(source, (open) => work(open.view(options.at ?? source.clock.now(), options.cause ?? currentCause())), options);

const attempts = 4;

/** `transact` for the messaging's own runners, which need more than one view of a transaction. */
export const openTransaction = async <T>(
  source: Source, work: (open: OpenTx, client: PoolClient) => Promise<T>, options: TransactOptions = {},
): Promise<T> => {
  const begin = beginOf(options, source.takesTurns);
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(source, begin, work, options.as === undefined ? '' : 'h');
    } catch (error) {
      // A failed COMMIT with these codes is a known "no"; any other error is the caller's.
      if (!isContention(error) || attempt === attempts) throw error;
      await sleep(Math.random() * 10 * 2 ** attempt);
    }
  }
};

const once = async <T>(source: Source, begin: string, work: (open: OpenTx, client: PoolClient) => Promise<T>, role: string): Promise<T> => {
  const client = await source.pool.connect();
  // A connection lost between two statements is told by an event nobody else hears: the next statement fails and says so.
  client.on('error', ignore);
  const open = new OpenTx({ client, service: source.service, role });
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(open, client);
    if (isRefused(result)) {
      await client.query('ROLLBACK');
      return result;
    }
    const published = await open.flush();
    await commit(client);
    if (published) source.published.tell();
    // The runners look every second by themselves: what is due later than that need not wake them.
    if (source.clock.wallUntil(open.earliest as Instant) < lookMs) source.scheduled.tell();
    return result;
  } catch (error) {
    // A connection that cannot even roll back is thrown away, or its open transaction would greet the next caller.
    await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
};

const ignore = (): void => {};

const commit = async (client: PoolClient): Promise<void> => {
  try {
    const { command } = await client.query('COMMIT');
    // Postgres answers COMMIT of an aborted transaction with ROLLBACK, without an error: work swallowed a failed statement.
    if (command === 'ROLLBACK') throw new Error('The transaction was rolled back: a statement inside had failed and its error was swallowed');
  } catch (error) {
    throw isOutage(error) ? new AmbiguousCommit(error) : error;
  }
};

// Waited for inside BEGIN's own round trip; it ends with the transaction.
export const takeTurn = "select pg_advisory_xact_lock(hashtext('peyvand turn'))";

const beginOf = ({ as, readOnly }: TransactOptions, takesTurns: boolean): string => {
  const begin = readOnly === true ? 'BEGIN READ ONLY' : 'BEGIN';
  if (as === undefined) return takesTurns && readOnly !== true ? `${begin}; ${takeTurn}` : begin;
  const stranger = as.parties.find((party) => !isUuid(party));
  if (stranger !== undefined) throw new Error(`Not a party id: ${JSON.stringify(stranger)}`);
  // One round trip; the ids are checked above, so nothing can break out of the literal.
  return `${begin}; SET LOCAL ROLE peyvand_http; SELECT set_config('peyvand.parties', '{${as.parties.join(',')}}', true)`;
};

const isRefused = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && (result as { ok?: unknown }).ok === false;
