import { addHours, type BasisPoints, type Day, type Instant, type Money, type PartyId } from '@peyvand/kernel';
import { placeBid, standingBids, type Bid, type BiddingPolicy, type FinancingCase } from './financing-case.js';
import type { FinancingFact } from './case-ref.js';
import type { Limit } from './limit.js';

/** A seller's standing word on its paper: drawn when the invoice is approved; sold to the best bid at once, at the end of the window, or by hand. */
export type StandingSale = { readonly sellerId: PartyId; readonly draw: 'on-approval' | 'by-hand'; readonly choose: 'best-at-once' | 'best-at-close' | 'by-hand' };

/** A funder's standing word on one debtor: it bids so on every accepted paper of that debtor, within its limit. */
export type StandingBid = { readonly funderId: PartyId; readonly debtorId: PartyId; readonly rate: BasisPoints; readonly fee: Money; readonly maxFace: Money; readonly validHours: number };

export type Bidder = { readonly bid: StandingBid; readonly limit: Limit };

/** Places the bids that standing words make on paper just opened to bids. A word that does not fit this paper (its face, its days) makes none. */
export const bidAsInstructed = (state: FinancingCase, bidders: readonly Bidder[], now: Instant, ids: () => string, policy: BiddingPolicy): { readonly state: FinancingCase; readonly bids: readonly Bid[]; readonly events: readonly FinancingFact[] } => {
  let after = state;
  const bids: Bid[] = [];
  const events: FinancingFact[] = [];
  for (const { bid: { funderId, rate, fee, maxFace, validHours }, limit } of bidders) {
    const bid: Bid = { bidId: ids(), funderId, rate, fee, maxFace, validUntil: addHours(now, validHours), placedAt: now };
    const placed = placeBid(after, bid, limit, policy);
    if (!placed.ok) continue;
    after = placed.state;
    bids.push(bid);
    events.push(...placed.events);
  }
  return { state: after, bids, events };
};

/** The bid that brings the seller most, if any stands. */
export const bestBid = (state: FinancingCase, now: Instant, on: Day, yearDays: number): string | undefined => standingBids(state, now, on, yearDays)[0]?.bid.bidId;
