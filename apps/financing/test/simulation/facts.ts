import { addDays, basisPoints, dayOf, rials, type Day, type Money } from '@peyvand/kernel';
import { at, idOf } from '@peyvand/testing/simulation';
import { drawPaper } from '../../src/draw-instrument/draw-instrument.js';
import { answerByOf } from '../../src/domain/barat.js';
import { chooseBid, goWithoutPaper, isCalled, lessen, openCase } from '../../src/domain/financing-case.js';
import { chooseLimit, releaseUnused, reserve, use } from '../../src/domain/limit.js';
import { dilute, fingerprintOf, openReceivable, undertake } from '../../src/domain/receivable.js';
import { bestBid, bidAsInstructed } from '../../src/domain/standing-instructions.js';
import { coverOf, maxTenorDays, payMomentOf, yearDays } from '../../src/financing.policy.js';
import { must } from '../../src/must.js';
import { assignPaper, closeCase } from './money.js';
import { buyer, funder, seller, type TradeStep } from './schedule.js';
import type { World } from './world.js';

type Invoice = { readonly invoiceId: string; readonly gross: Money; readonly approved: boolean; readonly credited: bigint };

/** What orders and delivery know of one match; their facts tell financing of it. */
export type Deal = { readonly matchId: string; readonly amount: Money; readonly agreed: boolean; readonly over: boolean; readonly deliveries: number; readonly invoices: readonly Invoice[] };

const instruments = ['barat', 'barat', 'safte', 'open', 'cash'] as const;

export const makeMatch = (world: World, { pick, size }: TradeStep): void => {
  const n = world.deals.size;
  const of = { orderId: idOf('order', n), matchId: idOf('match', n), buyerId: pick % 3 === 2 ? seller(0) : buyer(pick % 3), sellerId: seller(pick % 3 === 2 ? 1 : size % 2) };
  const instrument = at(instruments, size) ?? 'barat';
  world.deals.set(of.matchId, { matchId: of.matchId, amount: rials(10_000 + size * 100), agreed: false, over: false, deliveries: 0, invoices: [] });
  world.fromOrders(of.matchId, 'MatchMade', () => {
    if (!world.matches.has(of.matchId)) world.matches.set(of.matchId, { of, terms: { days: 0, base: 'invoice', instrument }, deliveries: 0, shipped: false });
  });
};

export const agree = (world: World, deal: Deal | undefined): void => {
  if (deal === undefined) return;
  world.deals.set(deal.matchId, { ...deal, agreed: true });
  world.fromOrders(deal.matchId, 'PurchaseOrderAccepted', () => onPurchaseOrderAccepted(world, deal));
};

const onPurchaseOrderAccepted = (world: World, deal: Deal): void => {
  const match = world.matches.get(deal.matchId);
  if (match === undefined || match.terms.instrument === 'cash') return;
  const [book, on] = [world.book(), dayOf(world.time.now)];
  if (!book.covered(deal.matchId).next().done) return;
  const chosen = chooseLimit(book.allLimits(), match.of, coverOf(deal.amount, on), on);
  if (!chosen.ok) return;
  book.put(must(reserve(chosen.state, undefined, { of: match.of, amount: coverOf(deal.amount, on), on })).state);
  for (const { case: state } of world.casesOf(deal.matchId)) {
    for (const covered of book.covered(deal.matchId)) {
      const used = state.stage.status === 'settled' ? undefined : use(covered, state.of.caseId, state.face, on);
      if (used?.ok === true) book.put(used.state);
    }
  }
  world.keep(book);
  releaseComplete(world, deal.matchId);
};

export const release = (world: World, deal: Deal | undefined): void => {
  if (deal === undefined) return;
  world.deals.set(deal.matchId, { ...deal, over: true });
  world.fromOrders(deal.matchId, 'MatchReleased', () => world.changeCover(deal.matchId, releaseUnused));
};

/** A delivery of half the goods, or all that is left; what is accepted of it is invoiced. */
export const receive = (world: World, deal: Deal | undefined, size: number): void => {
  if (deal === undefined) return;
  const last = deal.deliveries === 1 || size % 3 === 0;
  const accepted = size % 5 !== 0;
  const gross = rials(coverOf(deal.amount, dayOf(world.time.now)) / (last && deal.deliveries === 0 ? 1n : 2n));
  const invoice = { invoiceId: idOf('invoice', world.invoices++), gross, approved: false, credited: 0n };
  world.deals.set(deal.matchId, { ...deal, deliveries: deal.deliveries + 1, over: last, invoices: accepted ? [...deal.invoices, invoice] : deal.invoices });
  world.fromDelivery(deal.matchId, 'GoodsReceived', () => {
    const match = world.matches.get(deal.matchId);
    if (match === undefined) return 'not-yet';
    world.matches.set(deal.matchId, { ...match, deliveries: match.deliveries + (accepted ? 1 : 0), shipped: match.shipped || last });
    return releaseComplete(world, deal.matchId);
  });
};

const releaseComplete = (world: World, matchId: string): void => {
  const match = world.matches.get(matchId);
  if (match?.shipped === true && world.casesOf(matchId).length >= match.deliveries) world.changeCover(matchId, releaseUnused);
};

export const approve = (world: World, deal: Deal | undefined, size: number): void => {
  const invoice = deal?.invoices.find(({ approved }) => !approved);
  if (deal === undefined || invoice === undefined) return;
  const [issuedOn, terms] = [dayOf(world.time.now), addDays(dayOf(world.time.now), (size * 7) % 26)];
  world.setInvoice(deal, { ...invoice, approved: true });
  world.fromDelivery(deal.matchId, 'InvoiceApproved', () => {
    // The match is told of in every fact of delivery; financing needs its own row only for what was agreed.
    if (!world.matches.has(deal.matchId)) return 'not-yet';
    return onInvoiceApproved(world, deal.matchId, invoice, issuedOn, terms);
  });
};

