import type { Tx } from '@peyvand/messaging';

/** One statement for all; hearing of a variant again changes nothing but its GTIN. Ids must be distinct. */
export const rememberVariants = async (tx: Tx, variants: readonly { readonly variantId: string; readonly gtin: string }[]): Promise<void> => {
  if (variants.length === 0) return;
  await tx.run(`
    insert into known_variants (variant_id, gtin) select * from unnest($1::uuid[], $2::text[])
    on conflict (variant_id) do update set gtin = excluded.gtin`, [variants.map(({ variantId }) => variantId), variants.map(({ gtin }) => gtin)]);
};

/** GTIN → variant, for those that are known. */
export const variantsOfGtins = async (tx: Tx, gtins: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  if (gtins.length === 0) return new Map();
  const rows = await tx.sql<{ gtin: string; variant_id: string }>('select gtin, variant_id from known_variants where gtin = any($1::text[])', [gtins]);
  return new Map(rows.map(({ gtin, variant_id }) => [gtin, variant_id]));
};
