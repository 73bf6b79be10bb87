import { Body, Controller, Get, Post } from '@nestjs/common';
import { day, dayOf, newId, rials, type PartyId } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, CivilDay, done, page, pageOf, read, refusalsOf, Replies, reply, Rials, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { headroom, setLimit } from '../domain/limit.js';
import { refusals } from '../financing.refusals.js';
import { findLimit, limitsOfGrantor, putLimit } from '../store/limits.store.js';

export class LimitBody {
  @Uuid({ description: 'The buyer it is for' }) debtorId: string;
  @Rials() amount: string;
  @CivilDay() validUntil: string;
}

const setting = refusalsOf(refusals, 'limit-belongs-to-another', 'limit-already-expired', 'amount-negative');

const OwnLimit = z.object({
  limitId: reply.uuid, debtorId: reply.uuid, kind: z.enum(['funder', 'seller']), amount: reply.rials, taken: reply.rials, free: reply.rials, validUntil: reply.day,
}).meta({ id: 'Limit' });

/** A funder's limit on a buyer, or a seller's own. Setting it again replaces amount and validity; reservations stand. */
@Controller('api/financing/limits')
export class SetLimitHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('funder', 'producer')
  @Replies(z.object({ limitId: reply.uuid }), { refusals: setting })
  set(@Body() body: LimitBody, @Caller() caller: Caller) {
    const kind = caller.roles.includes('funder') ? 'funder' : 'seller';
    return write(this.source, caller, setting, async (tx) => {
      const before = await findLimit(tx, caller.party, body.debtorId, kind);
      const decision = setLimit(before, {
        id: before?.id ?? newId(), kind, grantorId: caller.party, debtorId: body.debtorId as PartyId, amount: rials(body.amount), validUntil: day(body.validUntil),
      }, dayOf(tx.now));
      if (!decision.ok) return decision;
      await putLimit(tx, decision.state);
      await tx.publish(decision.events);
      return done({ limitId: decision.state.id });
    });
  }

  @Get()
  @Allow('funder', 'producer')
  @Replies(pageOf(OwnLimit))
  own(@Caller() caller: Caller) {
    return read(this.source, caller, async (tx) =>
      page((await limitsOfGrantor(tx, caller.party)).map((limit) => ({
        limitId: limit.id, debtorId: limit.debtorId, kind: limit.kind, amount: limit.amount, taken: limit.taken, free: headroom(limit, dayOf(tx.now)), validUntil: limit.validUntil,
      }))));
  }
}
