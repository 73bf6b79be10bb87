import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { basisPoints, refuse, rials, type PartyId } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, Everyones, nothing, page, pageOf, read, refusalsOf, Replies, reply, Rials, Uuid, Whole, write } from '@peyvand/platform';
import { z } from 'zod';
import type { StandingBid } from '../domain/standing-instructions.js';
import { refusals } from '../financing.refusals.js';
import { findLimit } from '../store/limits.store.js';
import { endStandingBid, keepStandingBid, standingBidsOf } from '../store/standing.store.js';

export class StandingBidBody {
  @Uuid({ description: 'The debtor whose accepted paper is bid on; you need a limit on it' }) debtorId: string;
  @Whole({ min: 0, max: 100_000, description: 'Yearly rate in basis points: 2300 = 23 %', example: 2300 }) rate: number;
  @Rials({ description: 'Flat fee taken from the price' }) fee: string;
  @Rials({ min: '1', description: 'The most one such bid buys' }) maxFace: string;
  @Whole({ min: 1, max: 8_760, description: 'Hours each bid is valid' }) validHours: number;
}

const setting = refusalsOf(refusals, 'no-limit-on-debtor');
const ending = refusalsOf(refusals, 'no-standing-bid');

const Standing = z.object({ debtorId: reply.uuid, rate: reply.rate, fee: reply.rials, maxFace: reply.rials, validHours: reply.whole }).meta({ id: 'StandingBid' });

/** A funder's standing bids, one per debtor: placed on every paper that debtor accepts. Bids already placed stand as they are. */
@Controller('api/financing/standing-bids')
@Allow('funder')
export class StandingBidsHttp {
  constructor(private readonly source: Source) {}

  @Put()
  @Replies(Standing, { refusals: setting })
  set(@Body() { debtorId, rate, fee, maxFace, validHours }: StandingBidBody, @Caller() caller: Caller) {
    return write(this.source, caller, setting, async (tx) => {
      if ((await findLimit(tx, caller.party, debtorId, 'funder')) === undefined) return refuse('no-limit-on-debtor');
      const bid: StandingBid = { funderId: caller.party, debtorId: debtorId as PartyId, rate: basisPoints(rate), fee: rials(fee), maxFace: rials(maxFace), validHours };
      await keepStandingBid(tx, bid);
      return done(view(bid));
    });
  }

  @Get()
  @Replies(pageOf(Standing))
  own(@Caller() caller: Caller) {
    return read(this.source, caller, async (tx) => page((await standingBidsOf(tx, caller.party)).map(view)));
  }

  @Delete(':debtorId')
  @Everyones('names a debtor; the instruction is the caller’s own')
  @Replies(nothing, { refusals: ending })
  end(@Param('debtorId') debtorId: string, @Caller() caller: Caller) {
    return write(this.source, caller, ending, async (tx) => ((await endStandingBid(tx, caller.party, debtorId)) === 0 ? refuse('no-standing-bid') : done()));
  }
}

const view = ({ funderId: _own, ...bid }: StandingBid) => bid;
