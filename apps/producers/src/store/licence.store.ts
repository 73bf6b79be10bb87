import { foldCode, isoOf, type Day } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Licence } from '../domain/licence.js';

type Row = { id: string; producer_id: string; kind: Licence['kind']; number: string; valid_until: Day; state: Licence['state']; reason: string | null; ended_on: Day | null; version: number };

const columns = 'id, producer_id, kind, number, valid_until::text, state, reason, ended_on::text, version';

export const findLicence = async (tx: Tx, id: string, lock: '' | 'for update' = ''): Promise<Licence | undefined> => {
  const [row] = await tx.sql<Row>(`select ${columns} from licences where id = $1 ${lock}`, [id]);
  return row && licenceOf(row);
};

export const licencesOf = async (tx: Tx, producerId: string): Promise<Licence[]> =>
  (await tx.sql<Row>(`select ${columns} from licences where producer_id = $1 order by id`, [producerId])).map(licenceOf);

/** False when the licence is held or asked for already, by anyone. */
export const insertLicence = async (tx: Tx, licence: Licence): Promise<boolean> =>
  (await tx.run(`
    insert into licences (id, producer_id, kind, number, folded, valid_until, state, asked_at, version, parties)
    values ($1, $2, $3, $4, $5, $6, 'asked', $7, 1, array[$2::uuid]) on conflict do nothing`,
  [licence.id, licence.producerId, licence.kind, licence.number, foldCode(licence.number), licence.validUntil, isoOf(tx.now)])) === 1;

/** Throws when the row moved meanwhile: callers lock it first. */
export const updateLicence = async (tx: Tx, licence: Licence): Promise<void> => {
  const affected = await tx.run(`
    update licences set state = $3, valid_until = $4, reason = $5, ended_on = $6, answered_at = coalesce(answered_at, $7), version = version + 1 where id = $1 and version = $2`, [
    licence.id, licence.version, licence.state, licence.validUntil, licence.state === 'refused' ? licence.reason : null,
    licence.state === 'expired' || licence.state === 'withdrawn' ? licence.endedOn : null, isoOf(tx.now)]);
  if (affected !== 1) throw new Error(`Licence ${licence.id} is not at version ${licence.version}`);
};

const licenceOf = (row: Row): Licence => {
  const held = { id: row.id, producerId: row.producer_id, kind: row.kind, number: row.number, version: row.version, validUntil: row.valid_until };
  switch (row.state) {
    case 'asked': case 'confirmed': return { ...held, state: row.state };
    case 'refused': return { ...held, state: 'refused', reason: row.reason ?? 'by-issuer' };
    case 'expired': case 'withdrawn': return { ...held, state: row.state, endedOn: row.ended_on ?? row.valid_until };
  }
};
