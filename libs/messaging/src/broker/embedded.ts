import type { Pool, PoolClient } from 'pg';
import { startLoop } from '../loop.js';
import { execute } from '../store/statement.js';
import type { Broker, BrokerMessage, SubscribeOptions, Subscription } from './broker.js';
import { followLog } from './embedded-follow.js';
import { partitionOf } from './murmur2.js';
import { hearErrors } from '../source.js';

export type EmbeddedOptions = {
  /** A pool on a database of the broker's own, so that the relay's path is the same as with Kafka. The broker does not close it. */
  readonly pool: Pool;
  readonly retentionDays?: number;
};

/**
 * An event log in Postgres for one process: what `npm start` and tests run on. Same partitions and partitioner as Kafka; replicas and
 * rebalances are Kafka's. Not for production. Throws when another process has this log open.
 */
export const embeddedBroker = async ({ pool, retentionDays = 30 }: EmbeddedOptions): Promise<Broker> => {
  const lock = processLock(hearErrors(pool));
  await lock.hold();
  await pool.query(tables);
  const followers = new Set<{ subscription: Subscription; wake(): void }>();
  const prune = startLoop(async () => {
    await pool.query(`delete from log where at < now() - make_interval(days => $1)`, [retentionDays]);
    return 3_600_000;
  }, () => {});
  // Positions are drawn and committed one produce at a time, so a reader's cursor can never pass a position still to be committed.
  let last: Promise<unknown> = Promise.resolve();

  return {
    name: 'embedded',
    ensureTopics: async () => {},
    produce: (topic, messages) => {
      const mine = last.then(async () => {
        await lock.hold();
        await append(pool, topic, messages);
        for (const follower of followers) follower.wake();
      });
      last = mine.catch(() => {});
      return mine;
    },
    subscribe: async (options: SubscribeOptions) => {
      const follower = await followLog(pool, options);
      followers.add(follower);
      const { subscription } = follower;
      return { health: subscription.health, close: () => subscription.close().finally(() => followers.delete(follower)) };
    },
    lag: async (group, topics) => {
      const { rows } = await execute(pool as unknown as PoolClient, lag, [group, topics]);
      return Number((rows[0] as { lag: string }).lag);
    },
    close: async () => {
      await Promise.all([...followers].map((follower) => follower.subscription.close()));
      await prune.stop();
      await last;
      await lock.release();
    },
  };
};

const tables = `
create table if not exists log (
  topic text not null,
  position bigint generated always as identity,
  partition smallint not null,
  key text not null,
  headers jsonb not null,
  value text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (topic, position)
);
create index if not exists log_by_age on log using brin (at);
create table if not exists committed (consumer_group text, topic text, position bigint not null, primary key (consumer_group, topic));
`;

const lag = `
  select count(l.position) as lag from unnest($2::text[]) as t(topic)
  left join committed c on c.topic = t.topic and c.consumer_group = $1
  join log l on l.topic = t.topic and l.position > coalesce(c.position, 0)`;

const append = async (pool: Pool, topic: string, messages: readonly BrokerMessage[]): Promise<void> => {
  await execute(pool as unknown as PoolClient, `
    insert into log (topic, partition, key, headers, value)
    select $1, * from unnest($2::smallint[], $3::text[], $4::jsonb[], $5::text[])`, [
    topic, messages.map((message) => partitionOf(message.key)), messages.map((message) => message.key),
    messages.map((message) => JSON.stringify(message.headers)), messages.map((message) => message.value),
  ]);
};

/** A session lock on a connection of its own: it ends with the process, however the process ends. */
const processLock = (pool: Pool) => {
  let holder: PoolClient | undefined;
  const hold = async (): Promise<void> => {
    if (holder !== undefined) return;
    const client = await pool.connect();
    client.on('error', () => {
      if (holder !== client) return;
      holder = undefined; // the lock went with the session: the next produce takes it again, or says who has it
      client.release(true);
    });
    // The session of a process killed a moment ago needs a moment to end.
    for (let attempt = 1; attempt <= 20; attempt++) {
      const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(hashtext('peyvand embedded broker')) as mine`);
      if (rows[0]?.mine === true) {
        holder = client;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    client.release();
    throw new Error('Another process has the embedded broker open. It serves one process only: stop the other one, or use Kafka for several.');
  };
  return { hold, release: async () => holder?.release(true) };
};
