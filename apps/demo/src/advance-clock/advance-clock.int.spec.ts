import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { instant } from '@peyvand/kernel';
import { idle, sharedClock, Source, transact, type SharedClock } from '@peyvand/messaging';
import { Running } from '@peyvand/platform';
import { dropDatabase, emptyDatabase, testService, type TestApp } from '@peyvand/testing';
import pg from 'pg';
import { DemoSettings } from '../demo.config.js';
import { demo } from '../demo.module.js';
import { Calm } from './calm.js';
import { DemoClock } from './demo-clock.js';

const [usual, day] = [172_800, 86_400_000];

describe('the demo’s clock', () => {
  let app: TestApp;
  let url: string;
  let pool: pg.Pool;
  let clock: SharedClock;
  let calm: Calm;
  let held: DemoClock;
  beforeAll(async () => {
    [app, url] = [await testService(demo, { config: { demo: false } }), await emptyDatabase('demo_clock')];
    pool = new pg.Pool({ connectionString: url });
    clock = await sharedClock({ pool, rate: usual, start: instant('2026-08-23T04:30:00Z') });
    const { config, sources, openApi } = app.running;
    calm = new Calm(app.running, new DemoSettings('', true, 0, []));
    held = new DemoClock(new Running({ ...config, clock: { kind: 'shared', rate: usual } }, clock, sources, openApi), calm);
  });
  afterAll(async () => {
    await clock?.close();
    await pool?.end();
    await dropDatabase(url);
    await app?.close();
  });
  const patience = (): { looks: number } => ({ looks: 8 });

  it('stands as long as anybody holds it, however holds and releases cross', async () => {
    const standing: number[] = [];
    await Promise.all(Array.from({ length: 24 }, async (_, n) => {
      await new Promise((resolve) => setTimeout(resolve, (n * 7) % 40));
      const release = await held.hold();
      standing.push(clock.settings.rate);
      await new Promise((resolve) => setTimeout(resolve, (n * 11) % 30));
      standing.push(clock.settings.rate);
      await Promise.all([release(), release()]); // a second call gives nobody else's hold back
    }));
    expect([Math.max(...standing), clock.settings.rate]).toEqual([0.01, usual]);
  });

  it('is calm only when nothing is due, everybody has heard what was told, and nobody is at work', async () => {
    let [catchUps, idle] = [0, true];
    calm.people = { ...calm.people, idle: () => idle, catchUp: async () => void (catchUps += 1) };
    expect([await calm.settle(patience()), catchUps]).toEqual([true, 1]);
    expect([await calm.settle(patience()), catchUps]).toEqual([true, 1]);
    idle = false;
    expect(await calm.settle(patience())).toBe(false);
    idle = true;
    await transact(app.source, (tx) => tx.schedule({ kind: 'demo/nobody-handles', key: 'a', dueAt: tx.now }));
    expect([await calm.settle(patience()), calm.busy()]).toEqual([false, [expect.stringContaining('1 due')]]);
    await transact(app.source, (tx) => tx.unschedule('demo/nobody-handles', 'a'));
    await app.sql(`select nextval('facts_seq'), nextval('facts_seq')`); // as if facts had been told
    expect([await calm.settle(patience()), catchUps]).toEqual([true, 2]);
  });

  it('is not calm while a process has not heard of the last jump, though nothing is due there yet', async () => {
    const { config, sources, openApi } = app.running;
    const other = await sharedClock({ pool, rate: usual });
    let source = new Source('other', app.source.data, other);
    const server = createServer((_, response) => void idle(source).then((answer) => response.end(JSON.stringify({ other: answer }))));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const beside = new Calm(new Running({ ...config, clock: { kind: 'shared', rate: usual } }, clock, sources, openApi), new DemoSettings('', true, 0, [`http://127.0.0.1:${(server.address() as AddressInfo).port}`]));
    const release = await held.hold();
    await other.close(); // as if its process hung: it polls no more
    await clock.advance(day);
    expect([await beside.settle(patience()), beside.busy()]).toEqual([false, ['other: its clock is behind']]);
    const again = await sharedClock({ pool, rate: usual });
    source = new Source('other', app.source.data, again);
    expect(await beside.settle(patience())).toBe(true);
    server.close().closeAllConnections();
    await Promise.all([again.close(), release()]);
  });

  it('steps to the next deadline, and jumps in steps of hours, never over a day at once', async () => {
    const before = held.now();
    await held.borrow(async () => {
      const from = held.now();
      await transact(app.source, (tx) => tx.schedule({ kind: 'demo/nobody-handles', key: 'b', dueAt: instant(from + 5 * day) }));
      await held.stepOn(2 * day);
      expect(held.now() - from).toBeGreaterThanOrEqual(2 * day);
      await held.stepOn(20 * day);
      expect(Math.abs(held.now() - from - 5 * day)).toBeLessThan(1_000);
      await transact(app.source, (tx) => tx.unschedule('demo/nobody-handles', 'b'));
    });
    const { now, digested } = await held.advance(10);
    expect([digested, Date.parse(now) - before >= 15 * day, held.borrowed, held.held]).toEqual([true, true, false, false]);
  });
});
