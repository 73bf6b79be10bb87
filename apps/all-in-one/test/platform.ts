import type { Idleness } from '@peyvand/messaging';
import { setTimeout as sleep } from 'node:timers/promises';
import { peopleOf } from './api.js';

/** A running platform, however many processes it is made of. */
export type Platform = {
  /** The one address people know. */
  readonly url: string;
  /** Every process, for /idlez. */
  readonly processUrls: readonly string[];
  /** Ends a service with SIGKILL and starts it again; only where services are processes of their own. */
  killAndRestart?(service: string): Promise<void>;
  /** One more process of the service, as an autoscaler would start; it shares the work and has no address of its own. */
  startAnother?(service: string): Promise<void>;
  stop(): Promise<void>;
};

/** A Sunday morning in Tehran (1405-06-01): a whole working day lies ahead, and the clock runs at the wall's pace. */
export const clockStart = '2026-08-23T04:30:00Z';

/** What every process of a platform under test is told. */
export const demoVariables = (databaseUrl: string): Record<string, string> => ({
  DEMO: 'true', DEMO_WORLD: 'empty', DATABASE_URL: databaseUrl, DATABASE_POOL: '8', CLOCK_RATE: '1', CLOCK_START: clockStart, LOG_LEVEL: 'error', HOST: '127.0.0.1', MIGRATE: 'boot',
});

/** Resolves when no process has anything unsent, due or unheard, twice in a row. Throws with the figures after `withinMs`. */
export const settled = async ({ processUrls }: Platform, withinMs = 60_000): Promise<void> => {
  const end = Date.now() + withinMs;
  for (let quiet = 0, last = ''; quiet < 2; await sleep(50)) {
    const all = (await Promise.all(processUrls.map(async (url) => (await fetch(`${url}/idlez`)).json() as Promise<Record<string, Idleness>>))).flatMap((one) => Object.entries(one));
    const busy = all.filter(([, { unsent, due, lag }]) => unsent + due + lag > 0);
    const seen = JSON.stringify(all.map(([name, { lastSeq }]) => [name, lastSeq]));
    quiet = busy.length === 0 && seen === last ? quiet + 1 : 0;
    last = seen;
    if (Date.now() > end) throw new Error(`Not quiet within ${withinMs / 1000} s: ${JSON.stringify(busy)}`);
  }
};

/** What gave up in any process: a journey that ends with some has a defect to show. */
export const parkedIn = async ({ processUrls }: Platform): Promise<Record<string, number>> => {
  const all = (await Promise.all(processUrls.map(async (url) => (await fetch(`${url}/idlez`)).json() as Promise<Record<string, Idleness>>))).flatMap((one) => Object.entries(one));
  return Object.fromEntries(all.flatMap(([name, { parked }]) => (parked > 0 ? [[name, parked]] : [])));
};

/** The business day (Tehran) so many days from now. */
export const dayIn = async ({ url }: Platform, days: number): Promise<string> => {
  const { day } = await peopleOf(url)('operator').want('/api/demo/clock');
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
};

/** Business days forward, through every deadline on the way. */
export const advance = async ({ url }: Platform, advanceDays: number): Promise<void> => {
  await peopleOf(url)('operator').wantPost('/api/demo/clock', { advanceDays });
};
