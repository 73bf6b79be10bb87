import { setTimeout as sleep } from 'node:timers/promises';
import { idle, type Idleness } from './idle.js';
import type { RunningService } from './service.js';

/** Wakes every loop and waits until all services are quiet at two looks with nothing published in between: at one look a fact may be between two of them. */
export const settle = async (services: readonly RunningService[], timeoutMs: number): Promise<void> => {
  const until = performance.now() + timeoutMs;
  let before: string | undefined;
  for (let turn = 0; ; turn++) {
    const states = await Promise.all(services.map(async (service) => [service.name, { relays: service.relays, ...(await idle(service.source)) }] as const));
    const quiet = states.every(([, state]) => isQuiet(state));
    const published = states.map(([, state]) => state.lastSeq).join();
    if (quiet && published === before) return;
    if (performance.now() > until) throw new Error(`Not settled after ${timeoutMs} ms: ${JSON.stringify(Object.fromEntries(states))}`);
    if (turn % 10 === 0 && !quiet) services.forEach((service) => service.wake());
    before = quiet ? published : undefined;
    await sleep(quiet ? 5 : 15);
  }
};

/** Waiting facts do not count: what they wait for may never come, and a timer of theirs is not work left to do. */
const isQuiet = ({ relays, unsent, due, lag }: Idleness & { relays: boolean }): boolean => (!relays || unsent === 0) && due === 0 && lag === 0;
