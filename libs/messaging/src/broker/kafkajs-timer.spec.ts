import { createRequire } from 'node:module';
import { expect, it } from '@jest/globals';
import { stillIdleConnections } from './kafkajs-timer.js';

type Queue = { throttleCheckTimeoutId: unknown; pending: unknown[]; maxInFlightRequests: number; inflight: Map<number, unknown>; checkPendingRequests(): void; destroy(): void };
const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as new (options: object) => Queue;

const queue = (): Queue => new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1_000, enforceRequestTimeout: false, clientId: 'a', broker: 'b', logger: { debug: () => {} }, isConnected: () => true });
/** Whether a queue with that many waiting requests, behind one in flight, sets a timer to look again. */
const looksAgain = (waiting: number): boolean => {
  const one = queue();
  one.inflight.set(1, {});
  one.pending.push(...Array.from({ length: waiting }, () => ({})));
  one.checkPendingRequests();
  const set = one.throttleCheckTimeoutId !== null;
  one.destroy();
  return set;
};

it('a connection on which nothing waits sets no timer; kafkajs alone does, and while it does this is needed', () => {
  expect([looksAgain(0), looksAgain(1)]).toEqual([true, true]);
  stillIdleConnections();
  stillIdleConnections();
  expect([looksAgain(0), looksAgain(1)]).toEqual([false, true]);
});
