import type { PaymentTerms, Place } from '@peyvand/contracts';
import { day } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { AgreedLine, Agreement } from '../domain/agreement.js';

type Row = {
  match_id: string; order_id: string; buyer_id: string; seller_id: string; po_number: string; terms: PaymentTerms; ship_to: Place; promised_by: string; lines: AgreedLine[];
};

// The seller sees a match from the purchase order on, as the facts' audiences say.
const upsert = (status: 'proposed' | 'agreed', parties: string, onConflict: string) => `
  insert into matches (match_id, order_id, buyer_id, seller_id, po_number, terms, ship_to, promised_by, lines, status, parties)
  select match_id, order_id, buyer_id, seller_id, po_number, terms, ship_to, promised_by, lines, '${status}', ${parties}
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::jsonb[], $7::jsonb[], $8::date[], $9::jsonb[])
    as m(match_id, order_id, buyer_id, seller_id, po_number, terms, ship_to, promised_by, lines)
  on conflict (match_id) ${onConflict}`;

const propose = upsert('proposed', 'array[buyer_id]', 'do nothing');
const agree = upsert('agreed', 'array[buyer_id, seller_id]', `do update
    set lines = excluded.lines, terms = excluded.terms, promised_by = excluded.promised_by, ship_to = excluded.ship_to, status = 'agreed', parties = excluded.parties
    where matches.status = 'proposed'
  returning match_id, secured`);

export const insertProposed = async (tx: Tx, matches: readonly Agreement[]): Promise<void> => {
  await tx.run(propose, columnsOf(matches));
};

/** Records what both sides agreed; answers the matches for which that is news, and whether each is secured already. */
export const agreeMatches = async (tx: Tx, matches: readonly Agreement[]): Promise<Map<string, { secured: boolean }>> => {
  const rows = await tx.sql<{ match_id: string; secured: boolean }>(agree, columnsOf(matches));
  return new Map(rows.map(({ match_id, secured }) => [match_id, { secured }]));
};

/** Marks matches secured; answers those that are known here. */
export const secureMatches = async (tx: Tx, ids: readonly string[]): Promise<Set<string>> => {
  const rows = await tx.sql<{ match_id: string }>('update matches set secured = true where match_id = any($1::uuid[]) returning match_id', [ids]);
  return new Set(rows.map((row) => row.match_id));
};

/** Marks matches released; answers those that are known here. */
export const releaseMatches = async (tx: Tx, ids: readonly string[]): Promise<Set<string>> => {
  const rows = await tx.sql<{ match_id: string }>(`update matches set status = 'released' where match_id = any($1::uuid[]) returning match_id`, [ids]);
  return new Set(rows.map((row) => row.match_id));
};

/** Holds the matches until the transaction ends: who counts what remains of a match counts alone. */
export const lockMatches = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  await tx.sql('select match_id from matches where match_id = any($1::uuid[]) order by match_id for no key update', [ids]);
};

export const findAgreement = async (tx: Tx, matchId: string): Promise<Agreement | undefined> => (await findAgreements(tx, [matchId])).get(matchId);

export const findAgreements = async (tx: Tx, matchIds: readonly string[]): Promise<Map<string, Agreement>> => {
  const rows = await tx.sql<Row>('select match_id, order_id, buyer_id, seller_id, po_number, terms, ship_to, promised_by::text, lines from matches where match_id = any($1::uuid[])', [matchIds]);
  return new Map(rows.map((row) => [row.match_id, {
    matchId: row.match_id, orderId: row.order_id, buyerId: row.buyer_id, sellerId: row.seller_id, poNumber: row.po_number,
    terms: row.terms, shipTo: row.ship_to, promisedBy: day(row.promised_by), lines: row.lines,
  }]));
};

const columnsOf = (matches: readonly Agreement[]): unknown[][] => [
  matches.map((m) => m.matchId), matches.map((m) => m.orderId), matches.map((m) => m.buyerId), matches.map((m) => m.sellerId), matches.map((m) => m.poNumber),
  matches.map((m) => JSON.stringify(m.terms)), matches.map((m) => JSON.stringify(m.shipTo)), matches.map((m) => m.promisedBy), matches.map((m) => JSON.stringify(m.lines)),
];
