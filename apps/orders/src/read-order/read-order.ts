import { isoOf } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { reply } from '@peyvand/platform';
import { z } from 'zod';
import type { LineCost, Match as StoredMatch } from '../domain/match.js';
import type { OrderStatus } from '../domain/order.js';
import { lineColumns, lineOf, type LineRow } from '../store/line.store.js';
import { costsOf, matchesOf } from '../store/match.store.js';
import { titlesOf, type Title } from '../store/reference.store.js';
import { Match, shownMatch } from '../list-matches/shown-match.js';

export const orderStatuses = ['open', 'closed', 'part-closed', 'cancelled', 'unmatched'] as const;
export const stages = ['award', 'matching', 'answer', 'securing', 'delivery', 'settlement', 'unmatched', 'ended'] as const;

const perUnit = reply.text.meta({ description: 'Rials per unit with up to three decimals', examples: ['4150000.125'] });

const MatchLine = Match.shape.lines.element.extend({
  title: reply.bilingual.optional(), variantCode: reply.text.optional(), presentValue: perUnit.optional(), freight: perUnit.optional(), premium: perUnit.optional().describe('For quality, time and risk, where the buyer sets such policies'), landed: perUnit.optional(), distanceKm: reply.number.optional(),
  runnerUp: z.object({ offerId: reply.uuid, sellerId: reply.uuid, variantId: reply.uuid, landed: perUnit, difference: perUnit }).optional().describe('What it was chosen over'),
});

const Line = z.object({
  lineId: reply.uuid, variantId: reply.uuid, title: reply.bilingual.optional(), variantCode: reply.text.optional(),
  code: reply.text.optional().describe('The buyer’s own article code, when ordered by it'), market: reply.text, unit: reply.text,
  quantity: reply.whole.describe('= matched + waiting + unmatched + cancelled'), matched: reply.whole, waiting: reply.whole, unmatched: reply.whole, cancelled: reply.whole,
  shipTo: reply.place, neededBy: reply.day, priceCeiling: reply.rials.optional(), terms: reply.terms.optional(), minimumGrade: z.enum(['A', 'B', 'C']).optional(),
  fillPolicy: z.enum(['partial', 'all-or-none', 'back-order']),
  minimumFill: reply.whole.optional(), maximumSuppliers: reply.whole.optional(), shareCap: reply.whole.optional().describe('Per cent'), preferredSellers: z.array(reply.uuid).optional(), tellsLosers: reply.flag.optional(),
  substitutes: z.array(reply.uuid), approvedSellers: z.array(reply.uuid), blockedSellers: z.array(reply.uuid), declinedBy: z.array(reply.uuid),
  final: reply.flag.describe('The day of the unmatched has passed'), reason: reply.text.optional().describe('Why nothing more was found'),
  cure: z.object({
    priceCeiling: reply.rials.optional(), neededBy: reply.day.optional(), quantity: reply.whole.optional(), minimumFill: reply.whole.optional(), shareCap: reply.whole.optional(), maximumSuppliers: reply.whole.optional(),
  }).optional().describe('The smallest change that would help'),
  received: reply.whole, short: reply.whole, rejected: reply.whole, accepted: reply.whole,
});

export const Order = z.object({
  orderId: reply.uuid, buyerId: reply.uuid, poNumber: reply.text, status: z.enum(orderStatuses), stage: z.enum(stages).describe('What it waits for'), reasons: z.array(reply.text), award: z.enum(['automatic', 'approver']),
  revision: reply.whole, submittedAt: reply.moment, parentMatchId: reply.uuid.optional(), importId: reply.uuid.optional(), cancelledAt: reply.moment.optional(), closedAt: reply.moment.optional(),
  lines: z.array(Line), matches: z.array(Match.extend({ lines: z.array(MatchLine) })), asOf: reply.moment,
}).meta({ id: 'Order' });

type Head = {
  order_id: string; buyer_id: string; po_number: string; award: 'automatic' | 'approver'; parent_match_id: string | null; import_id: string | null; submitted_at: Date; revision: number; status: OrderStatus;
  reasons: string[]; cancelled_at: Date | null; closed_at: Date | null; stage: Stage;
};

