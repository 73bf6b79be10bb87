import { describe, expect, it } from '@jest/globals';
import { rateLimitFields, rateLimits } from './rate-limit.js';

describe('limits per party', () => {
  const policy = { perSecond: 10, burst: 20, inFlight: 5 };
  const stage = () => {
    const clock = { ms: 0 };
    return { clock, limits: rateLimits(policy, () => clock.ms) };
  };
  const once = (limits: ReturnType<typeof rateLimits>, party: string) => {
    const allowance = limits.enter(party);
    if (allowance.ok) limits.leave(party);
    return allowance;
  };

  it('let a burst through, then as many as the rate earns, and say how long to wait', () => {
    const { clock, limits } = stage();
    expect(Array.from({ length: 25 }, () => once(limits, 'a').ok).filter(Boolean)).toHaveLength(20);
    expect(limits.enter('a')).toEqual({ ok: false, left: 0, waitMs: 100 });
    clock.ms += 1_000;
    expect(Array.from({ length: 25 }, () => once(limits, 'a').ok).filter(Boolean)).toHaveLength(10);
    clock.ms += 60_000;
    expect(Array.from({ length: 25 }, () => once(limits, 'a').ok).filter(Boolean)).toHaveLength(20);
  });

  it('are each party’s own: one that floods takes nothing from another', () => {
    const { limits } = stage();
    for (let n = 0; n < 400; n++) once(limits, 'greedy');
    expect([once(limits, 'greedy').ok, once(limits, 'modest').ok]).toEqual([false, true]);
  });

  it('hold how many are under way at once, and take them back when they are answered', () => {
    const { limits } = stage();
    expect(Array.from({ length: 7 }, () => limits.enter('a').ok)).toEqual([true, true, true, true, true, false, false]);
    limits.leave('a');
    expect([limits.enter('a').ok, limits.enter('a').ok]).toEqual([true, false]);
    for (let n = 0; n < 50; n++) limits.leave('a');
    expect(Array.from({ length: 6 }, () => limits.enter('a').ok)).toEqual([true, true, true, true, true, false]);
  });

  it('can be looked at without taking anything', () => {
    const { limits } = stage();
    expect([limits.look('a').ok, limits.parties]).toEqual([true, 0]);
    for (let n = 0; n < 19; n++) once(limits, 'a');
    expect([limits.look('a').ok, limits.look('a').ok, once(limits, 'a').ok]).toEqual([true, true, true]);
    expect(limits.look('a')).toEqual({ ok: false, left: 0, waitMs: 100 });
  });

  it('forget parties that are long gone, so that memory does not grow with everybody who ever came', () => {
    const { clock, limits } = stage();
    for (let n = 0; n < 25_000; n++) {
      clock.ms += 10;
      once(limits, `party-${n}`);
    }
    expect(limits.parties).toBeLessThanOrEqual(10_000);
  });

  it('are off at 0 requests per second', () => {
    const limits = rateLimits({ ...policy, perSecond: 0 });
    expect(Array.from({ length: 1_000 }, () => limits.enter('a').ok).every(Boolean)).toBe(true);
  });

  it('are told in the fields of the IETF draft', () => {
    expect(rateLimitFields(policy, { ok: true, left: 4, waitMs: 0 })).toEqual({ 'ratelimit-policy': '"party";q=20;w=2', 'ratelimit': '"party";r=4;t=0' });
    expect(rateLimitFields(policy, { ok: false, left: 0, waitMs: 1_200 })).toMatchObject({ ratelimit: '"party";r=0;t=2' });
  });
});
