import { Controller } from '@nestjs/common';
import { ProductListed, type DataOf, type Fact } from '@peyvand/contracts';
import { OnFacts, type Tx } from '@peyvand/messaging';
import { rememberVariants } from '../store/known-variant.store.js';

@Controller()
export class OnProductListed {
  /** Keeps which variant a GTIN names, so that buyers can give their codes by GTIN. */
  @OnFacts(ProductListed)
  async hear(facts: Fact<DataOf<typeof ProductListed>>[], tx: Tx): Promise<void> {
    const named = facts.flatMap(({ data }) => data.variants.flatMap(({ variantId, gtin }) => (gtin === undefined ? [] : [{ variantId, gtin }])));
    await rememberVariants(tx, [...new Map(named.map((variant) => [variant.variantId, variant])).values()]);
  }
}
