import { instant, type Instant } from '@peyvand/kernel';
import type { Pool } from 'pg';
import { listeners, type Clock } from './clock.js';
import { startLoop } from './loop.js';
import { clockTable } from './store/tables.sql.js';

/** Business ms = epoch + (wall − wallEpoch) × rate, for as long as somebody reads it. */
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

// A process that hangs or is stopped loses no days, and a restart goes on where time stood: unread for so long, the clock stands.
const [pollMs, asleepMs] = [200, 600];
/** Business time at wall time $1, as anybody could have read it. */
const shown = `epoch + (case when rate = 1 then $1 else least($1, beat + ${asleepMs}) end - wall_epoch) * rate`;

/**
 * The demo's clock: runs `rate` times as fast as the wall (172,800 = a day in half a second), in one row that all processes poll, so a
 * jump reaches each within 200 ms. It runs only while it is read: when every process has been away for more than 600 ms (a busy machine, a
 * stop, a restart), the rest of that time does not pass. At rate 1 it is the wall's time. `start` and `rate` count only when the row is made.
 */
export const sharedClock = async ({ pool, rate, start = instant(Date.now()) }: { pool: Pool; rate: number; start?: Instant }): Promise<SharedClock> => {
  // Several processes start at once, and IF NOT EXISTS alone lets two of them try.
  await pool.query(`begin; select pg_advisory_xact_lock(hashtext('peyvand-clock')); ${clockTable}; commit`);
  await pool.query('insert into clock (epoch, wall_epoch, rate, beat) values ($1, $2, $3, $2) on conflict do nothing', [start, Date.now(), rate]);
  const jumps = listeners();
  let [settings, last, asked, heard] = [await load(pool), 0, 0, 0];
  const now = (): Instant => {
    const { epoch, wallEpoch, rate: pace, readAt } = settings;
    const wall = pace === 1 ? Date.now() : Math.min(Date.now(), readAt + asleepMs);
    return (last = Math.max(last, Math.floor(epoch + (wall - wallEpoch) * pace))) as Instant;
  };
  const read = async (): Promise<void> => {
    const turn = (asked += 1);
    const next = await load(pool);
    // Two readings may answer in the other order, and the older one would bring the old rate back.
    if (turn < heard) return;
    heard = turn;
    const jumped = next.epoch !== settings.epoch || next.wallEpoch !== settings.wallEpoch || next.rate !== settings.rate;
    settings = next;
    if (jumped) jumps.tell();
  };
  const poll = startLoop(async () => {
    await read();
    return pollMs;
  }, () => {});
  const advanceTo = async (at: Instant): Promise<void> => {
    await pool.query(`update clock set epoch = $2, wall_epoch = $1, beat = $1 where ${shown} < $2`, [Date.now(), at]);
    await read();
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
      await pool.query(`update clock set epoch = greatest(${shown}, $2), wall_epoch = $1, beat = $1, rate = $3`, [Date.now(), now(), next]);
      await read();
    },
    close: () => poll.stop(),
  };
};

type Read = ClockSettings & { readonly readAt: number };

const load = async (pool: Pool): Promise<Read> => {
  const readAt = Date.now();
  const asleep = `rate <> 1 and beat + ${asleepMs} < $1`;
  // A beat lost in a crash is missed by a moment: not worth a write to disk, five times a second in every process.
  const { rows } = await pool.query<{ epoch: number; wall_epoch: number; rate: number }>(
    `with quick as materialized (select set_config('synchronous_commit', 'off', true))
     update clock set epoch = case when ${asleep} then ${shown} else epoch end, wall_epoch = case when ${asleep} then $1 else wall_epoch end, beat = greatest(beat, $1) from quick
     returning epoch, wall_epoch, rate`, [readAt]);
  const row = rows[0];
  if (row === undefined) throw new Error('The clock row is gone');
  return { epoch: row.epoch, wallEpoch: row.wall_epoch, rate: row.rate, readAt };
};
