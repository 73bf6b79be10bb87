import { drafts } from './drafts.js';
import { demoId, networkKeys, numberOf, producers, type Named, type NetworkKey, type ProducerKey } from './parties.js';

export type Variant = { readonly id: string; readonly code: string; readonly colour?: string; readonly size?: string };
export type Product = {
  readonly id: string;
  readonly code: string;
  readonly producer: ProducerKey;
  readonly market: string;
  /** What a chain's own code means: products of one article do for each other, size by size and colour by colour. */
  readonly article: string;
  readonly title: Named;
  readonly unit: 'PR' | 'H87' | 'DZN' | 'FTK';
  readonly weightGrams: number;
  /** Rials per unit at 90 days. */
  readonly price: number;
  /** The part of that price which ninety days of waiting cost; the usual one when left out. */
  readonly credit?: number;
  /** Units the producer could make in half a year beyond what it sells today: its idle capacity. */
  readonly idle: number;
  readonly minimum: number;
  readonly leadDays: number;
  readonly grade: 'A' | 'B' | 'C';
  readonly variants: readonly Variant[];
  /** A typical order of a chain, in units. */
  readonly usual: number;
};

export type Draft = Omit<Product, 'id' | 'variants'> & { readonly variants: readonly (readonly [suffix: string, colour?: string, size?: string])[] };

export const products: readonly Product[] = drafts.map(({ variants, code, ...draft }, at) => ({
  ...draft, code,
  id: demoId('a0c0', numberOf(producers[draft.producer].id) * 100 + at),
  variants: variants.map(([suffix, colour, size], n) => ({
    id: demoId('a0d0', (numberOf(producers[draft.producer].id) * 100 + at) * 100 + n),
    code: `${code}-${suffix}`,
    ...(colour === undefined ? {} : { colour }),
    ...(size === undefined ? {} : { size }),
  })),
}));

/** The offer of a variant; one each. */
export const offerIdOf = (variantId: string): string => demoId('a0e0', Number(variantId.slice(-12)));

/** The variant with this code; throws when the demo has none (a slip of ours). */
export const variantByCode = (code: string): { readonly product: Product; readonly variant: Variant } => {
  for (const product of products) for (const variant of product.variants) if (variant.code === code) return { product, variant };
  throw new Error(`The demo makes no ${code}`);
};

export type Article = { readonly code: string; readonly product: Product; readonly variantIds: readonly string[] };

/** A chain's own article codes: each names every variant that does, the chain's first choice first. Chains differ in what they prefer. */
export const articlesOf = (network: NetworkKey): Article[] => {
  const found = new Map<string, { product: Product; variantIds: string[] }>();
  for (const product of products) for (const { id, code } of product.variants) {
    const key = `${product.article} ${code.slice(product.code.length + 1)}`;
    const known = found.get(key);
    if (known) known.variantIds.push(id);
    else found.set(key, { product, variantIds: [id] });
  }
  const turn = networkKeys.indexOf(network);
  return [...found.values()].map(({ product, variantIds }, at) => ({
    code: `${network.slice(0, 3).toUpperCase()}-${10_000 + at}`, product, variantIds: [...variantIds.slice(turn % variantIds.length), ...variantIds.slice(0, turn % variantIds.length)],
  }));
};

/** The chain's code for the article this variant is of. */
export const codeOf = (network: NetworkKey, variantCode: string): string => {
  const { variant } = variantByCode(variantCode);
  return articlesOf(network).find(({ variantIds }) => variantIds.includes(variant.id))?.code ?? variantCode;
};

export const terms = {
  cash: { days: 0, base: 'invoice', instrument: 'cash' },
  open30: { days: 30, base: 'invoice', instrument: 'open' },
  barat60: { days: 60, base: 'invoice', instrument: 'barat' },
  barat90: { days: 90, base: 'invoice', instrument: 'barat' },
} as const;

/** A quote per term: what waiting costs is in the price (3,950,000 cash, 4,150,000 at 90 days for the hero's sneakers). */
export const quotes = ({ price, credit = 0.048193 }: Pick<Product, 'price' | 'credit'>, validUntil: string) => {
  const shorter = (days: number): number => Math.round((price * (1 - ((90 - days) / 90) * credit)) / 10_000) * 10_000;
  return [
    { terms: terms.cash, price: { amount: String(shorter(0)), per: 1 }, validUntil },
    { terms: terms.open30, price: { amount: String(shorter(30)), per: 1 }, validUntil },
    { terms: terms.barat60, price: { amount: String(shorter(60)), per: 1 }, validUntil },
    { terms: terms.barat90, price: { amount: String(price), per: 1 }, validUntil },
  ];
};
