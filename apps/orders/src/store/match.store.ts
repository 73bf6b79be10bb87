import type { MatchLine, PaymentTerms, Place } from '@peyvand/contracts';
import { day, instant, isoOf } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Change, LineCost, Match, MatchState, Security } from '../domain/match.js';
import { batchInsert, json, uuids } from './batch.js';

/** The producer sees a match from the purchase order on, not while the buyer may still decide otherwise. */
const partiesOf = (match: Match): string[] => (match.state === 'proposed' || match.untold === true ? [match.buyerId] : [match.buyerId, match.sellerId]);

type NewRow = { readonly match: Match; readonly madeAt: string };

const insert = batchInsert<NewRow>('matches', [
  ['match_id', 'uuid', ({ match }) => match.matchId], ['order_id', 'uuid', ({ match }) => match.orderId], ['buyer_id', 'uuid', ({ match }) => match.buyerId], ['seller_id', 'uuid', ({ match }) => match.sellerId],
  ['market', 'text', ({ match }) => match.market], ['po_number', 'text', ({ match }) => match.poNumber], ['lines', 'jsonb', ({ match }) => json(match.lines)], ['terms', 'jsonb', ({ match }) => json(match.terms)],
  ['amount', 'bigint', ({ match }) => match.amount], ['ship_to', 'jsonb', ({ match }) => json(match.shipTo)], ['needed_by', 'date', ({ match }) => match.neededBy], ['promised_by', 'date', ({ match }) => match.promisedBy],
  ['parent_match_id', 'uuid', ({ match }) => match.parentMatchId ?? null], ['state', 'text', ({ match }) => match.state], ['made_at', 'timestamptz', (row) => row.madeAt],
  ['secured_by', 'text', ({ match }) => match.securedBy ?? null], ['answer_by', 'timestamptz', ({ match }) => (match.answerBy === undefined ? null : isoOf(match.answerBy))], ['parties', 'uuid[]', ({ match }) => uuids(partiesOf(match))],
  ['costs', 'jsonb', ({ match }) => json(match.costs)],
]);

export const insertMatches = async (tx: Tx, matches: readonly Match[]): Promise<void> => {
  if (matches.length === 0) return;
  const madeAt = isoOf(tx.now);
  await tx.run(insert.text, insert.values(matches.map((match) => ({ match, madeAt }))));
};

const columns = `
  m.match_id, m.order_id, m.buyer_id, m.seller_id, m.market, m.po_number, m.lines, m.terms, m.amount::text as amount, m.ship_to, m.needed_by::text as needed_by, m.promised_by::text as promised_by,
  m.parent_match_id, m.state, m.answer_by, m.change, m.financing_declined, m.secured_by, m.dispatched, m.reason, m.version`;
export const matchColumns = columns;

export type MatchRow = {
  match_id: string; order_id: string; buyer_id: string; seller_id: string; market: string; po_number: string; lines: MatchLine[]; terms: PaymentTerms; amount: string; ship_to: Place;
  needed_by: string; promised_by: string; parent_match_id: string | null; state: MatchState; answer_by: Date | null; change: Change | null; financing_declined: boolean;
  secured_by: Security | null; dispatched: boolean; reason: string | null; version: number;
};

export const matchOf = (row: MatchRow): Match => ({
  matchId: row.match_id, orderId: row.order_id, buyerId: row.buyer_id, sellerId: row.seller_id, market: row.market, poNumber: row.po_number, lines: row.lines, terms: row.terms, amount: row.amount,
  shipTo: row.ship_to, neededBy: day(row.needed_by), promisedBy: day(row.promised_by), state: row.state, financingDeclined: row.financing_declined, dispatched: row.dispatched, version: row.version,
  ...(row.parent_match_id === null ? {} : { parentMatchId: row.parent_match_id }),
  ...(row.answer_by === null ? {} : { answerBy: instant(row.answer_by) }),
  ...(row.change === null ? {} : { change: row.change }),
  ...(row.secured_by === null ? {} : { securedBy: row.secured_by }),
  ...(row.reason === null ? {} : { reason: row.reason }),
});

/** Matches by id, in id order, locked; under row security only the caller's own. */
export const lockMatches = async (tx: Tx, matchIds: readonly string[]): Promise<Match[]> =>
  matchIds.length === 0 ? [] : (await tx.sql<MatchRow>(`select ${columns} from matches m where m.match_id = any($1::uuid[]) order by m.match_id for update`, [matchIds])).map(matchOf);

/** All matches of an order, locked. */
export const lockMatchesOf = async (tx: Tx, orderId: string): Promise<Match[]> =>
  (await tx.sql<MatchRow>(`select ${columns} from matches m where m.order_id = $1 order by m.match_id for update`, [orderId])).map(matchOf);

export const matchesOf = async (tx: Tx, orderId: string): Promise<Match[]> =>
  (await tx.sql<MatchRow>(`select ${columns} from matches m where m.order_id = $1 order by m.made_at, m.match_id`, [orderId])).map(matchOf);

/** What the lines of an order's matches cost its buyer, by match. */
export const costsOf = async (tx: Tx, orderId: string): Promise<ReadonlyMap<string, readonly LineCost[]>> =>
  new Map((await tx.sql<{ match_id: string; costs: LineCost[] }>('select match_id, costs from matches where order_id = $1 and costs is not null', [orderId])).map((row) => [row.match_id, row.costs]));

const update = `
  update matches m set state = r.state, lines = r.lines, amount = r.amount, promised_by = r.promised_by, answer_by = r.answer_by, change = r.change, secured_by = r.secured_by, reason = r.reason,
    parties = r.parties::uuid[], version = m.version + 1
  from unnest($1::uuid[], $2::int[], $3::text[], $4::jsonb[], $5::bigint[], $6::date[], $7::timestamptz[], $8::jsonb[], $9::text[], $10::text[], $11::text[])
    as r(match_id, version, state, lines, amount, promised_by, answer_by, change, secured_by, reason, parties)
  where m.match_id = r.match_id and m.version = r.version`;

/** Stores matches as decided. Throws when one changed since it was read (they are read under lock, so that is a bug). */
export const updateMatches = async (tx: Tx, matches: readonly Match[]): Promise<void> => {
  if (matches.length === 0) return;
  const of = <T>(value: (match: Match) => T) => matches.map(value);
  const affected = await tx.run(update, [
    of((m) => m.matchId), of((m) => m.version), of((m) => m.state), of((m) => json(m.lines)), of((m) => m.amount), of((m) => m.promisedBy), of((m) => (m.answerBy === undefined ? null : isoOf(m.answerBy))),
    of((m) => json(m.change)), of((m) => m.securedBy ?? null), of((m) => m.reason ?? null), of((m) => uuids(partiesOf(m))),
  ]);
  if (affected !== matches.length) throw new Error(`${matches.length - affected} of ${matches.length} matches changed under their lock`);
};
