import { describe, expect, it } from '@jest/globals';
import { day } from '@peyvand/kernel';
import fc from 'fast-check';
import { releaseData } from './match-data.js';
import { acceptMatch, answerChange, declineMatch, overdue, proposeChange, releasable, released, remainderOf, secureByWord, type Change, type Match, type MatchState } from './match.js';

const states: readonly MatchState[] = ['proposed', 'issued', 'change-proposed', 'accepted', 'secured', 'done', 'released'];
const place = { placeId: 'p', city: 'c', province: 'p', latitude: 0, longitude: 0 };
const line = (lineId: string, offerId: string, quantity: number) => ({ lineId, offerId, variantId: 'v', quantity, unit: 'PR', price: { amount: '4150000', per: 1 }, amount: String(4_150_000 * quantity) });
const change: Change = { promisedBy: day('2026-05-01'), lines: [{ lineId: 'a', quantity: 960 }], reason: 'capacity' };

const match = (state: MatchState, parts: Partial<Match> = {}): Match => ({
  matchId: 'm', orderId: 'o', buyerId: 'b', sellerId: 's', poNumber: '1', market: 'shoes', lines: [line('a', 'x', 1_000)], terms: { days: 90, base: 'invoice', instrument: 'barat' }, amount: '4150000000',
  shipTo: place, neededBy: day('2026-06-01'), promisedBy: day('2026-04-20'), state, financingDeclined: false, dispatched: false, version: 1, ...(state === 'change-proposed' ? { change } : {}), ...parts,
});
const today = day('2026-04-01');
const outcome = (decision: ReturnType<typeof acceptMatch>) => (decision.ok ? decision.state.state : decision.reason);

describe('what may happen to a match, by its state', () => {
  it.each([
    ['accept', acceptMatch, ['match-not-awarded', 'accepted', ...Array(5).fill('match-already-answered')]],
    ['decline', declineMatch, ['match-not-awarded', 'released', ...Array(5).fill('match-already-answered')]],
    ['propose a change', (m: Match) => proposeChange(m, change, today), ['match-not-awarded', 'change-proposed', ...Array(5).fill('match-already-answered')]],
    ['take the change', (m: Match) => answerChange(m, 'accept'), ['no-change-to-answer', 'no-change-to-answer', 'accepted', ...Array(4).fill('no-change-to-answer')]],
    ['refuse the change', (m: Match) => answerChange(m, 'refuse'), ['no-change-to-answer', 'no-change-to-answer', 'released', ...Array(4).fill('no-change-to-answer')]],
    ['give its word', (m: Match) => secureByWord(m, 'open-terms'), ['match-not-accepted', 'match-not-accepted', 'match-not-accepted', 'secured', 'match-already-secured', 'match-already-secured', 'match-not-accepted']],
  ] as const)('%s', (_, command, expected) => expect(states.map((state) => outcome(command(match(state))))).toEqual(expected));

  it('when nobody answers in time', () =>
    expect(states.map((state) => overdue(match(state))?.reason)).toEqual(['not-answered', 'not-answered', 'change-refused', 'not-secured', 'not-dispatched', undefined, undefined]));

  it('is over for the deadline and the buyer once goods have left', () => {
    expect(overdue(match('secured', { dispatched: true }))).toBeUndefined();
    expect(states.map((state) => releasable(match(state)))).toEqual([true, true, true, true, true, false, false]);
    expect(releasable(match('secured', { dispatched: true }))).toBe(false);
  });

  it('its end is told to the producer only when the purchase order was', () =>
    expect(states.filter((state) => releaseData(released(match(state), 'order-cancelled')).toldSellerId === undefined)).toEqual(['proposed']));

  it('cash is secured by acceptance alone', () =>
    expect(acceptMatch(match('issued', { terms: { days: 0, base: 'invoice', instrument: 'cash' } }))).toMatchObject({ ok: true, state: { state: 'secured', securedBy: 'cash' } }));
});

describe('a change', () => {
  it.each([
    ['of more than was ordered', { lines: [{ lineId: 'a', quantity: 1_001 }] }, 'change-not-smaller'],
    ['that leaves nothing', { lines: [{ lineId: 'a', quantity: 0 }] }, 'change-not-smaller'],
    ['of a line that is not there', { lines: [{ lineId: 'z', quantity: 1 }] }, 'change-line-unknown'],
    ['to a day gone by', { promisedBy: day('2026-03-31') }, 'promise-past'],
    ['of the day alone', { lines: [] }, 'change-proposed'],
  ])('%s: %s', (_, parts, expected) => expect(outcome(proposeChange(match('issued'), { ...change, ...parts }, today))).toBe(expected));

  it('keeps the units of every line between what was asked and what was ordered, and prices what is left', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 5 }), fc.nat(2_000), (quantities, asked) => {
      const before = match('issued', { lines: quantities.map((quantity, index) => line('a', `offer-${index}`, quantity)) });
      const ordered = quantities.reduce((a, b) => a + b, 0);
      const proposed = proposeChange(before, { ...change, lines: [{ lineId: 'a', quantity: asked }] }, today);
      if (asked > ordered || asked === 0) return expect(proposed.ok).toBe(false);
      const taken = proposed.ok ? answerChange(proposed.state, 'accept') : proposed;
      if (!taken.ok) throw new Error(taken.reason);
      const kept = taken.state.lines.reduce((sum, one) => sum + one.quantity, 0);
      const left = remainderOf(before, taken.state).reduce((sum, one) => sum + one.quantity, 0);
      expect([kept, left, taken.state.amount]).toEqual([asked, ordered - asked, String(4_150_000 * asked)]);
    }));
  });
});
