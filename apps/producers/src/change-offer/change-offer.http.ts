import { Body, Controller, Delete, Param, Patch } from '@nestjs/common';
import { day } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, CivilDay, done, ListOf, OneOf, refusalTable, Replies, Whole, write } from '@peyvand/platform';
import type { OfferTerms } from '../domain/offer.js';
import { explained } from '../fault-words.js';
import { Offer, QuoteBody, quotesOf, shown } from '../publish-offer/offer-body.js';
import { offerRefusals } from '../refusals.js';
import { change, withdraw } from './change-offer.js';

export class ChangeOfferBody {
  @Whole({ min: 0, max: 1_000_000_000, optional: true }) capacity?: number;
  @Whole({ min: 0, max: 1_000_000_000, optional: true }) minimum?: number;
  @Whole({ min: 1, max: 1_000_000, optional: true }) lot?: number;
  @Whole({ min: 0, max: 365, optional: true }) leadDays?: number;
  @CivilDay({ optional: true }) from?: string;
  @CivilDay({ optional: true }) until?: string;
  @OneOf(['A', 'B', 'C'], { optional: true }) grade?: 'A' | 'B' | 'C';
  @ListOf(() => QuoteBody, { min: 1, max: 30, optional: true }) prices?: QuoteBody[];
  @Whole({ min: 1, optional: true, description: 'The revision you looked at; the change is refused when the offer is past it' }) revision?: number;
}

const refusals = refusalTable({
  ...offerRefusals,
  'offer-not-found': [404, 'شما چنین پیشنهادی ندارید. شناسه را بازبینی کنید.', 'You have no such offer. Check the id.'],
});

@Controller('api/producers/offers')
export class ChangeOfferHttp {
  constructor(private readonly source: Source) {}

  @Patch(':id')
  @Allow('producer')
  @Replies(Offer, { refusals })
  change(@Param('id') id: string, @Body() body: ChangeOfferBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const outcome = await change(tx, caller.party, id, changeOf(body), body.revision);
      return outcome.ok ? done(shown(outcome.offer)) : explained(outcome, caller.locale);
    });
  }

  @Delete(':id')
  @Allow('producer')
  @Replies(Offer, { refusals })
  withdraw(@Param('id') id: string, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const outcome = await withdraw(tx, caller.party, id);
      return outcome.ok ? done(shown(outcome.offer)) : outcome;
    });
  }
}

const changeOf = ({ capacity, minimum, lot, leadDays, from, until, grade, prices }: ChangeOfferBody): Partial<OfferTerms> => ({
  ...(capacity !== undefined && { capacity }), ...(minimum !== undefined && { minimum }), ...(lot !== undefined && { lot }), ...(leadDays !== undefined && { leadDays }),
  ...(from !== undefined && { from: day(from) }), ...(until !== undefined && { until: day(until) }), ...(grade !== undefined && { grade }), ...(prices !== undefined && { prices: quotesOf(prices) }),
});
