import { Controller } from '@nestjs/common';
import { ProductListed, type DataOf, type Fact } from '@peyvand/contracts';
import { OnErrand, OnFacts, Source, type Due, type Tx } from '@peyvand/messaging';
import { runImport } from './run-import.js';

/** An import is an errand: it runs outside the request, in its own transactions, and is taken up again after a crash. */
@Controller()
export class RunImport {
  constructor(private readonly source: Source) {}

  @OnErrand('orders/import')
  async run({ key: importId }: Due): Promise<(tx: Tx) => Promise<void>> {
    await runImport(this.source, importId);
    return async () => {};
  }

  /** A file may name goods by GTIN. */
  @OnFacts(ProductListed)
  async list(facts: Fact<DataOf<typeof ProductListed>>[], tx: Tx): Promise<void> {
    const named = facts.flatMap(({ data }) => data.variants.flatMap(({ gtin, variantId }) => (gtin === undefined ? [] : [{ gtin, variantId }])));
    if (named.length === 0) return;
    await tx.run('insert into gtins select * from unnest($1::text[], $2::uuid[]) on conflict do nothing', [named.map(({ gtin }) => gtin), named.map(({ variantId }) => variantId)]);
  }
}