export type Stage = (typeof stages)[number];

/** Where an open order stands, told by what it waits for first. */
export const stage = `
  case when o.status <> 'open' then 'ended'
    when exists (select from matches m where m.order_id = o.order_id and m.state = 'proposed') then 'award'
    when exists (select from lines l where l.order_id = o.order_id and l.waiting > 0) then 'matching'
    when exists (select from matches m where m.order_id = o.order_id and m.state in ('issued', 'change-proposed')) then 'answer'
    when exists (select from matches m where m.order_id = o.order_id and m.state = 'accepted') then 'securing'
    when exists (select from matches m where m.order_id = o.order_id and m.state = 'secured'
      and not exists (select from shipments s where s.match_id = m.match_id and s.received)) then 'delivery'
    when exists (select from matches m where m.order_id = o.order_id and m.open) then 'settlement'
    else 'unmatched' end`;

const head = `
  select o.order_id, o.buyer_id, o.po_number, o.award, o.parent_match_id, o.import_id, o.submitted_at, o.revision, o.status, o.reasons, o.cancelled_at, o.closed_at, ${stage} as stage
  from orders o where o.order_id = $1`;

// Receipts name order lines; a line may come in several shipments.
const lines = `
  select ${lineColumns}, v.title, v.code as variant_code, coalesce(r.received, 0)::int as received, coalesce(r.short, 0)::int as short, coalesce(r.rejected, 0)::int as rejected, coalesce(r.accepted, 0)::int as accepted
  from lines l left join variants v on v.variant_id = l.variant_id
    left join (select x."lineId" as line_id, sum(x.received) as received, sum(x.short) as short, sum(x.rejected) as rejected, sum(x.accepted) as accepted
      from shipments s cross join jsonb_to_recordset(s.lines) as x("lineId" uuid, received bigint, short bigint, rejected bigint, accepted bigint)
      where s.order_id = $1 group by 1) r on r.line_id = l.line_id
  where l.order_id = $1 order by l.position`;

type ShownLine = LineRow & { title: { fa: string; en: string } | null; variant_code: string | null; received: number; short: number; rejected: number; accepted: number };

export const readOrder = async (tx: Tx, orderId: string) => {
  const [order] = await tx.sql<Head>(head, [orderId]);
  if (order === undefined) return undefined;
  const rows = await tx.sql<ShownLine>(lines, [orderId]);
  return {
    orderId: order.order_id, buyerId: order.buyer_id, poNumber: order.po_number, status: order.status, stage: order.stage, reasons: order.reasons, award: order.award, revision: order.revision,
    submittedAt: order.submitted_at.toISOString(), parentMatchId: order.parent_match_id ?? undefined, importId: order.import_id ?? undefined,
    cancelledAt: order.cancelled_at?.toISOString(), closedAt: order.closed_at?.toISOString(),
    lines: rows.map(shownLine),
    matches: await explained(tx, orderId),
    asOf: isoOf(tx.now),
  };
};

/** The order's matches with the goods of each line by name, what it costs landed and what it was chosen over: for the buyer alone. */
const explained = async (tx: Tx, orderId: string) => {
  const matches = await matchesOf(tx, orderId);
  const costs = await costsOf(tx, orderId);
  const titles = await titlesOf(tx, [...new Set(matches.flatMap((match) => match.lines.map(({ variantId }) => variantId)))]);
  return matches.map((match) => ({ ...shownMatch(match), lines: explainedLines(match, costs.get(match.matchId) ?? [], titles) }));
};

const explainedLines = (match: StoredMatch, costs: readonly LineCost[], titles: ReadonlyMap<string, Title>) => match.lines.map((line) => {
  const cost = costs.find(({ lineId, offerId }) => lineId === line.lineId && offerId === line.offerId);
  return { ...line, ...titles.get(line.variantId), ...cost };
});

const shownLine = (row: ShownLine) => {
  const { orderId: _orderId, version: _version, excludedSellers, ...line } = lineOf(row);
  return {
    ...line, title: row.title ?? undefined, variantCode: row.variant_code ?? undefined, declinedBy: excludedSellers, received: row.received, short: row.short, rejected: row.rejected, accepted: row.accepted,
  };
};
