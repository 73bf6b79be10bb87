import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { basisPoints, dayOf, instant, isoOf, newId, refuse, rials } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, Moment, page, read, Rials, Whole, write } from '@peyvand/platform';
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

/** Sealed bids on accepted paper: a funder sees its own, the one who bears the cost sees all, ranked by what reaches it. */
@Controller('api/financing/cases')
export class PlaceBidHttp {
  constructor(private readonly source: Source) {}

  @Post(':id/bids')
  @Allow('funder')
  place(@Param('id') caseId: string, @Body() body: BidBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
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
