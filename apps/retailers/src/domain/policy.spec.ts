import { describe, expect, it } from '@jest/globals';
import { addDays, day, rials } from '@peyvand/kernel';
import fc from 'fast-check';
import { beginPolicy, changePolicy, type DatedRate, type Policy } from './policy.js';

const networkId = '01938000-0000-7000-8000-000000000001';
const today = day('2026-04-01');
const rate = (from: string, of: number): DatedRate => ({ from: day(from), rate: of });
const policy: Policy = { networkId, costOfFunds: [rate('2026-01-01', 2300), rate('2026-06-01', 2500)], automaticAwardUpTo: rials(50n), revision: 3 };

describe('a network’s policy', () => {
  it.each<[string, DatedRate[], string]>([
    ['begins with a rate in force', [rate('2026-04-01', 2300)], 'ok'],
    ['does not begin without one', [rate('2026-04-02', 2300)], 'no-rate-in-force'],
    ['has one rate a day', [rate('2026-01-01', 1), rate('2026-01-01', 2)], 'rate-twice-on-a-day'],
  ])('%s', (_name, rates, outcome) => {
    const decision = beginPolicy(networkId, rates, undefined, today);
    expect(decision.ok ? 'ok' : decision.reason).toBe(outcome);
  });

  it.each<[string, Parameters<typeof changePolicy>[1], object]>([
    ['adds a rate', { costOfFunds: [rate('2026-05-01', 2400)] }, { state: { costOfFunds: [rate('2026-01-01', 2300), rate('2026-05-01', 2400), rate('2026-06-01', 2500)], revision: 4 } }],
    ['replaces one to come', { costOfFunds: [rate('2026-06-01', 2600)] }, { state: { costOfFunds: [rate('2026-01-01', 2300), rate('2026-06-01', 2600)] } }],
    ['may change today', { costOfFunds: [rate('2026-04-01', 2600)] }, { ok: true }],
    ['never the past', { costOfFunds: [rate('2026-03-31', 2600)] }, { ok: false, reason: 'rate-in-the-past' }],
    ['changes the limit alone', { automaticAwardUpTo: rials(0n) }, { state: { automaticAwardUpTo: 0n, costOfFunds: policy.costOfFunds } }],
    ['at the revision seen', { automaticAwardUpTo: rials(1n), seen: 3 }, { ok: true }],
    ['at no other', { automaticAwardUpTo: rials(1n), seen: 2 }, { ok: false, reason: 'policy-changed-meanwhile' }],
  ])('%s', (_name, change, outcome) => {
    expect(changePolicy(policy, change, today)).toMatchObject(outcome);
  });

  it('stays sorted, keeps every past rate and counts up, whatever is changed', () => {
    const changes = fc.array(fc.uniqueArray(fc.record({ in: fc.integer({ min: 0, max: 400 }), rate: fc.integer({ min: 0, max: 9_999 }) }), { selector: (one) => one.in, maxLength: 4 }));
    fc.assert(fc.property(changes, (rounds) => {
      let known = policy;
      for (const round of rounds) {
        const decision = changePolicy(known, { costOfFunds: round.map((one) => ({ from: addDays(today, one.in), rate: one.rate })) }, today);
        if (!decision.ok || decision.state.revision !== known.revision + 1) return false;
        known = decision.state;
      }
      const days = known.costOfFunds.map(({ from }) => from);
      return days.every((from, i) => i === 0 || String(days[i - 1]) < from) && known.costOfFunds[0]?.rate === 2300;
    }));
  });
});
