import { addDays, dayOf, rials, type Money } from '@peyvand/kernel';
import { at, idOf } from '@peyvand/testing/simulation';
import { coverOf } from '../../src/financing.policy.js';
import type { MatchRef } from '../../src/domain/case-ref.js';
import { hears } from './hears.js';
import { buyer, seller, type TradeStep } from './schedule.js';
import type { World } from './world.js';

// What orders and delivery tell is made up here, where financing plays alone; together with them it is theirs.

type Invoice = { readonly invoiceId: string; readonly gross: Money; readonly approved: boolean; readonly credited: bigint };

/** What orders and delivery know of one match; their facts tell financing of it. */
export type Deal = { readonly of: MatchRef; readonly instrument: (typeof instruments)[number]; readonly matchId: string; readonly amount: Money; readonly agreed: boolean; readonly over: boolean; readonly deliveries: number; readonly invoices: readonly Invoice[] };

const instruments = ['barat', 'barat', 'safte', 'open', 'cash'] as const;
const termsOf = ({ instrument }: Pick<Deal, 'instrument'>) => ({ days: 0, base: 'invoice', instrument }) as const;

export const makeMatch = (world: World, { pick, size }: TradeStep): void => {
  const n = world.deals.size;
  const of = { orderId: idOf('order', n), matchId: idOf('match', n), buyerId: pick % 3 === 2 ? seller(0) : buyer(pick % 3), sellerId: seller(pick % 3 === 2 ? 1 : size % 2) };
  const instrument = at(instruments, size) ?? 'barat';
  world.deals.set(of.matchId, { of, instrument, matchId: of.matchId, amount: rials(10_000 + size * 100), agreed: false, over: false, deliveries: 0, invoices: [] });
  world.fromOrders(of.matchId, 'MatchMade', () => hears(world).MatchMade({ ...of, terms: termsOf({ instrument }) }));
};

export const agree = (world: World, deal: Deal | undefined): void => {
  if (deal === undefined) return;
  world.deals.set(deal.matchId, { ...deal, agreed: true });
  world.fromOrders(deal.matchId, 'PurchaseOrderAccepted', () => hears(world).PurchaseOrderAccepted({ ...deal.of, terms: termsOf(deal), amount: String(deal.amount) }));
};

export const release = (world: World, deal: Deal | undefined): void => {
  if (deal === undefined) return;
  world.deals.set(deal.matchId, { ...deal, over: true });
  world.fromOrders(deal.matchId, 'MatchReleased', () => hears(world).MatchReleased(deal));
};

/** A delivery of half the goods, or all that is left; what is accepted of it is invoiced. */
export const receive = (world: World, deal: Deal | undefined, size: number): void => {
  if (deal === undefined) return;
  const last = deal.deliveries === 1 || size % 3 === 0;
  const accepted = size % 5 !== 0;
  const gross = rials(coverOf(deal.amount, dayOf(world.time.now)) / (last && deal.deliveries === 0 ? 1n : 2n));
  const invoice = { invoiceId: idOf('invoice', world.invoices++), gross, approved: false, credited: 0n };
  world.deals.set(deal.matchId, { ...deal, deliveries: deal.deliveries + 1, over: last, invoices: accepted ? [...deal.invoices, invoice] : deal.invoices });
  world.fromDelivery(deal.matchId, 'GoodsReceived', () => hears(world).GoodsReceived({ matchId: deal.matchId, remaining: last ? 0 : 1, lines: [{ accepted: accepted ? 1 : 0 }] }));
};

export const approve = (world: World, deal: Deal | undefined, size: number): void => {
  const invoice = deal?.invoices.find(({ approved }) => !approved);
  if (deal === undefined || invoice === undefined) return;
  const [issuedOn, dueOn] = [dayOf(world.time.now), addDays(dayOf(world.time.now), (size * 7) % 26)];
  const { invoiceId, gross } = invoice;
  world.setInvoice(deal, { ...invoice, approved: true });
  world.fromDelivery(deal.matchId, 'InvoiceApproved', () => hears(world).InvoiceApproved({
    ...deal.of, invoiceId, invoiceNumber: invoiceId, shipmentId: invoiceId, gross: String(gross), issuedOn, dueOn, terms: termsOf(deal),
  }));
};

/** Goods of an approved invoice come back, some or all. */
export const credit = (world: World, deal: Deal | undefined, size: number): void => {
  const invoice = deal?.invoices.find(({ approved, gross, credited }) => approved && credited < gross);
  if (deal === undefined || invoice === undefined) return;
  const left = invoice.gross - invoice.credited;
  const amount = rials(size % 4 === 0 ? left : (left + 3n) / 4n);
  const creditNoteId = idOf('note', world.notes++);
  world.setInvoice(deal, { ...invoice, credited: invoice.credited + amount });
  world.fromDelivery(deal.matchId, 'CreditNoteIssued', () => hears(world).CreditNoteIssued({ invoiceId: invoice.invoiceId, creditNoteId, gross: String(amount) }));
};
