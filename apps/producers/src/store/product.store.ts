import { fold, foldCode, isoOf } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Fault } from '../domain/faults.js';
import type { Product } from '../domain/product.js';

/** Where a product stands in the body it came in. */
export type Placed = { readonly product: Product; readonly at: string };

/** What of these products is taken already: product and variant ids, the producer's own variant codes, anybody's GTINs. */
export const takenFaults = async (tx: Tx, producerId: string, placed: readonly Placed[]): Promise<Fault[]> => {
  const variants = placed.flatMap(({ product, at }) => product.variants.map((variant, i) => ({ ...variant, at: `${at}variants[${i}]` })));
  const taken = await tx.sql<{ what: 'product' | 'variant' | 'code' | 'gtin'; value: string }>(`
    select 'product' as what, id::text as value from products where id = any($1::uuid[])
    union all select 'variant', id::text from variants where id = any($2::uuid[])
    union all select 'code', folded from variants where producer_id = $3 and folded = any($4::text[])
    union all select 'gtin', gtin from variants where gtin = any($5::text[])`, [
    placed.map(({ product }) => product.id), variants.map(({ id }) => id), producerId, variants.map(({ code }) => foldCode(code)), variants.flatMap(({ gtin }) => gtin ?? [])]);
  if (taken.length === 0) return [];
  const has = new Set(taken.map(({ what, value }) => `${what}:${value}`));
  const faults: Fault[] = placed.flatMap(({ product, at }) => (has.has(`product:${product.id}`) ? [{ path: `${at}id`, code: 'id-taken' }] : []));
  for (const { id, code, gtin, at } of variants) {
    if (has.has(`variant:${id}`)) faults.push({ path: `${at}.id`, code: 'id-taken' });
    if (has.has(`code:${foldCode(code)}`)) faults.push({ path: `${at}.code`, code: 'code-taken' });
    if (gtin !== undefined && has.has(`gtin:${gtin}`)) faults.push({ path: `${at}.gtin`, code: 'gtin-taken' });
  }
  return faults;
};

/** Two statements however many products. False when another request took an id, a code or a GTIN meanwhile. */
export const insertProducts = async (tx: Tx, producerId: string, products: readonly Product[]): Promise<boolean> => {
  const column = <T>(of: (product: Product) => T): T[] => products.map(of);
  const stored = await tx.run(`
    insert into products (id, producer_id, market, title_fa, title_en, unit, vat_category, weight_grams, packs, origin, folded, listed_at, parties)
    select p.id, $1, p.market, p.title_fa, p.title_en, p.unit, p.vat_category, p.weight_grams, p.packs, p.origin, p.folded, $2, array[$1::uuid]
    from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::jsonb[], $11::jsonb[], $12::text[])
      as p(id, market, title_fa, title_en, unit, vat_category, weight_grams, packs, origin, folded)
    on conflict do nothing`, [
    producerId, isoOf(tx.now), column(({ id }) => id), column(({ market }) => market), column(({ title }) => title.fa), column(({ title }) => title.en), column(({ unit }) => unit),
    column(({ vatCategory }) => vatCategory), column(({ weightGrams }) => weightGrams), column(({ packs }) => JSON.stringify(packs)), column(({ origin }) => (origin === undefined ? null : JSON.stringify(origin))), column(foldedOf)]);
  if (stored !== products.length) return false;
  const variants = products.flatMap(({ id: productId, variants: all }) => all.map((variant, place) => ({ ...variant, productId, place })));
  const kept = await tx.run(`
    insert into variants (id, product_id, producer_id, place, code, folded, gtin, model, colour, size, parties)
    select v.id, v.product_id, $1, v.place, v.code, v.folded, v.gtin, v.model, v.colour, v.size, array[$1::uuid]
    from unnest($2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
      as v(id, product_id, place, code, folded, gtin, model, colour, size)
    on conflict do nothing`, [
    producerId, variants.map(({ id }) => id), variants.map(({ productId }) => productId), variants.map(({ place }) => place), variants.map(({ code }) => code), variants.map(({ code }) => foldCode(code)),
    variants.map(({ gtin }) => gtin ?? null), variants.map(({ model }) => model ?? null), variants.map(({ colour }) => colour ?? null), variants.map(({ size }) => size ?? null)]);
  return kept === variants.length;
};

// Searched by title, and by what a buyer has on paper: codes, models, GTINs.
const foldedOf = ({ title, variants }: Product): string =>
  fold([title.fa, title.en, ...new Set(variants.flatMap(({ code, gtin, model }) => [code, gtin ?? '', model ?? '']))].join(' '));

/** What an offer needs to know of the variant it is for. */
export type VariantFacts = { readonly variantId: string; readonly productId: string; readonly market: string; readonly unit: string };

/** The producer's own variant, or undefined. */
export const findOwnVariant = async (tx: Tx, producerId: string, variantId: string): Promise<VariantFacts | undefined> => {
  const [row] = await tx.sql<VariantFacts>(`
    select v.id as "variantId", p.id as "productId", p.market, p.unit from variants v join products p on p.id = v.product_id where v.id = $1 and v.producer_id = $2`, [variantId, producerId]);
  return row;
};
