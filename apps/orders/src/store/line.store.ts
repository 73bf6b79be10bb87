import type { FillPolicy, PaymentTerms, Place } from '@peyvand/contracts';
import { day } from '@peyvand/kernel';
import type { Cure, UnmatchedReason } from '@peyvand/matching';
import type { Tx } from '@peyvand/messaging';
import type { Grade, Line } from '../domain/order.js';
import { sourcingOf, type Sourcing } from '../domain/sourcing.js';
import { batchInsert, json, uuids } from './batch.js';

type NewRow = { readonly line: Line; readonly buyerId: string; readonly position: number };

const insert = batchInsert<NewRow>('lines', [
  ['line_id', 'uuid', ({ line }) => line.lineId], ['order_id', 'uuid', ({ line }) => line.orderId], ['position', 'int', (row) => row.position],
  ['variant_id', 'uuid', ({ line }) => line.variantId], ['market', 'text', ({ line }) => line.market], ['unit', 'text', ({ line }) => line.unit], ['code', 'text', ({ line }) => line.code ?? null],
  ['quantity', 'int', ({ line }) => line.quantity], ['waiting', 'int', ({ line }) => line.waiting], ['ship_to', 'jsonb', ({ line }) => json(line.shipTo)], ['needed_by', 'date', ({ line }) => line.neededBy],
  ['price_ceiling', 'bigint', ({ line }) => line.priceCeiling ?? null], ['terms', 'jsonb', ({ line }) => json(line.terms)], ['minimum_grade', 'text', ({ line }) => line.minimumGrade ?? null],
  ['fill_policy', 'text', ({ line }) => line.fillPolicy], ['substitutes', 'uuid[]', ({ line }) => uuids(line.substitutes)], ['approved_sellers', 'uuid[]', ({ line }) => uuids(line.approvedSellers)], ['blocked_sellers', 'uuid[]', ({ line }) => uuids(line.blockedSellers)],
  ['sourcing', 'jsonb', ({ line }) => sourcing(line)], ['parties', 'uuid[]', ({ buyerId }) => uuids([buyerId])],
]);

/** Null where the line says nothing of it. */
const sourcing = (line: Line): string | null => {
  const said = sourcingOf(line);
  return Object.keys(said).length === 0 ? null : json(said);
};

export const insertLines = async (tx: Tx, buyerId: string, lines: readonly Line[]): Promise<void> => {
  if (lines.length === 0) return;
  const positions = new Map<string, number>();
  const rows = lines.map((line) => {
    const position = (positions.get(line.orderId) ?? 0) + 1;
    positions.set(line.orderId, position);
    return { line, buyerId, position };
  });
  await tx.run(insert.text, insert.values(rows));
};

export const lineColumns = `
  l.line_id, l.order_id, l.variant_id, l.market, l.unit, l.code, l.quantity, l.ship_to, l.needed_by::text as needed_by, l.price_ceiling::text as price_ceiling, l.terms, l.minimum_grade, l.sourcing,
  l.fill_policy, l.substitutes::text[] as substitutes, l.approved_sellers::text[] as approved_sellers, l.blocked_sellers::text[] as blocked_sellers, l.excluded_sellers::text[] as excluded_sellers, l.matched, l.waiting, l.unmatched, l.cancelled, l.final, l.reason, l.cure, l.version`;

export type LineRow = {
  line_id: string; order_id: string; variant_id: string; market: string; unit: string; code: string | null; quantity: number; ship_to: Place; needed_by: string;
  price_ceiling: string | null; terms: PaymentTerms | null; minimum_grade: Grade | null; sourcing: Sourcing | null; fill_policy: FillPolicy; substitutes: string[]; approved_sellers: string[]; blocked_sellers: string[]; excluded_sellers: string[];
  matched: number; waiting: number; unmatched: number; cancelled: number; final: boolean; reason: UnmatchedReason | null; cure: Cure | null; version: number;
};

