import { randomUUID } from 'node:crypto';
import type { Source } from './source.js';
import { execute } from './store/statement.js';
import type { PoolClient } from 'pg';

export type Lease = {
  /** Takes or keeps the lease; answers its epoch, or undefined while somebody else holds it. Asks the database only when a third of the time has passed. */
  hold(): Promise<string | undefined>;
  /** Lets the next holder begin at once. */
  release(): Promise<void>;
  readonly holder: string;
};

/** A named right that one process has at a time, by the database's wall clock. The epoch grows at every change of holder: put it into the commit. */
export const leaseOn = (source: Source, name: string, ms: number): Lease => {
  const holder = randomUUID();
  const client = source.pool as unknown as PoolClient;
  let epoch: string | undefined;
  let fresh = 0;
  return {
    holder,
    hold: async () => {
      if (epoch !== undefined && performance.now() < fresh) return epoch;
      const asked = performance.now();
      const { rows } = await execute(client, takeLease, [name, holder, ms]);
      epoch = (rows[0] as { epoch: string } | undefined)?.epoch;
      fresh = asked + ms / 3;
      return epoch;
    },
    release: async () => {
      if (epoch === undefined) return;
      epoch = undefined;
      await execute(client, releaseLease, [name, holder]);
    },
  };
};

export const takeLease = `
  insert into leases as l (name, holder, until) values ($1, $2, clock_timestamp() + $3 * interval '1 ms')
  on conflict (name) do update set holder = excluded.holder, until = excluded.until, epoch = l.epoch + (l.holder <> excluded.holder)::int
  where l.holder = excluded.holder or l.until <= clock_timestamp()
  returning epoch`;

export const releaseLease = 'update leases set until = clock_timestamp() where name = $1 and holder = $2';
