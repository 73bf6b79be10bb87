import type { Place } from '@peyvand/contracts';
import { foldCode, isUuid } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';

export type Variant = { readonly variantId: string; readonly market: string; readonly unit: string };

export const findVariants = async (tx: Tx, ids: readonly string[]): Promise<Map<string, Variant>> => {
  if (ids.length === 0) return new Map();
  const rows = await tx.sql<Variant>('select variant_id as "variantId", market, unit from variants where variant_id = any($1::uuid[])', [ids]);
  return new Map(rows.map((row) => [row.variantId, row]));
};

export type Title = { readonly title: { readonly fa: string; readonly en: string }; readonly variantCode: string };

/** What variants are called, by id. */
export const titlesOf = async (tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Title>> => {
  if (ids.length === 0) return new Map();
  const rows = await tx.sql<Title & { variantId: string }>('select variant_id as "variantId", title, code as "variantCode" from variants where variant_id = any($1::uuid[])', [ids]);
  return new Map(rows.map(({ variantId, ...title }) => [variantId, title]));
};

/** The buyer's own article codes among these, each as it was asked for → its variants, the preferred first. Spelling (digits, case, spaces, dashes) does not matter. */
export const findCodes = async (tx: Tx, networkId: string, codes: readonly string[]): Promise<Map<string, readonly string[]>> => {
  if (codes.length === 0) return new Map();
  const folded = codes.map(foldCode);
  const rows = await tx.sql<{ code: string; variants: string[] }>(
    'select code, (variant_id || substitutes)::text[] as variants from codes where network_id = $1 and code = any($2::text[])', [networkId, [...new Set(folded)]]);
  const named = new Map(rows.map((row) => [row.code, row.variants]));
  return new Map(codes.flatMap((code, i) => {
    const variants = named.get(folded[i] ?? '');
    return variants === undefined ? [] : [[code, variants] as const];
  }));
};

/** Places of the buyer, each under the id or the code it was asked by. */
export const findPlaces = async (tx: Tx, networkId: string, asked: readonly string[]): Promise<Map<string, Place>> => {
  if (asked.length === 0) return new Map();
  const rows = await tx.sql<{ place_id: string; code: string; place: Place }>(
    'select place_id, code, place from places where network_id = $1 and (place_id = any($2::uuid[]) or code = any($3::text[]))',
    [networkId, asked.filter(isUuid), asked.filter((one) => !isUuid(one))]);
  return new Map(rows.flatMap((row) => [[row.place_id, row.place], [row.code, row.place]]));
};

/** Which of these matches are sales of this party that still stand. */
export const findParents = async (tx: Tx, sellerId: string, matchIds: readonly string[]): Promise<Set<string>> => {
  if (matchIds.length === 0) return new Set();
  const rows = await tx.sql<{ match_id: string }>(
    `select match_id from matches where match_id = any($1::uuid[]) and seller_id = $2 and state in ('issued', 'change-proposed', 'accepted', 'secured', 'done')`, [matchIds, sellerId]);
  return new Set(rows.map((row) => row.match_id));
};
