import { Body, Controller, Post } from '@nestjs/common';
import { newId } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, refusalTable, Replies, Uuid, write } from '@peyvand/platform';
import { explained } from '../fault-words.js';
import { offerRefusals, producerNotFound } from '../refusals.js';
import { Offer, OfferTermsBody, shown, termsOf } from './offer-body.js';
import { publish } from './publish-offer.js';

export class PublishOfferBody extends OfferTermsBody {
  @Uuid({ optional: true }) id?: string;
  @Uuid() variantId: string;
}

const refusals = refusalTable({
  ...offerRefusals,
  'producer-not-found': producerNotFound,
  'variant-not-found': [404, 'در کالاهای شما چنین گونه‌ای نیست. نخست کالا را ثبت کنید یا variantId را درست کنید.', 'Your products have no such variant. List the product first, or mend variantId.'],
  'offer-exists': [409, 'پیشنهادی با این شناسه هست. شناسهٔ تازه بدهید یا آن را بردارید.', 'There is an offer with this id. Give a fresh id or leave it out.'],
});

@Controller('api/producers/offers')
export class PublishOfferHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('producer')
  @Replies(Offer, { refusals })
  publish(@Body() body: PublishOfferBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const outcome = await publish(tx, caller.party, { id: body.id ?? newId(), variantId: body.variantId, terms: termsOf(body) });
      return outcome.ok ? done(shown(outcome.offer)) : explained(outcome, caller.locale);
    });
  }
}
