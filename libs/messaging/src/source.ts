import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { listeners, type Clock } from './clock.js';

/** One service's database, clock and name: what every slice is given. The platform builds it and it is its own injection token. */
export class Source {
  /** Woken after a commit that published (the relay) or scheduled (the runners): cheaper than NOTIFY, which cut commits 3–6 times. */
  readonly published = listeners();
  readonly scheduled = listeners();
  /** Woken when people set parked facts going again in this process. */
  readonly redriven = listeners();
  /** Lag of this service's consumer groups, filled in by the running strategy; empty when nothing consumes here. */
  lag: () => Promise<Readonly<Record<string, number>>> = async () => ({});

  constructor(
    readonly service: string,
    readonly data: DataSource,
    readonly clock: Clock,
    /**
     * The service's own writing transactions (facts, deadlines, errands; not people's over HTTP) come one after the other. For a service whose
     * every step locks the same few rows, in the order in which its facts happen to come.
     */
    readonly takesTurns = false,
  ) {
    hearErrors(this.pool);
  }

  /** TypeORM's own pg pool: statements go to it directly because hot paths through TypeORM cost 3–7 times the CPU. */
  get pool(): Pool {
    return (this.data.driver as unknown as { master: Pool }).master;
  }
}

/**
 * A connection that is ended in the moment it opens says so before its first user can listen, and an error nobody hears ends the process.
 * Whoever uses the connection learns of it from the next statement.
 */
export const hearErrors = (pool: Pool): Pool => pool.on('connect', (client) => client.on('error', () => {}));
