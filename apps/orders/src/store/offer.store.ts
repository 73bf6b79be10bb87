import type { OfferData } from '@peyvand/contracts';
import type { Tx } from '@peyvand/messaging';

/** Units taken from or given back to an offer. */
export type Taking = { readonly offerId: string; readonly quantity: number; readonly revision: number };

const take = `
  with wanted as (select offer_id, revision, sum(quantity)::int as quantity from unnest($1::uuid[], $2::int[], $3::int[]) as w(offer_id, revision, quantity) group by 1, 2),
  locked as (select o.offer_id from offers o join wanted using (offer_id) order by o.offer_id for update of o)
  update offers o set committed = o.committed + w.quantity
  from wanted w join locked using (offer_id)
  where o.offer_id = w.offer_id and o.revision = w.revision and not o.withdrawn and o.committed + w.quantity <= o.capacity
    and exists (select from producers p where p.producer_id = o.producer_id and p.standing = 'verified')`;

/**
 * Commits capacity of many offers in one conditional statement. Answers false when one of them has meanwhile less room, another
 * revision, or a seller that may not sell: then the whole round is to be rolled back and reckoned anew.
 */
export const commitCapacity = async (tx: Tx, takings: readonly Taking[]): Promise<boolean> => {
  if (takings.length === 0) return true;
  const affected = await tx.run(take, [takings.map((t) => t.offerId), takings.map((t) => t.revision), takings.map((t) => t.quantity)]);
  return affected === new Set(takings.map((t) => t.offerId)).size;
};

const giveBack = `
  with back as (select offer_id, sum(quantity)::int as quantity from unnest($1::uuid[], $2::int[]) as b(offer_id, quantity) group by 1),
  locked as (select o.offer_id from offers o join back using (offer_id) order by o.offer_id for update of o)
  update offers o set committed = o.committed - b.quantity, ceiling = greatest(o.capacity, o.committed - b.quantity)
  from back b join locked using (offer_id) where o.offer_id = b.offer_id
  returning o.variant_id`;

/** Gives committed units back; answers the variants that have room again. */
export const releaseCapacity = async (tx: Tx, lines: readonly { offerId: string; quantity: number }[]): Promise<string[]> => {
  if (lines.length === 0) return [];
  const rows = await tx.sql<{ variant_id: string }>(giveBack, [lines.map((l) => l.offerId), lines.map((l) => l.quantity)]);
  return [...new Set(rows.map((row) => row.variant_id))];
};

const keep = `
  insert into offers (offer_id, producer_id, variant_id, market, unit, capacity, minimum, lot, lead_days, opens, until, grade, place, prices, revision, ceiling)
  select r.*, r.capacity from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::int[], $7::int[], $8::int[], $9::int[], $10::date[], $11::date[], $12::text[], $13::jsonb[], $14::jsonb[], $15::int[])
    as r(offer_id, producer_id, variant_id, market, unit, capacity, minimum, lot, lead_days, opens, until, grade, place, prices, revision)
  on conflict (offer_id) do update set
    variant_id = excluded.variant_id, market = excluded.market, unit = excluded.unit, capacity = excluded.capacity, minimum = excluded.minimum, lot = excluded.lot, lead_days = excluded.lead_days,
    opens = excluded.opens, until = excluded.until, grade = excluded.grade, place = excluded.place, prices = excluded.prices, revision = excluded.revision,
    ceiling = greatest(excluded.capacity, offers.committed)
  where offers.revision < excluded.revision
  returning variant_id`;

/** Keeps the newest revision of each offer; older ones that come late change nothing. Answers the variants that may have found a seller. */
export const keepOffers = async (tx: Tx, offers: readonly OfferData[]): Promise<string[]> => {
  const newest = [...newestOf(offers).values()].sort((a, b) => (a.offerId < b.offerId ? -1 : 1));
  if (newest.length === 0) return [];
  const of = <T>(value: (offer: OfferData) => T) => newest.map(value);
  const rows = await tx.sql<{ variant_id: string }>(keep, [
    of((o) => o.offerId), of((o) => o.producerId), of((o) => o.variantId), of((o) => o.market), of((o) => o.unit), of((o) => o.capacity), of((o) => o.minimum), of((o) => o.lot), of((o) => o.leadDays),
    of((o) => o.from), of((o) => o.until), of((o) => o.grade), of((o) => JSON.stringify(o.place)), of((o) => JSON.stringify(o.prices)), of((o) => o.revision),
  ]);
  return [...new Set(rows.map((row) => row.variant_id))];
};

const newestOf = (offers: readonly OfferData[]): Map<string, OfferData> => {
  const newest = new Map<string, OfferData>();
  for (const offer of offers) if ((newest.get(offer.offerId)?.revision ?? 0) < offer.revision) newest.set(offer.offerId, offer);
  return newest;
};

// A withdrawal that comes before its offer leaves an empty, withdrawn one behind, which the older revision then does not overwrite.
const withdraw = `
  insert into offers (offer_id, producer_id, variant_id, market, unit, capacity, minimum, lot, lead_days, opens, until, grade, place, prices, revision, withdrawn, ceiling)
  values ($1, $2, '00000000-0000-0000-0000-000000000000', '', '', 0, 0, 1, 0, '1970-01-01', '1970-01-01', 'C', '{}', '[]', $3, true, 0)
  on conflict (offer_id) do update set withdrawn = true, revision = excluded.revision where offers.revision < excluded.revision`;

/** Nothing more is taken from the offer; what is committed stands. */
export const withdrawOffer = async (tx: Tx, offerId: string, producerId: string, revision: number): Promise<void> => {
  await tx.run(withdraw, [offerId, producerId, revision]);
};
