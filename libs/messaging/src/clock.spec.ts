import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { instant } from '@peyvand/kernel';
import { newDatabase, urlOf } from '../test-support/database.js';
import { until } from '../test-support/run.js';
import { manualClock, sharedClock } from './index.js';

describe('the business clock', () => {
  it('does not run backwards', () => {
    const clock = manualClock(instant('2026-03-21T06:00:00Z'));
    clock.advance(10);
    expect(() => clock.advanceTo(instant('2026-03-21T06:00:00Z'))).toThrow(/backwards/);
  });

  it('is shared: a jump in one process reaches the other, and a restart continues where time stood', async () => {
    const pool = new pg.Pool({ connectionString: urlOf(await newDatabase()) });
    const start = instant('2026-03-21T00:00:00Z');
    const [one, two] = [await sharedClock({ pool, rate: 1_000, start }), await sharedClock({ pool, rate: 5 })];
    expect(two.settings.rate).toBe(1_000);
    let jumped = false;
    two.onJump(() => (jumped = true));
    await one.advance(30 * 86_400_000);
    await until('the jump', () => jumped, 2_000);
    expect(Math.abs(one.now() - two.now())).toBeLessThan(2_000);
    expect(two.wallUntil(instant(two.now() + 10_000))).toBeLessThanOrEqual(10);
    await Promise.all([one.close(), two.close()]);
    const before = two.now();
    await pool.query('update clock set beat = beat - 3600000, wall_epoch = wall_epoch - 3600000'); // an hour of wall time passes with nobody there
    const three = await sharedClock({ pool, rate: 1 });
    expect(Math.abs(three.now() - before)).toBeLessThan(2_000_000); // an hour would be 3,600,000,000
    await three.close();
    await pool.end();
  });

  it('loses no days while the only process hangs, and goes on when it is back', async () => {
    const pool = new pg.Pool({ connectionString: urlOf(await newDatabase()) });
    const clock = await sharedClock({ pool, rate: 1_000, start: instant('2026-03-21T00:00:00Z') });
    const before = clock.now();
    for (const end = Date.now() + 3_000; Date.now() < end; ); // three seconds would be 3,000,000
    const passed = clock.now() - before;
    await until('the clock to go on', () => clock.now() > before + passed + 400_000, 5_000);
    await clock.setRate(1_000);
    expect([passed < 1_000_000, clock.now() - before < 2_500_000]).toEqual([true, true]);
    await clock.close();
    await pool.end();
  });
});
