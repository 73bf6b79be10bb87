import { newId, rials, type Day, type Money, type PartyId } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { SigningMandate } from '../domain/mandate.js';

export const insertMandate = async (tx: Tx, { partyId, persons, together, ceiling, validUntil }: SigningMandate): Promise<string> => {
  const mandateId = newId();
  await tx.run('insert into mandates (mandate_id, party_id, persons, together, ceiling, valid_until, parties) values ($1, $2, $3, $4, $5, $6, array[$2::uuid])',
    [mandateId, partyId, persons, together, String(ceiling), validUntil]);
  return mandateId;
};

export const mandatesOf = async (tx: Tx, partyId: PartyId): Promise<SigningMandate[]> => {
  const rows = await tx.sql<{ persons: string[]; together: number; ceiling: string; valid_until: Day }>(
    'select persons, together, ceiling::text, valid_until::text from mandates where party_id = $1', [partyId]);
  return rows.map((row) => ({ partyId, persons: row.persons, together: row.together, ceiling: rials(row.ceiling), validUntil: row.valid_until }));
};

/** Puts a person's signature under an acceptance of this amount; answers everybody who has signed for the same. */
export const sign = async (tx: Tx, instrumentId: string, partyId: PartyId, subject: string, amount: Money): Promise<string[]> => {
  const rows = await tx.sql<{ persons: string[] }>(
    `with mine as (insert into signatures (instrument_id, subject, amount, parties) values ($1, $2, $3, array[$4::uuid])
       on conflict (instrument_id, subject) do update set amount = excluded.amount returning subject)
     select array_agg(subject) as persons from (
       select subject from mine union select subject from signatures where instrument_id = $1 and amount = $3 and $4::uuid = any(parties)) signed`,
    [instrumentId, subject, String(amount), partyId]);
  return rows[0]?.persons ?? [subject];
};
