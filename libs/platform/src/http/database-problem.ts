import { AmbiguousCommit, isOutage } from '@peyvand/messaging';
import { problem } from './problem-catalogue.js';
import type { Problem } from './problem.js';

/** What the database says about waiting, losing and being away, as a problem a client can act on; undefined for any other error. */
export const databaseProblem = (error: unknown): Problem | undefined => {
  const again = { cause: error, headers: { 'retry-after': '1' } };
  if (error instanceof AmbiguousCommit) return problem('outcome-unknown', again);
  const { code, where, message } = (error ?? {}) as { code?: unknown; where?: unknown; message?: unknown };
  if (code === '55P03') return problem(String(where ?? '').includes('idempotency') ? 'idempotency-key-in-flight' : 'busy', again);
  // Every connection of the pool was taken for as long as a request may wait for one (pg-pool gives its error no code).
  if (message === 'timeout exceeded when trying to connect') return problem('busy', again);
  if (code === '40001' || code === '40P01' || code === '53300') return problem('busy', again);
  return isOutage(error) ? problem('service-unreachable', again) : undefined;
};
