import type { DataOf, ProductListed } from '@peyvand/contracts';
import type { Tx } from '@peyvand/messaging';
import { batchInsert } from './batch.js';

type Product = DataOf<typeof ProductListed>;
type Row = { readonly product: Product; readonly variantId: string; readonly code: string };

const upsert = batchInsert<Row>('variants', [
  ['variant_id', 'uuid', (r) => r.variantId], ['product_id', 'uuid', (r) => r.product.productId], ['producer_id', 'uuid', (r) => r.product.producerId], ['market', 'text', (r) => r.product.market],
  ['unit', 'text', (r) => r.product.unit], ['code', 'text', (r) => r.code], ['title', 'jsonb', (r) => JSON.stringify(r.product.title)], ['weight_grams', 'int', (r) => r.product.weightGrams],
], 'on conflict (variant_id) do update set title = excluded.title, weight_grams = excluded.weight_grams, code = excluded.code');

/** Keeps listed variants. A product's market and unit never change: substitutes stay inside a market, and orders are counted in the unit. */
export const keepVariants = async (tx: Tx, products: readonly Product[]): Promise<void> => {
  const rows = new Map(products.flatMap((product) => product.variants.map(({ variantId, code }) => [variantId, { product, variantId, code }] as const)));
  if (rows.size > 0) await tx.run(upsert.text, upsert.values([...rows.values()]));
};
