import type { Day } from '@peyvand/kernel';
import { idOf } from '@peyvand/testing/simulation';
import { endOf, type Tally } from '../../src/domain/close-order.js';
import type { Match } from '../../src/domain/match.js';
import type { Line, Order } from '../../src/domain/order.js';
import type { OfferAtHand, Round } from '../../src/match-market/load-round.js';
import type { Note } from '../../src/store/shipment.store.js';

export type Offer = OfferAtHand & { readonly committed: number; /** The most that may be committed: a capacity lowered below what is sold voids nothing. */ readonly ceiling: number };
/** `returned`: its units are back with their offers and lines. */
export type Kept = { readonly match: Match; readonly open: boolean; readonly returned?: true };
/** What the facts of delivery and financing said of a shipment. */
export type Noted = Pick<Note, 'shipmentId' | 'matchId' | 'orderId' | 'dispatched' | 'received' | 'failed' | 'cancelled' | 'settled' | 'remaining'> & { readonly accepted: number; readonly short: number; readonly rejected: number };

/** The rows of one market, as orders' tables hold them. */
export class Rows {
  readonly orders = new Map<string, Order>();
  readonly lines = new Map<string, Line>();
  readonly offers = new Map<string, Offer>();
  readonly matches = new Map<string, Kept>();
  readonly shipments = new Map<string, Noted>();

  put(lines: readonly Line[]): void {
    for (const line of lines) this.lines.set(line.lineId, { ...line, version: this.line(line.lineId).version + 1 });
  }

  /** Negative: gives back. */
  commitTo(offerId: string, quantity: number): void {
    const offer = known(this.offers, offerId);
    const committed = offer.committed + quantity;
    this.offers.set(offerId, { ...offer, committed, ceiling: quantity < 0 ? Math.max(offer.capacity, committed) : offer.ceiling });
  }

  inState(state: Match['state']): Match[] {
    return [...this.matches.values()].flatMap(({ match }) => (match.state === state ? [match] : []));
  }

  linesOf(orderId: string | undefined): Line[] {
    return [...this.lines.values()].filter((line) => line.orderId === orderId);
  }

  line(lineId: string): Line {
    return known(this.lines, lineId);
  }

  order(orderId: string): Order {
    return known(this.orders, orderId);
  }
}

/** What a round reads. */
export const roundOf = (rows: Rows, queued: readonly Line[], epoch: number, asOf: Day): Round => ({
  market: 'shoes', epoch: String(epoch), asOf, idle: [], acceptances: new Map([[idOf('seller', 0), { sellerId: idOf('seller', 0), upTo: '20000' }]]),
  offers: [...rows.offers.values()].map(({ committed, ceiling: _ceiling, ...offer }) => ({ ...offer, capacity: Math.max(offer.capacity - committed, 0) })),
  queued: queued.map((line) => ({ line, order: rows.order(line.orderId), costOfFunds: 2_300, awardUpTo: '10000000', awarded: '0', cause: { id: line.orderId, correlationid: line.orderId } })),
});

/** Units of an order at its end, by what delivery told of it. */
export const tallyOf = (rows: Rows, order: Order): Tally => {
  const lines = rows.linesOf(order.orderId);
  const shipments = [...rows.shipments.values()].filter(({ orderId }) => orderId === order.orderId);
  const total = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((sum, item) => sum + of(item), 0);
  return {
    ordered: total(lines, (line) => line.quantity), unmatched: total(lines, (line) => line.unmatched), cancelled: total(lines, (line) => line.cancelled), cancelledByBuyer: order.cancelled,
    accepted: total(shipments, (one) => one.accepted), short: total(shipments, (one) => one.short), rejected: total(shipments, (one) => one.rejected), failed: shipments.some(({ failed }) => failed === true),
  };
};

/** The end of an order that is over, as the service's statement finds it. */
export const endedAs = (rows: Rows, order: Order): Order['status'] | undefined => {
  const lines = rows.linesOf(order.orderId);
  const matches = [...rows.matches.values()].filter(({ match }) => match.orderId === order.orderId);
  if (order.status !== 'open' || matches.some(({ open }) => open) || lines.some(({ waiting, unmatched, final }) => waiting > 0 || (unmatched > 0 && !final))) return undefined;
  const held = matches.flatMap(({ match }) => (match.state === 'done' ? match.lines : [])).reduce((sum, { quantity }) => sum + quantity, 0);
  return lines.reduce((sum, { matched }) => sum + matched, 0) === held ? endOf(tallyOf(rows, order)).status : undefined;
};

const known = <T>(map: ReadonlyMap<string, T>, id: string): T => {
  const found = map.get(id);
  if (found === undefined) throw new Error(`There is no ${id}`);
  return found;
};
