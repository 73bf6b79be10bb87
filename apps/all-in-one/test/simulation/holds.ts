import { holdsOf as deliveryHolds } from '@peyvand/delivery/simulation';
import { holdsOf as financingHolds } from '@peyvand/financing/simulation';
import { holdsOf as ordersHolds, tallyOf } from '@peyvand/orders/simulation';
import type { Holds } from '@peyvand/testing/simulation';
import type { World } from './world.js';

/** What holds in each service alone, and between them. */
export const holdsOf = (world: World): Holds => {
  const alone: readonly (readonly [string, Holds])[] = [['orders', ordersHolds(world.orders)], ['delivery', deliveryHolds(world.delivery)], ['financing', financingHolds(world.financing)]];
  const first = (which: 'always' | 'atLast', between: () => string | undefined): string | undefined => {
    for (const [service, holds] of alone) {
      const fault = holds[which]();
      if (fault !== undefined) return `${service}: ${fault}`;
    }
    return between();
  };
  return { always: () => first('always', () => goodsOf(world) ?? moneyOf(world)), atLast: () => first('atLast', () => endsOf(world)) };
};

type Shipment = World['delivery']['shipments'] extends Map<string, infer S> ? S : never;
const left = (one: Shipment): boolean => 'dispatchedAt' in one && one.dispatchedAt !== undefined;

/** Goods leave only for a match that is secured and not known to be over, and orders counts what delivery counted. */
const goodsOf = ({ orders, delivery }: World): string | undefined => {
  for (const one of delivery.shipments.values()) {
    const match = orders.matches.get(one.matchId)?.match;
    if (match === undefined) return `shipment ${one.id} is of match ${one.matchId}, which orders never made`;
    if (left(one) && match.securedBy === undefined) return `goods of match ${one.matchId} left, and it was never secured`;
    if (one.status === 'planned' && delivery.matches.get(one.matchId)?.state === 'released') return `shipment ${one.id} is still planned, and its match was released`;
    if (match.state === 'done' && ['planned', 'dispatched', 'arrived'].includes(one.status)) return `match ${one.matchId} is done in orders, and its shipment ${one.id} is ${one.status}`;
  }
  for (const { agreement: { matchId, lines }, state } of delivery.matches.values()) {
    const match = orders.matches.get(matchId)?.match;
    if (state !== 'agreed' || match === undefined) continue;
    const agreed = unitsByLine(match.lines);
    if (agreed !== unitsByLine(lines)) return `of match ${matchId} ${agreed} were agreed, delivery plans ${unitsByLine(lines)}`;
  }
  for (const { shipmentId, received, accepted, short, rejected } of orders.shipments.values()) {
    if (received !== true) continue;
    const lines = delivery.receipts.get(shipmentId)?.lines ?? [];
    const counted = (['accepted', 'short', 'rejected'] as const).map((field) => lines.reduce((sum, line) => sum + line[field], 0)).join('/');
    if (counted !== `${accepted}/${short}/${rejected}`) return `of shipment ${shipmentId} ${counted} were accepted/short/rejected, orders heard of ${accepted}/${short}/${rejected}`;
  }
  return undefined;
};

/** As text: units of each line. */
const unitsByLine = (lines: readonly { readonly lineId: string; readonly quantity: number }[]): string => {
  const units = new Map<string, number>();
  for (const { lineId, quantity } of lines) units.set(lineId, (units.get(lineId) ?? 0) + quantity);
  return [...units].map(([lineId, quantity]) => `${quantity} of ${lineId.slice(-4)}`).sort().join(', ');
};

