import { Body, Controller, Post } from '@nestjs/common';
import { newId } from '@peyvand/kernel';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, ListOf, refusalTable, Replies, reply, Text, Uuid, write } from '@peyvand/platform';
import { z } from 'zod';
import { ProductBody, productOf, variantNamed } from '../add-product/product-body.js';
import { explained } from '../fault-words.js';
import { OfferTermsBody, termsOf } from '../publish-offer/offer-body.js';
import { catalogueChanged, faulty, producerNotFound } from '../refusals.js';
import { loadCatalogue, type CatalogueEntry } from './load-catalogue.js';

export class CatalogueOfferBody extends OfferTermsBody {
  @Uuid({ optional: true }) id?: string;
  @Uuid({ optional: true }) variantId?: string;
  @Text({ max: 60, optional: true, description: 'Instead of variantId: the code of a variant of this product' }) code?: string;
}

export class CatalogueProductBody extends ProductBody {
  @ListOf(() => CatalogueOfferBody, { max: 500, optional: true }) offers?: CatalogueOfferBody[];
}

export class CatalogueBody {
  @ListOf(() => CatalogueProductBody, { min: 1, max: 1_000 }) products: CatalogueProductBody[];
}

const refusals = refusalTable({
  'producer-not-found': producerNotFound,
  'catalogue-faulty': faulty,
  'catalogue-changed-meanwhile': catalogueChanged,
  'offer-exists': [409, 'یکی از شناسه‌های پیشنهاد پیش‌تر به کار رفته است. شناسه‌های تازه بدهید یا آن‌ها را بردارید.', 'One of the offer ids is taken. Give fresh ids or leave them out.'],
});

@Controller('api/producers/catalogue')
export class LoadCatalogueHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('producer')
  @Replies(z.object({ products: reply.whole, variants: reply.whole, offers: reply.whole, told: reply.whole.describe('Offers that are told at once; the others wait for the verification') }), { refusals })
  load(@Body() { products }: CatalogueBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const outcome = await loadCatalogue(tx, caller.party, products.map((body) => entryOf(body, caller.party)));
      return outcome.ok ? done(outcome.loaded) : explained(outcome, caller.locale);
    });
  }
}

const entryOf = (body: CatalogueProductBody, producerId: string): CatalogueEntry => {
  const product = productOf(body, producerId);
  return { product, offers: (body.offers ?? []).map((offer) => ({ id: offer.id ?? newId(), variantId: variantNamed(product.variants, offer.variantId, offer.code), terms: termsOf(offer) })) };
};
