import { ProductListed, type DataOf, type NewFact } from '@peyvand/contracts';
import { accept, compactCode, foldCode, parseGtin, refuse, type Decision, type Unit } from '@peyvand/kernel';
import { noRepeats, type Fault } from './faults.js';

export type Variant = { readonly id: string; readonly code: string; readonly gtin?: string; readonly model?: string; readonly colour?: string; readonly size?: string };

/** An assortment sold as one lot: a size run in a carton. */
export type Pack = { readonly id: string; readonly code: string; readonly contents: readonly { readonly variantId: string; readonly quantity: number }[] };

/** Country by ISO 3166-1, domestic content in hundredths of a per cent, and the document that proves it. */
export type Origin = { readonly country: string; readonly domesticShare: number; readonly evidence: string };

export type Product = {
  readonly id: string;
  readonly producerId: string;
  /** The static family inside which goods may replace each other (design §4.3). */
  readonly market: string;
  readonly title: { readonly fa: string; readonly en: string };
  readonly unit: Unit;
  readonly vatCategory: 'standard' | 'exempt';
  readonly weightGrams: number;
  readonly variants: readonly Variant[];
  readonly packs: readonly Pack[];
  readonly origin?: Origin;
};

/** `at` is where the product stands in the body: '' alone, 'products[3].' in a catalogue. */
export const productFaults = (product: Product, at = ''): Fault[] => {
  const faults: Fault[] = [];
  const { variants, packs } = product;
  noRepeats(faults, variants, ({ code }) => foldCode(code), (i) => `${at}variants[${i}].code`, 'code-repeated');
  noRepeats(faults, variants, ({ gtin }) => gtin && compactCode(gtin), (i) => `${at}variants[${i}].gtin`, 'gtin-repeated');
  noRepeats(faults, variants, ({ id }) => id, (i) => `${at}variants[${i}].id`, 'id-repeated');
  noRepeats(faults, packs, ({ code }) => foldCode(code), (i) => `${at}packs[${i}].code`, 'code-repeated');
  variants.forEach(({ gtin }, i) => {
    const parsed = gtin === undefined ? undefined : parseGtin(gtin);
    if (parsed?.ok === false) faults.push({ path: `${at}variants[${i}].gtin`, code: parsed.reason });
  });
  const known = new Set(variants.map(({ id }) => id));
  packs.forEach((pack, i) => {
    noRepeats(faults, pack.contents, ({ variantId }) => variantId, (j) => `${at}packs[${i}].contents[${j}]`, 'variant-repeated');
    pack.contents.forEach(({ variantId }, j) => {
      if (!known.has(variantId)) faults.push({ path: `${at}packs[${i}].contents[${j}]`, code: 'variant-not-of-product' });
    });
  });
  return faults;
};

export const listProduct = (product: Product): Decision<Product, NewFact<unknown>, 'product-faulty'> => {
  const errors = productFaults(product);
  return errors.length > 0 ? refuse('product-faulty', { errors }) : accept(product, productListed(product));
};

export const productListed = (product: Product): NewFact<DataOf<typeof ProductListed>> => {
  const { id, variants, packs, origin, ...rest } = product;
  return ProductListed.of({
    ...rest, productId: id,
    variants: variants.map(({ id: variantId, ...variant }) => ({ variantId, ...variant })),
    packs: packs.map(({ id: packId, code, contents }) => ({ packId, code, contents: contents.map((content) => ({ ...content })) })),
    ...(origin !== undefined && { origin: { ...origin } }),
  });
};
