import { topicOf, type Service } from '@peyvand/contracts';
import type { PoolClient } from 'pg';
import type { Broker } from './broker/broker.js';
import { messageOf, type Row } from './broker/envelope.js';
import { reasonOf } from './errors.js';
import { leaseOn } from './lease.js';
import { startLoop, type Loop } from './loop.js';
import type { Report } from './metrics.js';
import type { Settings } from './settings.js';
import { sleep } from './sleep.js';
import type { Source } from './source.js';
import { execute } from './store/statement.js';

/**
 * Carries a service's stored facts to the broker: read unsent in order, produce, wait for the ack, delete. One per service at a time, by
 * a lease. A crash anywhere sends a batch again, whole and in order, so the first arrival of each fact keeps the order of its key and
 * inboxes drop the second. A broker that is away is waited for.
 */
export const startRelay = (source: Source, broker: Broker, settings: Settings, report: Report): Loop => {
  const lease = leaseOn(source, 'relay', settings.leaseMs);
  const topic = topicOf(source.service as Service);
  const client = source.pool as unknown as PoolClient;
  const [shortest, longest] = settings.relayPollMs;
  let idle: number = shortest;
  // Acked, and to be deleted by the statement that reads the next batch: one round trip instead of two.
  let acked: readonly string[] = [];

  const turn = async (): Promise<number> => {
    const epoch = await lease.hold();
    if (epoch === undefined) return settings.leaseMs / 4;
    const { rows } = await execute(client, forgetAndRead, [settings.relayBatch, acked, lease.holder, epoch]);
    acked = [];
    if (rows.length === 0) return (idle = Math.min(longest, idle * 2));
    idle = shortest / 2;
    const facts = rows as (Row & { seq: string })[];
    await broker.produce(topic, facts.map((fact) => messageOf(source.service, fact)));
    acked = facts.map((fact) => fact.seq);
    report.onMetric({ kind: 'relayed', service: source.service, count: facts.length, latencyMs: Date.now() - (facts[0]?.recordedtime.getTime() ?? 0) });
    // The first fact after a lull goes at once; what follows on its heels travels together.
    if (facts.length < settings.relayBatch) await sleep(settings.relayLingerMs);
    return 0;
  };

  const loop = startLoop(turn, (error) => report.log({ level: 'warn', message: 'The relay waits', service: source.service, reason: reasonOf(error) }));
  const quiet = source.published.add(loop.wake);
  return {
    wake: loop.wake,
    stop: async () => {
      quiet();
      await loop.stop();
      const epoch = await lease.hold().catch(() => undefined);
      // What fails here is sent a second time by the next holder and dropped by the inboxes.
      if (epoch !== undefined && acked.length > 0) await execute(client, forgetAndRead, [0, acked, lease.holder, epoch]).catch(() => {});
      await lease.release().catch(() => {}); // it runs out by itself
    },
  };
};

// What is deleted is noted for the sealer, once and together. The delete need not reach the disk before we go on: lost in a crash, it costs a second send. The reader sees its own deletions only in
// its next snapshot, hence <> ALL. OFFSET 0 keeps the planner from joining the whole log: one index look-up per unsent row, in one partition.
export const forgetAndRead = `
  with quick as materialized (select set_config('synchronous_commit', 'off', true) as off),
  gone as (
    delete from unsent using quick where seq = any($2::bigint[])
    and exists (select from leases where name = 'relay' and holder = $3 and epoch = $4) returning seq),
  told as (insert into sent (seqs, size) select range_agg(int8range(seq, seq, '[]')), count(*) from gone having count(*) > 0)
  select u.seq, f.* from (select seq, recordedtime from unsent where seq <> all($2::bigint[]) order by seq limit $1) u
  cross join lateral (
    select id, type, key, time, recordedtime, causationid, correlationid, groupid, traceparent, data::text as data
    from facts where facts.seq = u.seq and facts.recordedtime = u.recordedtime offset 0) f
  order by u.seq`;
