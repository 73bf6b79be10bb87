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

export type Signed = { readonly instrumentId: string; readonly subject: string; readonly amount: Money };

/** Who has signed for how much on these papers so far, of the parties the caller may see. */
export const signaturesOn = async (tx: Tx, instrumentIds: readonly string[]): Promise<Signed[]> =>
  (await tx.sql<{ instrument_id: string; subject: string; amount: string }>('select instrument_id, subject, amount::text from signatures where instrument_id = any($1::uuid[])', [instrumentIds]))
    .map((row) => ({ instrumentId: row.instrument_id, subject: row.subject, amount: rials(row.amount) }));

/** Puts a person's signature under acceptances of these amounts. */
export const signMany = async (tx: Tx, partyId: PartyId, signed: readonly Signed[]): Promise<void> => {
  if (signed.length === 0) return;
  await tx.run(
    `insert into signatures (instrument_id, subject, amount, parties) select instrument_id, subject, amount, array[$4::uuid] from unnest($1::uuid[], $2::text[], $3::numeric[]) as s(instrument_id, subject, amount)
     on conflict (instrument_id, subject) do update set amount = excluded.amount`,
    [signed.map(({ instrumentId }) => instrumentId), signed.map(({ subject }) => subject), signed.map(({ amount }) => String(amount)), partyId]);
};