export const lineOf = (row: LineRow): Line => ({
  lineId: row.line_id, orderId: row.order_id, variantId: row.variant_id, market: row.market, unit: row.unit, quantity: row.quantity, shipTo: row.ship_to, neededBy: day(row.needed_by),
  fillPolicy: row.fill_policy, substitutes: row.substitutes, approvedSellers: row.approved_sellers, blockedSellers: row.blocked_sellers, excludedSellers: row.excluded_sellers,
  matched: row.matched, waiting: row.waiting, unmatched: row.unmatched, cancelled: row.cancelled, final: row.final, version: row.version,
  ...(row.code === null ? {} : { code: row.code }),
  ...(row.price_ceiling === null ? {} : { priceCeiling: row.price_ceiling }),
  ...(row.terms === null ? {} : { terms: row.terms }),
  ...(row.minimum_grade === null ? {} : { minimumGrade: row.minimum_grade }),
  ...row.sourcing,
  ...(row.reason === null ? {} : { reason: row.reason, cure: row.cure ?? {} }),
});

export const linesOf = async (tx: Tx, orderIds: readonly string[]): Promise<Line[]> =>
  (await tx.sql<LineRow>(`select ${lineColumns} from lines l where l.order_id = any($1::uuid[]) order by l.order_id, l.position`, [orderIds])).map(lineOf);

/** Lines by id; the caller holds their orders' locks. */
export const linesById = async (tx: Tx, lineIds: readonly string[]): Promise<Line[]> =>
  lineIds.length === 0 ? [] : (await tx.sql<LineRow>(`select ${lineColumns} from lines l where l.line_id = any($1::uuid[])`, [lineIds])).map(lineOf);

const update = `
  update lines l set quantity = r.quantity, matched = r.matched, waiting = r.waiting, unmatched = r.unmatched, cancelled = r.cancelled, final = r.final, reason = r.reason, cure = r.cure,
    excluded_sellers = r.excluded_sellers::uuid[], version = l.version + 1
  from unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::boolean[], $9::text[], $10::jsonb[], $11::text[])
    as r(line_id, version, quantity, matched, waiting, unmatched, cancelled, final, reason, cure, excluded_sellers)
  where l.line_id = r.line_id and l.version = r.version`;

/** Stores where the units of lines now are. Answers false when one of them changed since it was read: nothing may be kept then. */
export const updateProgress = async (tx: Tx, lines: readonly Line[]): Promise<boolean> => {
  if (lines.length === 0) return true;
  const of = <T>(value: (line: Line) => T) => lines.map(value);
  const affected = await tx.run(update, [
    of((l) => l.lineId), of((l) => l.version), of((l) => l.quantity), of((l) => l.matched), of((l) => l.waiting), of((l) => l.unmatched), of((l) => l.cancelled), of((l) => l.final),
    of((l) => l.reason ?? null), of((l) => json(l.cure)), of((l) => uuids(l.excludedSellers)),
  ]);
  return affected === lines.length;
};

const rewrite = `
  update lines l set needed_by = r.needed_by, price_ceiling = r.price_ceiling, terms = r.terms, minimum_grade = r.minimum_grade, fill_policy = r.fill_policy,
    approved_sellers = r.approved_sellers::uuid[], blocked_sellers = r.blocked_sellers::uuid[], substitutes = r.substitutes::uuid[], sourcing = r.sourcing
  from unnest($1::uuid[], $2::date[], $3::bigint[], $4::jsonb[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::jsonb[])
    as r(line_id, needed_by, price_ceiling, terms, minimum_grade, fill_policy, approved_sellers, blocked_sellers, substitutes, sourcing)
  where l.line_id = r.line_id`;

/** Stores what the buyer now asks for; `updateProgress` has checked the versions. */
export const updateWishes = async (tx: Tx, lines: readonly Line[]): Promise<void> => {
  const of = <T>(value: (line: Line) => T) => lines.map(value);
  await tx.run(rewrite, [
    of((l) => l.lineId), of((l) => l.neededBy), of((l) => l.priceCeiling ?? null), of((l) => json(l.terms)), of((l) => l.minimumGrade ?? null), of((l) => l.fillPolicy),
    of((l) => uuids(l.approvedSellers)), of((l) => uuids(l.blockedSellers)), of((l) => uuids(l.substitutes)), of(sourcing),
  ]);
};
