import { Controller } from '@nestjs/common';
import { ProductListed, type DataOf, type Fact } from '@peyvand/contracts';
import { OnFacts, type Tx } from '@peyvand/messaging';
import { saveVariants } from '../store/reference.store.js';

/** Keeps each variant's tax category: the invoice needs it when the goods have been counted. */
@Controller()
export class OnProductListed {
  @OnFacts(ProductListed) async handle(facts: Fact<DataOf<typeof ProductListed>>[], tx: Tx): Promise<void> {
    // A product listed twice in a batch: the later one counts, and one statement may not touch a row twice.
    const variants = new Map(facts.flatMap(({ data }) => data.variants.map(({ variantId, gtin }) =>
      [variantId, { variantId, sellerId: data.producerId, title: data.title, vatCategory: data.vatCategory, ...(gtin === undefined ? {} : { gtin }) }] as const)));
    await saveVariants(tx, [...variants.values()]);
  }
}
