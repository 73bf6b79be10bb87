import { dayOf, isTradable, rateAt, type Day, type DatedRate } from '@peyvand/kernel';
import type { MarketOffer } from '@peyvand/matching';
import type { Tx } from '@peyvand/messaging';
import type { Line, Order } from '../domain/order.js';
import type { StandingAcceptance } from '../domain/standing-acceptance.js';
import { lineColumns, lineOf, type LineRow } from '../store/line.store.js';
import type { Cause } from '../store/queue.store.js';
import { standingAcceptances } from '../store/standing-acceptance.store.js';
import type { OrdersSettings } from '../orders.config.js';

export type Queued = {
  readonly line: Line;
  readonly order: Pick<Order, 'orderId' | 'buyerId' | 'poNumber' | 'award' | 'parentMatchId'>;
  /** Basis points a year on this day. */
  readonly costOfFunds: number;
  /** Units by seller from earlier rounds, where the line limits its sellers. */
  readonly held?: Readonly<Record<string, number>>;
  /** Rials the buyer awards without an approver; absent = nothing. */
  readonly awardUpTo?: string;
  /** Rials of this order that are matched already. */
  readonly awarded: string;
  readonly cause: Cause;
};

export type OfferAtHand = MarketOffer & { readonly revision: number };

/** Everything a round decides on, read at one go; the commit checks that none of it has moved. */
export type Round = {
  readonly market: string;
  readonly epoch: string;
  readonly asOf: Day;
  readonly queued: readonly Queued[];
  /** In the queue, but matched or cancelled meanwhile. */
  readonly idle: readonly string[];
  readonly offers: readonly OfferAtHand[];
  /** By producer: who accepts without looking. */
  readonly acceptances: ReadonlyMap<string, StandingAcceptance>;
};

type QueueRow = LineRow & {
  buyer_id: string; po_number: string; award: Order['award']; parent_match_id: string | null; awarded: string; cost_of_funds: DatedRate[] | null; up_to: string | null;
  is_network: boolean; is_producer: boolean; causationid: string; correlationid: string; traceparent: string | null;
};

// Awarded amounts are summed once per order of the round, not once per line.
const queueText = `
  with q as (select * from queue where market = $1 and ready order by seq limit $2),
  awarded as (
    select m.order_id, sum(m.amount)::text as amount from matches m
    where m.order_id in (select order_id from q) and m.state <> 'released' group by m.order_id)
  select ${lineColumns}, o.buyer_id, o.po_number, o.award, o.parent_match_id, coalesce(a.amount, '0') as awarded, n.cost_of_funds, n.automatic_award_up_to::text as up_to,
    n.network_id is not null as is_network, p.producer_id is not null as is_producer, q.causationid, q.correlationid, q.traceparent
  from q join lines l on l.line_id = q.line_id join orders o on o.order_id = q.order_id
    left join awarded a on a.order_id = q.order_id left join networks n on n.network_id = o.buyer_id left join producers p on p.producer_id = o.buyer_id
  order by q.seq`;

// Full offers too: "no capacity" and "no offer" are different reasons with different cures.
const offersText = `
  select o.offer_id as id, o.producer_id as "sellerId", o.variant_id as "variantId", greatest(o.capacity - o.committed, 0) as capacity, o.minimum, o.lot, o.lead_days as "leadDays",
    o.opens::text as "from", o.until::text as until, o.grade, o.place, coalesce(v.weight_grams, 0) as "weightGrams", o.prices, s.producer_id is not null as small, o.revision
  from offers o join producers p on p.producer_id = o.producer_id and p.standing = 'verified' left join variants v on v.variant_id = o.variant_id
    left join small_units s on s.producer_id = o.producer_id
  where o.variant_id = any($1::uuid[]) and o.market = $2 and not o.withdrawn`;

/** Opens a round: takes the market's next epoch, then reads its queue and the offers its lines could use. */
export const loadRound = async (tx: Tx, market: string, settings: OrdersSettings): Promise<Round> => {
  const [row] = await tx.sql<{ epoch: string }>('insert into markets values ($1, 1) on conflict (market) do update set epoch = markets.epoch + 1 returning epoch', [market]);
  if (row === undefined) throw new Error('An upsert answered no row');
  const asOf = dayOf(tx.now);
  const rows = await tx.sql<QueueRow>(queueText, [market, settings.roundLines]);
  const alive = rows.filter(({ waiting }) => waiting > 0);
  const held = await heldOf(tx, alive);
  const variants = [...new Set(alive.flatMap(({ variant_id, substitutes }) => [variant_id, ...substitutes]))];
  const offers = (variants.length === 0 ? [] : await tx.sql<OfferAtHand>(offersText, [variants, market])).map(tradable);
  return {
    market, epoch: row.epoch, asOf, offers,
    acceptances: await standingAcceptances(tx, [...new Set(offers.map(({ sellerId }) => sellerId))]),
    queued: alive.map((one) => ({ ...queuedOf(one, asOf, settings), ...(held.has(one.line_id) && { held: held.get(one.line_id) }) })),
    idle: rows.filter(({ waiting }) => waiting === 0).map(({ line_id }) => line_id),
  };
};

/** Without the prices at which a match could be worth more than anything: nobody's line should fail at what a producer asks. */
const tradable = (offer: OfferAtHand): OfferAtHand => ({ ...offer, prices: offer.prices.filter(({ price }) => isTradable(offer.capacity, price)) });

/** By line that limits its sellers and is matched in part: which seller holds how much of it. */
const heldOf = async (tx: Tx, rows: readonly QueueRow[]): Promise<ReadonlyMap<string, Record<string, number>>> => {
  const limited = rows.filter(({ matched, sourcing }) => matched > 0 && (sourcing?.maximumSuppliers !== undefined || sourcing?.shareCap !== undefined));
  const held = new Map<string, Record<string, number>>();
  if (limited.length === 0) return held;
  const found = await tx.sql<{ line_id: string; seller_id: string; units: number }>(`
    select x."lineId" as line_id, m.seller_id, sum(x.quantity)::int as units from matches m cross join jsonb_to_recordset(m.lines) as x("lineId" uuid, quantity int)
    where m.order_id = any($1::uuid[]) and m.state <> 'released' and x."lineId" = any($2::uuid[]) group by 1, 2`,
  [[...new Set(limited.map(({ order_id }) => order_id))], limited.map(({ line_id }) => line_id)]);
  for (const { line_id, seller_id, units } of found) held.set(line_id, { ...held.get(line_id), [seller_id]: units });
  return held;
};

const queuedOf = (row: QueueRow, asOf: Day, settings: OrdersSettings): Queued => {
  const upTo = row.is_network ? row.up_to : row.is_producer ? settings.inputAwardUpTo : null;
  return {
    line: lineOf(row),
    order: { orderId: row.order_id, buyerId: row.buyer_id, poNumber: row.po_number, award: row.award, ...(row.parent_match_id === null ? {} : { parentMatchId: row.parent_match_id }) },
    costOfFunds: rateAt(row.cost_of_funds ?? [], asOf)?.rate ?? settings.costOfFunds,
    awarded: row.awarded,
    ...(upTo === null ? {} : { awardUpTo: upTo }),
    cause: { id: row.causationid, correlationid: row.correlationid, ...(row.traceparent === null ? {} : { traceparent: row.traceparent }) },
  };
};
