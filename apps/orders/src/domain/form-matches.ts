import { rials, sumOf, type Day } from '@peyvand/kernel';
import type { LineMatch } from '@peyvand/matching';
import { amountOf, type LineCost, type Match } from './match.js';
import type { Line, Order } from './order.js';

export type Found = { readonly found: LineMatch; readonly line: Line; readonly order: Pick<Order, 'orderId' | 'buyerId' | 'poNumber' | 'parentMatchId'> };

/**
 * One match is one order with one producer, on one set of terms, to one place (docs/adr/0009): it becomes one purchase order, one row
 * of shipments and one chain of debts. A line is in it in one variant only, because shipments, receipts and invoices tell goods apart by
 * the line: what the same producer fills with another variant is a match of its own. Answers proposed matches; `ids` gives each its id.
 */
export const formMatches = (market: string, found: readonly Found[], ids: () => string): Match[] => {
  const groups = new Map<string, Found[]>();
  const variantsOf = new Map<string, Map<string, number>>();
  for (const one of found) {
    const { days, base, instrument } = one.found.terms;
    const trade = [one.order.orderId, one.found.sellerId, days, base, instrument, one.line.shipTo.placeId].join('|');
    // The first variant of every line goes into the first match, the second into the second.
    const variants = variantsOf.get(`${trade}|${one.line.lineId}`) ?? new Map<string, number>();
    const nth = variants.get(one.found.variantId) ?? variants.size;
    variantsOf.set(`${trade}|${one.line.lineId}`, variants.set(one.found.variantId, nth));
    const key = `${trade}|${nth}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map((group) => matchOf(market, group, ids()));
};

const matchOf = (market: string, group: readonly Found[], matchId: string): Match => {
  const [first] = group;
  if (first === undefined) throw new Error('A group has at least one line');
  const lines = group.map(({ found, line }) => ({
    lineId: line.lineId, offerId: found.offerId, variantId: found.variantId, quantity: found.quantity, unit: line.unit, price: found.price, amount: found.amount,
  }));
  return {
    matchId, orderId: first.order.orderId, buyerId: first.order.buyerId, sellerId: first.found.sellerId, poNumber: first.order.poNumber, market, lines, terms: first.found.terms,
    costs: group.map(({ found }) => costOf(found)),
    amount: amountOf(lines), shipTo: first.line.shipTo,
    neededBy: least(group.map(({ line }) => line.neededBy)), promisedBy: most(group.map(({ found }) => found.arrivesOn as Day)),
    state: 'proposed', financingDeclined: false, dispatched: false, version: 1,
    ...(first.order.parentMatchId === undefined ? {} : { parentMatchId: first.order.parentMatchId }),
  };
};

const costOf = ({ lineId, offerId, perUnit, distanceKm, runnerUp }: LineMatch): LineCost => ({ lineId, offerId, ...perUnit, distanceKm, ...(runnerUp === undefined ? {} : { runnerUp }) });

// Civil days sort as text.
const least = (days: readonly Day[]): Day => days.reduce((a, b) => (b < a ? b : a));
const most = (days: readonly Day[]): Day => days.reduce((a, b) => (b > a ? b : a));

/** The buyer's guardrails: what may be awarded without an approver. `upTo` absent = nothing. All of an order counts, so it cannot be cut up to slip under. */
export const awardsItself = (award: Order['award'], upTo: string | undefined, awardedBefore: string, matches: readonly Match[]): boolean =>
  award === 'automatic' && upTo !== undefined && rials(awardedBefore) + sumOf(matches.map(({ amount }) => rials(amount))) <= rials(upTo);
