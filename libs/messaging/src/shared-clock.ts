import { instant, type Instant } from '@peyvand/kernel';
import type { Pool } from 'pg';
import { listeners, type Clock } from './clock.js';
import { startLoop } from './loop.js';
import { clockTable } from './store/tables.sql.js';

/** Business ms = epoch + (wall − wallEpoch) × rate. */
export type ClockSettings = { readonly epoch: number; readonly wallEpoch: number; readonly rate: number };

export type SharedClock = Clock & {
  readonly settings: ClockSettings;
  /** Jumps forward for every process that shares the row; a moment already past changes nothing. */
  advanceTo(at: Instant): Promise<void>;
  advance(ms: number): Promise<void>;
  /** Faster or slower from this moment on, for every process that shares the row; above 0. */
  setRate(rate: number): Promise<void>;
  close(): Promise<void>;
};

// Processes look this often; a beat says that somebody was there. Several missed beats are a pause in which the demo's time stood still.
const [pollMs, beatMs, asleepMs] = [200, 1_000, 5_000];

/**
 * The demo's clock: runs `rate` times as fast as the wall (172,800 = a day in half a second), in one row that all processes poll, so a
 * jump reaches each within 200 ms. `start` and `rate` count only when the row is made.
 */
export const sharedClock = async ({ pool, rate, start = instant(Date.now()) }: { pool: Pool; rate: number; start?: Instant }): Promise<SharedClock> => {
  // Several processes start at once, and IF NOT EXISTS alone lets two of them try.
  await pool.query(`begin; select pg_advisory_xact_lock(hashtext('peyvand-clock')); ${clockTable}; commit`);
  await pool.query('insert into clock (epoch, wall_epoch, rate, beat) values ($1, $2, $3, $2) on conflict do nothing', [start, Date.now(), rate]);
  await pool.query(`update clock set epoch = epoch + (beat - wall_epoch) * rate, wall_epoch = $1, beat = $1 where rate <> 1 and beat < $2`, [Date.now(), Date.now() - asleepMs]);
  const jumps = listeners();
  let settings = await load(pool);
  let last = 0;
  const now = (): Instant => (last = Math.max(last, Math.floor(settings.epoch + (Date.now() - settings.wallEpoch) * settings.rate))) as Instant;
  const apply = (next: ClockSettings): void => {
    const jumped = next.epoch !== settings.epoch || next.wallEpoch !== settings.wallEpoch || next.rate !== settings.rate;
    settings = next;
    if (jumped) jumps.tell();
  };
  let beaten = 0;
  const poll = startLoop(async () => {
    if (performance.now() - beaten > beatMs) {
      beaten = performance.now();
      await pool.query(beat, [Date.now()]);
    }
    apply(await load(pool));
    return pollMs;
  }, () => {});
  const advanceTo = async (at: Instant): Promise<void> => {
    await pool.query(`update clock set epoch = $1, wall_epoch = $2, beat = $2 where epoch + ($2 - wall_epoch) * rate < $1`, [at, Date.now()]);
    apply(await load(pool));
  };
  return {
    get settings() {
      return settings;
    },
    now,
    wallUntil: (at) => Math.max(0, (at - now()) / settings.rate),
    onJump: jumps.add,
    advanceTo,
    advance: (ms) => advanceTo((now() + ms) as Instant),
    setRate: async (next) => {
      if (!(next > 0)) throw new RangeError(`A clock's rate is above 0, got ${next}`);
      await pool.query('update clock set epoch = greatest(epoch + ($1 - wall_epoch) * rate, $2), wall_epoch = $1, beat = $1, rate = $3', [Date.now(), now(), next]);
      apply(await load(pool));
    },
    close: () => poll.stop(),
  };
};

// Lost in a crash it is missed by a second: not worth a write to disk, five times a second in every process.
const beat = `with quick as materialized (select set_config('synchronous_commit', 'off', true)) update clock set beat = greatest(beat, $1) from quick`;

const load = async (pool: Pool): Promise<ClockSettings> => {
  const { rows } = await pool.query<{ epoch: number; wall_epoch: number; rate: number }>('select epoch, wall_epoch, rate from clock');
  const row = rows[0];
  if (row === undefined) throw new Error('The clock row is gone');
  return { epoch: row.epoch, wallEpoch: row.wall_epoch, rate: row.rate };
};
