import { fold } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Particulars, Producer, Standing } from '../domain/producer.js';

/** Everything of a producer but what is secret. */
export const producerColumns = `
  id, kind, name_fa, name_en, place_id, city, province, latitude, longitude, site, park_id, small, blocked,
  status, licence, verified_until::text, suspended_for, version`;

export type ProducerRow = {
  id: string; kind: Producer['kind']; name_fa: string; name_en: string; place_id: string; city: string; province: string; latitude: number; longitude: number;
  site: Producer['site']; park_id: string | null; small: boolean; blocked: boolean; status: Standing['status'];
  licence: string | null; verified_until: string | null; suspended_for: string | null; version: number;
};

/** `lock`: 'for update' before its standing changes, 'for share' while something leans on its standing. */
export const findProducer = async (tx: Tx, id: string, lock: '' | 'for update' | 'for share' = ''): Promise<Producer | undefined> => {
  const [row] = await tx.sql<ProducerRow>(`select ${producerColumns} from producers where id = $1 ${lock}`, [id]);
  return row && producerOf(row);
};

/** False when the id or the national id is taken already. */
export const insertProducer = async (tx: Tx, producer: Producer, secret: Particulars): Promise<boolean> => {
  const { id, place, standing } = producer;
  const inserted = await tx.run(`
    with taken as (select 1 from particulars where national_id = $15)
    insert into producers (id, kind, name_fa, name_en, place_id, city, province, latitude, longitude, site, park_id, small, status, folded, folded_city, version, parties)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $16, 1, array[$1::uuid] where not exists (select from taken)
    on conflict (id) do nothing`, [
    id, producer.kind, producer.name.fa, producer.name.en, place.placeId, place.city, place.province, place.latitude, place.longitude, producer.site, producer.parkId ?? null, producer.small,
    standing.status, fold(`${producer.name.fa} ${producer.name.en} ${place.city} ${place.province}`), secret.nationalId, fold(place.city)]);
  if (inserted === 0) return false;
  return (await tx.run(`
    insert into particulars (producer_id, national_id, sheba, phone, postal_code, parties) values ($1, $2, $3, $4, $5, array[$1::uuid])
    on conflict (national_id) do nothing`, [id, secret.nationalId, secret.sheba ?? null, secret.phone ?? null, secret.postalCode ?? null])) === 1;
};

/** Throws when another transaction changed the row meanwhile: the caller locks it first, so that would be a bug. */
export const updateStanding = async (tx: Tx, producer: Producer): Promise<void> => {
  const { standing } = producer;
  const affected = await tx.run(`
    update producers set blocked = $3, status = $4, licence = $5, verified_until = $6, suspended_for = $7, version = version + 1 where id = $1 and version = $2`, [
    producer.id, producer.version, producer.blocked, standing.status,
    standing.status === 'verified' ? standing.licence : null, standing.status === 'verified' ? standing.until : null, standing.status === 'suspended' ? standing.reason : null]);
  if (affected !== 1) throw new Error(`Producer ${producer.id} is not at version ${producer.version}`);
};

export const findParticulars = async (tx: Tx, producerId: string): Promise<Particulars | undefined> => {
  const [row] = await tx.sql<{ national_id: string; sheba: string | null; phone: string | null; postal_code: string | null }>(
    'select national_id, sheba, phone, postal_code from particulars where producer_id = $1', [producerId]);
  return row && {
    nationalId: row.national_id,
    ...(row.sheba !== null && { sheba: row.sheba }), ...(row.phone !== null && { phone: row.phone }), ...(row.postal_code !== null && { postalCode: row.postal_code }),
  };
};

export const producerOf = (row: ProducerRow): Producer => ({
  id: row.id,
  kind: row.kind,
  name: { fa: row.name_fa, en: row.name_en },
  place: { placeId: row.place_id, city: row.city, province: row.province, latitude: row.latitude, longitude: row.longitude },
  site: row.site,
  ...(row.park_id !== null && { parkId: row.park_id }),
  small: row.small,
  blocked: row.blocked,
  standing: standingOf(row),
  version: row.version,
});

// The table's checks keep the columns of a standing together.
const standingOf = (row: ProducerRow): Standing => {
  if (row.status === 'verified') return { status: 'verified', licence: row.licence, until: row.verified_until } as Standing;
  if (row.status === 'suspended') return { status: 'suspended', reason: row.suspended_for } as Standing;
  return { status: 'registered' };
};
