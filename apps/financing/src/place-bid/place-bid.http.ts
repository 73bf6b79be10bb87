import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { basisPoints, dayOf, instant, isoOf, newId, refuse, rials } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, Moment, page, pageOf, read, refusalsOf, Replies, reply, Rials, Whole, write } from '@peyvand/platform';
import { z } from 'zod';
import { explain } from '../domain/debt-purchase.js';
import { placeBid, standingBids, type Bid } from '../domain/financing-case.js';
import { maxTenorDays, yearDays } from '../financing.policy.js';
import { refusals } from '../financing.refusals.js';
import { insertBid } from '../store/bids.store.js';
import { findCase, lockCase } from '../store/cases.store.js';
import { findLimit } from '../store/limits.store.js';

export class BidBody {
  @Whole({ min: 0, max: 100_000, description: 'Yearly rate in basis points: 2300 = 23 %', example: 2300 }) rate: number;
  @Rials({ description: 'Flat fee taken from the price' }) fee: string;
  @Rials({ min: '1', description: 'The most this bid buys' }) maxFace: string;
  @Moment() validUntil: string;
}

const bidding = refusalsOf(refusals, 'case-not-found', 'not-bidding', 'bidding-closed', 'party-to-the-trade', 'no-limit-on-debtor', 'bid-expired', 'already-bid', 'face-above-maximum', 'tenor-too-long', 'fee-exceeds-price');

const RankedBid = z.object({
  bidId: reply.uuid, rate: reply.rate, fee: reply.rials, maxFace: reply.rials, validUntil: reply.moment, funderId: reply.uuid.optional(),
  rank: reply.whole.optional().describe('For the one who bears the cost: 1 brings it most'),
  price: reply.rials, net: reply.balance.describe('What reaches the seller: price less fee'), days: reply.whole,
  allInThousandths: z.int().optional().describe('Yearly cost of everything the seller bears, in thousandths of a per cent; absent when no day is left'),
  why: z.object({
    formula: reply.text, steps: z.array(z.object({ step: z.enum(['face', 'profit', 'fee', 'stamp-duty', 'received']), amount: reply.balance.describe('What is taken away is negative') })),
  }),
}).meta({ id: 'RankedBid' });

/** Sealed bids on accepted paper: a funder sees its own, the one who bears the cost sees all, ranked by what reaches it. */
@Controller('api/financing/cases')
export class PlaceBidHttp {
  constructor(private readonly source: Source) {}

  @Post(':id/bids')
  @Allow('funder')
  @Replies(z.object({ bidId: reply.uuid }), { refusals: bidding })
  place(@Param('id') caseId: string, @Body() body: BidBody, @Caller() caller: Caller) {
    return write(this.source, caller, bidding, async (tx) => {
      const file = await lockCase(tx, caseId);
      if (file === undefined) return refuse('case-not-found');
      const bid: Bid = {
        bidId: newId(), funderId: caller.party, rate: basisPoints(body.rate), fee: rials(body.fee), maxFace: rials(body.maxFace), validUntil: instant(body.validUntil), placedAt: tx.now,
      };
      const decision = placeBid(file.case, bid, await findLimit(tx, caller.party, file.case.of.buyerId, 'funder'), { maxTenorDays, yearDays });
      if (!decision.ok) return decision;
      // The case row stays as it is: bids lie in a table of their own, so that two funders never wait for each other's versions.
      await insertBid(tx, caseId, file.case.bearerId, bid);
      await tx.publish(decision.events);
      return done({ bidId: bid.bidId });
    });
  }

  @Get(':id/bids')
  @Allow('producer', 'funder')
  @Replies(pageOf(RankedBid))
  ranked(@Param('id') caseId: string, @Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => {
      const file = await findCase(tx, caseId);
      if (file === undefined) return undefined;
      const ranked = standingBids(file.case, tx.now, dayOf(tx.now), yearDays);
      return page(ranked.map(({ bid, purchase }, index) => ({
        bidId: bid.bidId, rate: bid.rate, fee: bid.fee, maxFace: bid.maxFace, validUntil: isoOf(bid.validUntil),
        ...(caller.party === file.case.bearerId || caller.party === bid.funderId ? { funderId: bid.funderId } : {}),
        // A funder sees only its own bid, so a rank would tell it nothing true.
        ...(caller.party === file.case.bearerId ? { rank: index + 1 } : {}),
        price: purchase.price, net: purchase.net, days: purchase.days, allInThousandths: purchase.allIn, why: explain(purchase),
      })));
    });
  }
}
