import type { Fact } from '@peyvand/contracts';
import type { PoolClient } from 'pg';
import { isContention, isOutage, NotYet, Poison, reasonOf } from '../errors.js';
import type { Report } from '../metrics.js';
import { backoff, type Settings } from '../settings.js';
import type { Source } from '../source.js';
import type { OpenTx } from '../store/open-tx.js';
import { execute } from '../store/statement.js';
import { openTransaction } from '../transact.js';
import { originOf } from './fact-failed.js';
import { handle } from './handle.js';
import type { Handlers } from './handler.js';

export type Scene = { readonly source: Source; readonly group: string; readonly handlers: Handlers; readonly settings: Settings; readonly report: Report };

type Row = {
  id: string; topic: string; type: string; fact: Fact; attempts: number;
  state: 'parked' | 'retrying' | 'waiting' | 'queued'; later: boolean; over: boolean;
};

/**
 * Works off one key's side queue in one transaction, each fact behind a savepoint, in order. A fact that waits for a predecessor holds
 * back its own topic only: what it waits for may stand behind it, come from another topic. A failing or parked fact holds back the
 * whole key. Answers how many facts were handled.
 */
export const workQueue = (scene: Scene, key: string): Promise<number> =>
  openTransaction(scene.source, async (open, client) => {
    // The head first, the rest in a second look: what was appended while we waited for the lock is then seen.
    const { rows: heads } = await execute(client, lockHead, [scene.group, key]);
    if ((heads[0] as Row | undefined)?.state === 'parked') return 0;
    let rows = (await execute(client, loadQueue, [scene.group, key])).rows as Row[];
    let handled = 0;
    for (let progress = true; progress; ) {
      const { left, stopped } = await pass(scene, open, client, rows);
      progress = !stopped && left.length < rows.length;
      handled += rows.length - left.length;
      rows = left;
    }
    return handled;
  });

export const lockHead = 'select state from parked where consumer_group = $1 and key = $2 order by place limit 1 for update';

export const loadQueue = `
  select id, topic, type, fact, attempts, state, coalesce(next_try > clock_timestamp(), false) as later, coalesce(give_up_at <= clock_timestamp(), false) as over
  from parked where consumer_group = $1 and key = $2 order by place for update`;

const pass = async (scene: Scene, open: OpenTx, client: PoolClient, rows: readonly Row[]): Promise<{ left: Row[]; stopped: boolean }> => {
  const left: Row[] = [];
  const held = new Set<string>();
  let stopped = false;
  for (const row of rows) {
    stopped ||= row.state === 'parked' || (row.state === 'retrying' && row.later);
    if (stopped || held.has(row.topic)) {
      left.push(row);
      continue;
    }
    const error = await attempt(scene, open, client, row);
    if (error === undefined) continue;
    left.push(row);
    const state = await setAside(scene, client, row, error);
    if (state === 'waiting') held.add(row.topic);
    else stopped = true;
  }
  return { left, stopped };
};

/** Handles one fact and takes it off the queue; answers the error when it could not be. */
const attempt = async ({ source, group, handlers }: Scene, open: OpenTx, client: PoolClient, row: Row): Promise<unknown> => {
  const mark = open.mark;
  await client.query('SAVEPOINT one');
  try {
    if (!handlers.has(row.type)) throw new Poison(`Nothing in ${group} handles ${row.type} any more`);
    await handle([row.fact], handlers, open, source.clock.now());
    await execute(client, leaveQueue, [group, row.id]);
    await client.query('RELEASE SAVEPOINT one');
    return undefined;
  } catch (caught) {
    const error = originOf(caught);
    if (isContention(error) || isOutage(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT one; RELEASE SAVEPOINT one');
    open.forget(mark);
    return error ?? new Error('The handler threw nothing');
  }
};

const setAside = async (scene: Scene, client: PoolClient, row: Row, error: unknown): Promise<Row['state']> => {
  const { settings, group, report, source } = scene;
  const attempts = row.attempts + 1;
  const state = error instanceof Poison ? 'parked' : error instanceof NotYet ? (row.over ? 'parked' : 'waiting') : attempts >= settings.factAttempts ? 'parked' : 'retrying';
  await execute(client, bookAttempt, [group, row.id, state, attempts, reasonOf(error), backoff(state === 'waiting' ? settings.waitRetryMs : settings.retryMs, attempts), settings.waitMs]);
  [row.state, row.attempts, row.later] = [state, attempts, true];
  report.onMetric({ kind: 'diverted', service: source.service, group, state, count: 1 });
  if (state === 'parked') report.log({ level: 'error', message: 'A fact was parked', service: source.service, group, key: row.fact.key, type: row.type, id: row.id, attempts, reason: reasonOf(error) });
  return state;
};

export const leaveQueue = 'delete from parked where consumer_group = $1 and id = $2';

export const bookAttempt = `
  update parked set state = $3, attempts = $4, error = $5, next_try = clock_timestamp() + $6 * interval '1 ms',
    give_up_at = case when $3 = 'waiting' then coalesce(give_up_at, clock_timestamp() + $7 * interval '1 ms') end
  where consumer_group = $1 and id = $2`;