const onInvoiceApproved = (world: World, matchId: string, { invoiceId, gross }: Invoice, issuedOn: Day, dueOn: Day): void => {
  const match = world.matches.get(matchId);
  if (match === undefined || (world.variant !== 'fact-heard-twice' && world.cases((state) => state.invoiceId === invoiceId).length > 0)) return;
  const { of: { buyerId, sellerId }, terms } = match;
  const fingerprint = fingerprintOf({ seller: sellerId, buyer: buyerId, number: invoiceId, amount: gross, issuedOn });
  const of = { ...match.of, caseId: idOf('case', world.files.size) };
  const receivable = must(openReceivable(undefined, { of, invoiceId, shipmentId: invoiceId, fingerprint, amount: gross, terms, dueOn })).state;
  const opened = openCase({ of, invoiceId, shipmentId: invoiceId, face: gross, dueOn });
  const onPaper = terms.instrument === 'barat' || terms.instrument === 'safte';
  const state = onPaper ? opened : must(goWithoutPaper(opened, 'no-paper')).state;
  const drawn = sellsByStandingWord(sellerId) ? drawPaper({ case: state, receivable }, world.time.now) : undefined;
  world.save({ case: state, receivable, invited: [], version: 1, ...(drawn?.ok === true ? { paper: drawn.state } : {}) });
  world.time.due(`pay-day ${of.caseId}`, payMomentOf(dueOn, world.time.now));
  if (drawn?.ok === true) world.time.due(`answer-by ${of.caseId}`, answerByOf(world.time.now));
  const book = world.book();
  for (const covered of book.covered(matchId)) {
    const used = covered.reservation.for === 'purchase' ? undefined : use(covered, of.caseId, gross, dayOf(world.time.now));
    if (used?.ok === true) book.put(used.state);
  }
  world.keep(book);
  world.post({ kind: 'receivable-opened', id: of.caseId, caseId: of.caseId, debtorId: buyerId, ownerId: sellerId, amount: gross });
  releaseComplete(world, matchId);
};

/** The first seller draws when its invoice is approved and sells to the best bid when the window ends. */
export const sellsByStandingWord = (sellerId: string): boolean => sellerId === seller(0);

/** Goods of an approved invoice come back, some or all. */
export const credit = (world: World, deal: Deal | undefined, size: number): void => {
  const invoice = deal?.invoices.find(({ approved, gross, credited }) => approved && credited < gross);
  if (deal === undefined || invoice === undefined) return;
  const left = invoice.gross - invoice.credited;
  const amount = rials(size % 4 === 0 ? left : (left + 3n) / 4n);
  const creditNoteId = idOf('note', world.notes++);
  world.setInvoice(deal, { ...invoice, credited: invoice.credited + amount });
  world.fromDelivery(deal.matchId, 'CreditNoteIssued', () => onCreditNote(world, invoice.invoiceId, creditNoteId, amount));
};

const onCreditNote = (world: World, invoiceId: string, creditNoteId: string, amount: Money): 'not-yet' | void => {
  const [file] = world.cases((state) => state.invoiceId === invoiceId);
  if (file === undefined) return 'not-yet';
  const { of } = file.case;
  const decision = dilute(isCalled(file.case) ? must(undertake(file.receivable)).state : file.receivable, { creditNoteId, amount });
  if (!decision.ok || decision.events.length === 0) return;
  const treatment = decision.state.dilutions.at(-1)?.treatment ?? 'reserve';
  const lessened = treatment === 'reserve' ? lessen(file.case, amount) : undefined;
  // More than is owed any more: the service parks the fact for an operator.
  if (lessened?.ok === false) return;
  world.save({ ...file, case: lessened?.state ?? file.case, receivable: decision.state });
  world.post({ kind: 'diluted', id: creditNoteId, caseId: of.caseId, sellerId: of.sellerId, buyerId: of.buyerId, amount, treatment });
  if (lessened?.state.stage.status === 'settled') closeCase(world, of);
};

/** The first funder bids on every accepted paper as it said beforehand. */
export const onInstrumentAccepted = (world: World, caseId: string): void => {
  const file = world.files.get(caseId);
  const limit = [...world.limits.values()].find(({ grantorId, debtorId }) => grantorId === funder(0) && debtorId === file?.case.of.buyerId);
  if (file === undefined || limit === undefined) return;
  const { now } = world.time;
  const bid = { funderId: funder(0), debtorId: limit.debtorId, rate: basisPoints(2_300), fee: rials(0), maxFace: rials(1_000_000), validHours: 72 };
  const { state } = bidAsInstructed(file.case, [{ bid, limit }], now, () => idOf('bid', world.bids++), { maxTenorDays, yearDays });
  world.save({ ...file, case: state });
  const best = sellsByStandingWord(file.case.of.sellerId) && world.bids % 2 === 0 ? bestBid(state, now, dayOf(now), yearDays) : undefined;
  const choice = best === undefined ? undefined : chooseBid(state, { bidId: best, by: state.bearerId, now, purchaseOn: dayOf(now), yearDays });
  if (choice?.ok !== true) return;
  world.time.dues.delete(`bidding-closes ${caseId}`);
  assignPaper(world, { ...file, case: choice.state });
};
