import { day, isoOf } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { TaxRegistration, VatCategory } from '../domain/vat.js';

// Small copies and registers that deliveries lean on: carriers, products' tax categories, sellers' tax registrations, storekeepers' phones.

export const carrierIds = async (tx: Tx): Promise<string[]> =>
  (await tx.sql<{ carrier_id: string }>('select carrier_id from carriers order by carrier_id')).map((row) => row.carrier_id);

/** False when the carrier was registered before. */
export const insertCarrier = async (tx: Tx, carrier: { id: string; name: string }): Promise<boolean> =>
  (await tx.run('insert into carriers (carrier_id, name, registered_at) values ($1, $2, $3) on conflict do nothing', [carrier.id, carrier.name, isoOf(tx.now)])) === 1;

export const isCarrier = async (tx: Tx, id: string): Promise<boolean> => (await tx.sql('select 1 from carriers where carrier_id = $1', [id])).length === 1;

export type Variant = { readonly variantId: string; readonly sellerId: string; readonly title: { readonly fa: string; readonly en: string }; readonly vatCategory: VatCategory; readonly gtin?: string };

export const saveVariants = async (tx: Tx, variants: readonly Variant[]): Promise<void> => {
  await tx.run(
    `insert into variants (variant_id, seller_id, title, vat_category, gtin) select * from unnest($1::uuid[], $2::uuid[], $3::jsonb[], $4::text[], $5::text[])
     on conflict (variant_id) do update set title = excluded.title, vat_category = excluded.vat_category, gtin = excluded.gtin`,
    [variants.map((v) => v.variantId), variants.map((v) => v.sellerId), variants.map((v) => JSON.stringify(v.title)), variants.map((v) => v.vatCategory), variants.map((v) => v.gtin ?? null)]);
};

export const vatCategories = async (tx: Tx, variantIds: readonly string[]): Promise<Map<string, VatCategory>> => {
  const rows = await tx.sql<{ variant_id: string; vat_category: VatCategory }>('select variant_id, vat_category from variants where variant_id = any($1::uuid[])', [variantIds]);
  return new Map(rows.map((row) => [row.variant_id, row.vat_category]));
};

/** GTINs by variant, of those that have one. */
export const gtinsOf = async (tx: Tx, variantIds: readonly string[]): Promise<Map<string, string>> => {
  const rows = await tx.sql<{ variant_id: string; gtin: string }>('select variant_id, gtin from variants where variant_id = any($1::uuid[]) and gtin is not null', [variantIds]);
  return new Map(rows.map((row) => [row.variant_id, row.gtin]));
};

export const taxRegistrations = async (tx: Tx, sellerId: string): Promise<TaxRegistration[]> => (await taxRegistrationsOf(tx, [sellerId])).get(sellerId) ?? [];

export const taxRegistrationsOf = async (tx: Tx, sellerIds: readonly string[]): Promise<Map<string, TaxRegistration[]>> => {
  const rows = await tx.sql<{ seller_id: string; from_day: string; registered: boolean; memory_id: string | null }>(
    'select seller_id, from_day::text, registered, memory_id from tax_registrations where seller_id = any($1::uuid[])', [sellerIds]);
  const of = new Map<string, TaxRegistration[]>(sellerIds.map((id) => [id, []]));
  for (const row of rows) of.get(row.seller_id)?.push({ from: day(row.from_day), registered: row.registered, ...(row.memory_id === null ? {} : { memoryId: row.memory_id }) });
  return of;
};

/** A row told again without its memory id keeps the one it had. */
export const saveTaxRegistration = async (tx: Tx, sellerId: string, { from, registered, memoryId }: TaxRegistration): Promise<void> => {
  await tx.run(
    `insert into tax_registrations (seller_id, from_day, registered, memory_id) values ($1, $2, $3, $4)
     on conflict (seller_id, from_day) do update set registered = excluded.registered, memory_id = coalesce(excluded.memory_id, tax_registrations.memory_id)`,
    [sellerId, from, registered, memoryId ?? null]);
};

export const saveContact = async (tx: Tx, contact: { networkId: string; placeId: string; phone: string }): Promise<void> => {
  await tx.run(
    'insert into contacts (network_id, place_id, phone, parties) values ($1, $2, $3, array[$1::uuid]) on conflict (network_id, place_id) do update set phone = excluded.phone',
    [contact.networkId, contact.placeId, contact.phone]);
};

/** The phones of these places, by network and place: `${networkId}/${placeId}`. */
export const phonesOf = async (tx: Tx, at: readonly { readonly networkId: string; readonly placeId: string }[]): Promise<Map<string, string>> => {
  const rows = await tx.sql<{ network_id: string; place_id: string; phone: string }>(
    'select network_id, place_id, phone from contacts where (network_id, place_id) in (select * from unnest($1::uuid[], $2::uuid[]))', [at.map((one) => one.networkId), at.map((one) => one.placeId)]);
  return new Map(rows.map((row) => [`${row.network_id}/${row.place_id}`, row.phone]));
};
