import { Body, Controller, Post } from '@nestjs/common';
import { Source } from '@peyvand/messaging';
import { Allow, Caller, done, refusalTable, Replies, reply, write } from '@peyvand/platform';
import { z } from 'zod';
import { explained } from '../fault-words.js';
import { catalogueChanged, faulty, producerNotFound } from '../refusals.js';
import { addProduct } from './add-product.js';
import { ProductBody, productOf } from './product-body.js';

const Listed = z.object({ productId: reply.uuid, variants: z.array(z.object({ variantId: reply.uuid, code: reply.text })), packs: z.array(z.object({ packId: reply.uuid, code: reply.text })) });

const refusals = refusalTable({ 'producer-not-found': producerNotFound, 'product-faulty': faulty, 'catalogue-changed-meanwhile': catalogueChanged });

@Controller('api/producers/products')
export class AddProductHttp {
  constructor(private readonly source: Source) {}

  @Post()
  @Allow('producer')
  @Replies(Listed, { refusals })
  add(@Body() body: ProductBody, @Caller() caller: Caller) {
    return write(this.source, caller, refusals, async (tx) => {
      const outcome = await addProduct(tx, productOf(body, caller.party));
      if (!outcome.ok) return explained(outcome, caller.locale);
      const { id: productId, variants, packs } = outcome.product;
      return done({ productId, variants: variants.map(({ id: variantId, code }) => ({ variantId, code })), packs: packs.map(({ id: packId, code }) => ({ packId, code })) });
    });
  }
}
