import type { Pool, PoolClient } from 'pg';
import { startLoop } from '../loop.js';
import { execute } from '../store/statement.js';
import type { Received, SubscribeOptions, Subscription } from './broker.js';

type LogRow = { topic: string; position: string; partition: number; key: string; headers: Record<string, string>; value: string };

/** Reads the log for one group, in the order it was written, and stores how far the group has come after each batch. */
export const followLog = async (pool: Pool, options: SubscribeOptions): Promise<{ subscription: Subscription; wake(): void }> => {
  const { group, topics, batch, wants = () => true, onBatch } = options;
  const positions = new Map<string, string>(topics.map((topic) => [topic, '0']));
  let loaded = false;
  let polled = Date.now();
  let failure: string | undefined;

  const turn = async (signal: AbortSignal): Promise<number> => {
    if (!loaded) for (const row of await stored(pool, group, topics)) positions.set(row.topic, row.position);
    loaded = true;
    polled = Date.now();
    const { rows } = await execute(pool as unknown as PoolClient, read, [[...positions.keys()], [...positions.values()], batch]);
    if (rows.length === 0) return idleMs;
    const wanted = (rows as LogRow[]).filter(({ headers }) => wants(headers['ce_type'] ?? ''));
    if (wanted.length > 0) await onBatch(wanted.map(received), signal);
    const moved = new Map((rows as LogRow[]).map((row) => [row.topic, row.position]));
    await execute(pool as unknown as PoolClient, store, [group, [...moved.keys()], [...moved.values()]]);
    for (const [topic, position] of moved) positions.set(topic, position);
    failure = undefined;
    return 0;
  };
  const loop = startLoop(turn, (error) => (failure = String(error)));

  return {
    wake: loop.wake,
    subscription: {
      close: loop.stop,
      health: () => (Date.now() - polled < silentMs ? { ok: true } : { ok: false, reason: `no poll for ${Date.now() - polled} ms${failure === undefined ? '' : `: ${failure}`}` }),
    },
  };
};

// Producers are in this process and wake us; the timer is for health and for errors only.
const idleMs = 1_000;
const silentMs = 60_000;

const read = `
  select l.* from unnest($1::text[], $2::bigint[]) as s(topic, after)
  cross join lateral (
    select topic, position, partition, key, headers, value from log
    where log.topic = s.topic and log.position > s.after order by log.position limit $3) l
  order by l.position limit $3`;

const store = `
  insert into committed (consumer_group, topic, position) select $1, * from unnest($2::text[], $3::bigint[])
  on conflict (consumer_group, topic) do update set position = excluded.position`;

const stored = async (pool: Pool, group: string, topics: readonly string[]): Promise<{ topic: string; position: string }[]> =>
  (await pool.query<{ topic: string; position: string }>('select topic, position from committed where consumer_group = $1 and topic = any($2)', [group, topics])).rows;

const received = ({ topic, position, partition, key, headers, value }: LogRow): Received => ({ topic, partition, offset: position, key, headers, value });