/** A receivable is an approved invoice, at its amount after tax; a seller is paid for nothing else; a match is covered with the tax its goods bear. */
const moneyOf = ({ orders, delivery, financing }: World): string | undefined => {
  for (const { case: { of, invoiceId }, receivable } of financing.files.values()) {
    const invoice = delivery.invoices.get(invoiceId);
    if (invoice?.status !== 'approved') return `case ${of.caseId} is of invoice ${invoiceId}, which is ${invoice?.status ?? 'unknown'}`;
    if (receivable.amount !== invoice.gross) return `receivable ${of.caseId} is for ${receivable.amount}, invoice ${invoiceId} was approved for ${invoice.gross}`;
  }
  for (const { purpose, caseId } of financing.moved) if (purpose === 'disburse' && !financing.files.has(caseId)) return `a seller was paid for ${caseId}, which nobody approved`;
  for (const { of, asked, uses, freed, for: purpose } of financing.reservations.values()) {
    const match = orders.matches.get(of.matchId)?.match;
    const bare = purpose === 'match' && match?.state !== 'released' ? financing.casesOf(of.matchId).find(({ case: { of: { caseId } } }) => !(caseId in uses) && !freed.includes(caseId)) : undefined;
    if (bare !== undefined) return `${asked} are reserved for match ${of.matchId}, and its debt ${bare.case.of.caseId} of ${bare.case.face} is carried by nobody`;
    const goods = BigInt(match?.amount ?? 0);
    if (purpose === 'match' && asked !== goods + (goods * 10n + 50n) / 100n) return `match ${of.matchId} is for ${goods} before tax, and ${asked} are reserved`;
  }
  return undefined;
};

/** In the end every match has ended the same way everywhere, and nothing waits for a fact that never comes. */
const endsOf = (world: World): string | undefined => {
  const { orders, delivery, financing } = world;
  const [late] = world.time.onTheWay;
  if (late !== undefined) return `still not understood: ${late.tell}`;
  for (const { match: { matchId, state }, open } of orders.matches.values()) {
    if (open || (state !== 'done' && state !== 'released')) return `match ${matchId} is still ${state}${open ? ' and open' : ''} in orders`;
    const there = delivery.matches.get(matchId)?.state;
    if ((state === 'released') !== (there === 'released')) return `match ${matchId} is ${state} in orders and ${there} in delivery`;
    const ofMatch = [...delivery.shipments.values()].filter((one) => one.matchId === matchId);
    if (state === 'done' && !ofMatch.some(left)) return `match ${matchId} is done, nothing of it ever left, and nobody else was asked`;
    const waiting = ofMatch.find(({ status }) => status === 'planned' || status === 'dispatched' || status === 'arrived');
    if (waiting !== undefined) return `match ${matchId} is ${state}, and its shipment ${waiting.id} is ${waiting.status}`;
  }
  for (const { match: { matchId, amount, lines } } of orders.matches.values()) {
    const invoiced = [...delivery.invoices.values()].filter((one) => one.matchId === matchId && one.status === 'approved').flatMap((one) => one.lines);
    const [goods, parts] = [invoiced.reduce((sum, line) => sum + line.amount, 0n), BigInt(invoiced.length)];
    // Each part of a line is rounded by itself.
    if (unitsByLine(invoiced) === unitsByLine(lines) && (goods > BigInt(amount) + parts || goods < BigInt(amount) - parts)) return `all of match ${matchId} was delivered, for ${goods} instead of ${amount}`;
  }
  for (const { of, unused } of financing.reservations.values()) if (unused > 0n) return `match ${of.matchId} is over and still holds ${unused} of a limit`;
  for (const { case: { of, stage } } of financing.files.values()) if (stage.status !== 'settled') return `case ${of.caseId} is still ${stage.status}`;
  for (const [shipmentId, { lines }] of delivery.receipts) {
    const invoice = [...delivery.invoices.values()].find((one) => one.shipmentId === shipmentId && one.status === 'approved');
    if (invoice === undefined && lines.some(({ accepted }) => accepted > 0)) return `shipment ${shipmentId} was accepted and never invoiced`;
    if (invoice !== undefined && ![...financing.files.values()].some(({ case: { invoiceId } }) => invoiceId === invoice.id)) return `invoice ${invoice.id} was approved and is nobody's receivable`;
    const heard = orders.shipments.get(shipmentId);
    if (heard?.received !== true) return `shipment ${shipmentId} was received, and orders does not know`;
  }
  for (const order of orders.orders.values()) {
    const { accepted, ordered } = tallyOf(orders, order);
    const said = order.status === 'closed' ? accepted >= ordered : order.status === 'part-closed' ? accepted < ordered : accepted === 0;
    if (!said) return `order ${order.orderId} has ended as ${order.status}, and ${accepted} of ${ordered} were accepted`;
  }
  return undefined;
};
