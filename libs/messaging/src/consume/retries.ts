import type { PoolClient } from 'pg';
import { reasonOf } from '../errors.js';
import { startLoop, type Loop } from '../loop.js';
import { execute } from '../store/statement.js';
import { transact } from '../transact.js';
import { workQueue, type Scene } from './queue.js';

const orphanMs = 10_000;

/** Comes back to a group's side queues when their time has come (wall clock, at least once a second). */
export const startRetries = (scene: Scene): Loop => {
  const { source, group, report } = scene;
  const client = source.pool as unknown as PoolClient;
  const keysOf = async (text: string): Promise<string[]> => (await transact(source, (tx) => tx.sql<{ key: string }>(text, [group]), { readOnly: true })).map((row) => row.key);
  let lookedForOrphans = 0;

  const turn = async (): Promise<number> => {
    const keys = await keysOf(dueKeys);
    if (Date.now() - lookedForOrphans > orphanMs) {
      keys.push(...(await keysOf(orphans)));
      lookedForOrphans = Date.now();
    }
    for (const key of new Set(keys)) await workQueue(scene, key);
    const { rows } = await execute(client, nextTry, [group]);
    const ms = (rows as { ms: string | null }[])[0]?.ms;
    return ms === null || ms === undefined ? 1_000 : Math.min(1_000, Math.max(10, Number(ms)));
  };
  return startLoop(turn, (error) => report.log({ level: 'warn', message: 'Side queues wait', group, reason: reasonOf(error) }));
};

export const dueKeys = `
  select key from parked where consumer_group = $1 and state in ('retrying', 'waiting') and next_try <= clock_timestamp()
  group by key order by min(next_try) limit 50`;

// Queued with nobody in front: left behind when a process died between a batch and its side queues.
export const orphans = `
  select key from parked where consumer_group = $1 group by key having bool_and(state = 'queued') limit 50`;

export const nextTry = `
  select extract(epoch from min(next_try) - clock_timestamp()) * 1000 as ms from parked where consumer_group = $1 and state in ('retrying', 'waiting')`;
