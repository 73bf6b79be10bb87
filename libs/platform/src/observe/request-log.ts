import type { Answered } from '../http/server.js';
import type { Log } from './log.js';
import { isProbe } from './probes.js';

/**
 * One line for each answered request: what, how it ended, for whom. Of requests refused because their party asks too often (429) the first has
 * its line, then one in ten seconds, and `refused` says how many there were since: a flood must not fill the log. Those after its last line are
 * counted in /metrics alone.
 */
export const requestLog = (log: Log, now: () => number = () => performance.now()): ((one: Answered) => void) => {
  const floods = new Map<string, { refused: number; told: number }>();
  const countOf = (party: string): number | undefined => {
    if (floods.size >= mostParties) floods.clear();
    const flood = floods.get(party) ?? { refused: 0, told: -Infinity };
    floods.set(party, flood);
    flood.refused += 1;
    if (now() - flood.told < quietMs) return undefined;
    const { refused } = flood;
    Object.assign(flood, { refused: 0, told: now() });
    return refused;
  };
  return ({ method, route, status, ms, request: { command, correlationid, party, outcome, reason } }) => {
    const refused = status === 429 ? countOf(party ?? 'unknown') : undefined;
    if (status === 429 && refused === undefined) return;
    // Probes come every few seconds and tell nothing when all is well.
    const level = status < 400 && isProbe(route) ? 'debug' : 'info';
    log[level]({ method, route, status, ms: Math.round(ms * 10) / 10, command, correlationid, party, outcome, reason, ...(refused === undefined ? {} : { refused }) }, 'request');
  };
};

const quietMs = 10_000;
const mostParties = 10_000;
