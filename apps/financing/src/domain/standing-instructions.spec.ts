import { describe, expect, it } from '@jest/globals';
import { addHours, basisPoints, dayOf, newId, rials, type PartyId } from '@peyvand/kernel';
import { caseAt, limitOf } from './examples.js';
import { bestBid, bidAsInstructed, type StandingBid } from './standing-instructions.js';

const policy = { maxTenorDays: 365, yearDays: 365 };
const state = { ...caseAt('bidding'), bids: [] };
const bidUntil = state.stage.status === 'bidding' ? state.stage.bidUntil : undefined;
if (bidUntil === undefined) throw new Error('The example case takes bids');
const now = addHours(bidUntil, -48);
const limit = limitOf(newId() as PartyId);
const word: StandingBid = { funderId: limit.grantorId, debtorId: limit.debtorId, rate: basisPoints(2300), fee: rials(0n), maxFace: state.face, validHours: 24 };
const bid = (words: readonly StandingBid[]) => bidAsInstructed(state, words.map((one) => ({ bid: one, limit })), now, newId, policy);

describe('standing instructions', () => {
  it('bid on accepted paper, valid for as long as was said', () => {
    const { state: after, bids, events } = bid([word]);
    expect(bids).toMatchObject([{ rate: 2300, validUntil: addHours(now, 24), placedAt: now }]);
    expect(after.bids).toEqual(bids);
    expect(events.map((event) => event.contract.name)).toEqual(['BidPlaced']);
    expect(bestBid(after, now, dayOf(now), 365)).toBe(bids[0]?.bidId);
    expect(bestBid(after, addHours(now, 25), dayOf(now), 365)).toBeUndefined();
  });

  const none: [string, StandingBid][] = [
    ['the face is above its maximum', { ...word, maxFace: rials(state.face - 1n) }],
    ['its fee eats the price', { ...word, fee: state.face }],
    ['the limit is another’s', { ...word, funderId: state.of.sellerId }],
  ];
  it.each(none)('make no bid where %s', (_name, given) => expect(bid([given])).toMatchObject({ bids: [], events: [] }));

  it('make one bid per funder', () => expect(bid([word, word]).bids).toHaveLength(1));
});
