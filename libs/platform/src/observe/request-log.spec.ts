import { describe, expect, it } from '@jest/globals';
import { contextOf } from '../http/context.js';
import { makeLog } from './log.js';
import { requestLog } from './request-log.js';

describe('the log of requests', () => {
  const world = () => {
    const lines: Record<string, unknown>[] = [];
    const clock = { ms: 0 };
    const answered = requestLog(makeLog('info', {}, { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) }), () => clock.ms);
    const answer = (status: number, party?: string, route = '/api/orders'): void => answered({ method: 'GET', route, status, ms: 1.26, request: { ...contextOf({}), party } });
    return { lines, clock, answer };
  };

  it('tells a flood by one line when it begins and one every ten seconds, with what was refused meanwhile', () => {
    const { lines, clock, answer } = world();
    for (clock.ms = 0; clock.ms < 20_500; clock.ms += 100) answer(429, 'a');
    answer(429, 'b');
    answer(200, 'a');
    expect(lines.map(({ status, party, refused }) => [status, party, refused])).toEqual([[429, 'a', 1], [429, 'a', 100], [429, 'a', 100], [429, 'b', 1], [200, 'a', undefined]]);
  });

  it('tells every other refusal, and probes only when they fail', () => {
    const { lines, answer } = world();
    for (const status of [401, 404, 404]) answer(status);
    answer(200, undefined, '/healthz');
    answer(503, undefined, '/healthz');
    expect(lines.map(({ status, ms }) => [status, ms])).toEqual([[401, 1.3], [404, 1.3], [404, 1.3], [503, 1.3]]);
  });
});
