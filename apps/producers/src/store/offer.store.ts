import type { Day } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Offer, Quote } from '../domain/offer.js';

type Row = {
  id: string; producer_id: string; product_id: string; variant_id: string; market: string; unit: string; capacity: number; minimum: number; lot: number; lead_days: number;
  window_from: Day; window_until: Day; grade: Offer['grade']; prices: Quote[]; place: Offer['place']; state: Offer['state']; revision: number; told: number;
};

const columns = 'id, producer_id, product_id, variant_id, market, unit, capacity, minimum, lot, lead_days, window_from::text, window_until::text, grade, prices, place, state, revision, told';

/** One statement however many offers. False when an id is taken. */
export const insertOffers = async (tx: Tx, producerId: string, offers: readonly Offer[]): Promise<boolean> => {
  const column = <T>(of: (offer: Offer) => T): T[] => offers.map(of);
  return (await tx.run(`
    insert into offers (id, producer_id, product_id, variant_id, market, unit, capacity, minimum, lot, lead_days, window_from, window_until, grade, prices, place, state, revision, told, parties)
    select o.id, $1, o.product_id, o.variant_id, o.market, o.unit, o.capacity, o.minimum, o.lot, o.lead_days, o.window_from, o.window_until, o.grade, o.prices, o.place, 'open', 1, o.told, array[$1::uuid]
    from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::int[], $8::int[], $9::int[], $10::int[], $11::date[], $12::date[], $13::text[], $14::jsonb[], $15::jsonb[], $16::int[])
      as o(id, product_id, variant_id, market, unit, capacity, minimum, lot, lead_days, window_from, window_until, grade, prices, place, told)
    on conflict do nothing`, [
    producerId, column(({ id }) => id), column(({ productId }) => productId), column(({ variantId }) => variantId), column(({ market }) => market), column(({ unit }) => unit),
    column(({ capacity }) => capacity), column(({ minimum }) => minimum), column(({ lot }) => lot), column(({ leadDays }) => leadDays), column(({ from }) => from), column(({ until }) => until),
    column(({ grade }) => grade), column(({ prices }) => JSON.stringify(prices)), column(({ place }) => JSON.stringify(place)), column(({ told }) => told)])) === offers.length;
};

export const findOffer = async (tx: Tx, id: string, producerId: string): Promise<Offer | undefined> => {
  const [row] = await tx.sql<Row>(`select ${columns} from offers where id = $1 and producer_id = $2`, [id, producerId]);
  return row && offerOf(row);
};

/** False when the row is not at `revision` any more: someone else changed the offer. */
export const updateOffer = async (tx: Tx, offer: Offer, revision: number): Promise<boolean> =>
  (await tx.run(`
    update offers set capacity = $3, minimum = $4, lot = $5, lead_days = $6, window_from = $7, window_until = $8, grade = $9, prices = $10, state = $11, revision = $12, told = $13
    where id = $1 and revision = $2`, [
    offer.id, revision, offer.capacity, offer.minimum, offer.lot, offer.leadDays, offer.from, offer.until, offer.grade, JSON.stringify(offer.prices), offer.state, offer.revision, offer.told])) === 1;

/** Offers whose last revision nobody heard of, locked in id order. */
export const untoldOffers = async (tx: Tx, producerId: string): Promise<Offer[]> =>
  (await tx.sql<Row>(`select ${columns} from offers where producer_id = $1 and state = 'open' and told < revision order by id for update`, [producerId])).map(offerOf);

export const markTold = (tx: Tx, offers: readonly Offer[]): Promise<number> =>
  tx.run('update offers set told = revision where id = any($1::uuid[])', [offers.map(({ id }) => id)]);

/** A producer's own offers by id, newest first; `before` is the last id of the previous page. */
export const listOffers = async (tx: Tx, producerId: string, before: string | undefined, limit: number): Promise<Offer[]> =>
  (await tx.sql<Row>(`select ${columns} from offers where producer_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`, [producerId, before ?? null, limit])).map(offerOf);

const offerOf = (row: Row): Offer => ({
  id: row.id, producerId: row.producer_id, productId: row.product_id, variantId: row.variant_id, market: row.market, unit: row.unit,
  capacity: row.capacity, minimum: row.minimum, lot: row.lot, leadDays: row.lead_days, from: row.window_from, until: row.window_until, grade: row.grade, prices: row.prices,
  place: row.place, state: row.state, revision: row.revision, told: row.told,
});
