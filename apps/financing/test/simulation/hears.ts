import type { CreditNoteIssued, DataOf, DeliveryFailed, GoodsReceived, InvoiceApproved, MatchMade, PurchaseOrderAccepted } from '@peyvand/contracts';
import { FinancingDeclined } from '@peyvand/contracts';
import { day, dayOf, rials, type PartyId } from '@peyvand/kernel';
import { idOf, type Hears } from '@peyvand/testing/simulation';
import { drawPaper } from '../../src/draw-instrument/draw-instrument.js';
import { answerByOf } from '../../src/domain/barat.js';
import type { MatchRef } from '../../src/domain/case-ref.js';
import { goWithoutPaper, isCalled, lessen, openCase } from '../../src/domain/financing-case.js';
import { carry, chooseLimit, releaseUnused, reserve } from '../../src/domain/limit.js';
import { dilute, fingerprintOf, openReceivable, undertake } from '../../src/domain/receivable.js';
import { coverOf, payMomentOf } from '../../src/financing.policy.js';
import { must } from '../../src/must.js';
import { closeCase } from './money.js';
import { seller } from './schedule.js';
import type { World } from './world.js';

type Named = { readonly matchId: string; readonly orderId: string; readonly buyerId: string; readonly sellerId: string };
/** Of each fact, what financing reads of it. */
export type Made = Named & Pick<DataOf<typeof MatchMade>, 'terms'>;
export type Accepted = Named & Pick<DataOf<typeof PurchaseOrderAccepted>, 'terms' | 'amount'>;
export type Received = { readonly matchId: string } & (Pick<DataOf<typeof GoodsReceived>, 'remaining'> & { readonly lines?: readonly { readonly accepted: number }[] } | Pick<DataOf<typeof DeliveryFailed>, 'remaining'>);
export type Approved = Named & Pick<DataOf<typeof InvoiceApproved>, 'invoiceId' | 'invoiceNumber' | 'shipmentId' | 'gross' | 'issuedOn' | 'dueOn' | 'terms'>;
export type Credited = Pick<DataOf<typeof CreditNoteIssued>, 'invoiceId' | 'creditNoteId' | 'gross'>;

/** What financing does when orders and delivery tell of a match: its consumers, their statements stated again. */
export const hears = (world: World) => ({
  MatchMade: (data: Made): void => {
    if (!world.matches.has(data.matchId)) world.matches.set(data.matchId, { of: refOf(data), terms: data.terms, deliveries: 0, shipped: false });
  },
  PurchaseOrderAccepted: (data: Accepted): void => cover(world, data),
  MatchReleased: ({ matchId }: { readonly matchId: string }): void => world.changeCover(matchId, releaseUnused),
  GoodsReceived: (data: Received) => count(world, data),
  DeliveryFailed: (data: Received) => count(world, data),
  InvoiceApproved: (data: Approved): void => openOn(world, data),
  CreditNoteIssued: (data: Credited) => credit(world, data),
}) satisfies Hears;

const refOf = ({ orderId, matchId, buyerId, sellerId }: Named): MatchRef => ({ orderId, matchId, buyerId: buyerId as PartyId, sellerId: sellerId as PartyId });

const cover = (world: World, data: Accepted): void => {
  if (data.terms.instrument === 'cash') return;
  const [book, of, on] = [world.book(), refOf(data), dayOf(world.time.now)];
  if (!book.covered(of.matchId).next().done) return;
  const amount = coverOf(rials(data.amount), on);
  const chosen = chooseLimit(book.allLimits(), of, amount, on);
  if (!chosen.ok) return world.publish([FinancingDeclined.of({ ...of, reason: chosen.reason, amount: String(amount) })]);
  const reserved = must(reserve(chosen.state, undefined, { of, amount, on }));
  book.put(reserved.state);
  for (const { case: state } of world.casesOf(of.matchId)) {
    for (const covered of book.covered(of.matchId)) {
      const used = state.stage.status === 'settled' ? undefined : carry(covered, state.of.caseId, state.face, on);
      if (used?.ok === true) book.put(used.state);
    }
  }
  world.keep(book);
  world.publish(reserved.events);
  releaseComplete(world, of.matchId);
};

/** Deliveries that will be invoiced, and whether anything more will come. */
const count = (world: World, data: Received): 'not-yet' | void => {
  const match = world.matches.get(data.matchId);
  if (match === undefined) return 'not-yet';
  const accepted = 'lines' in data && data.lines?.some((line) => line.accepted > 0) === true;
  world.matches.set(data.matchId, { ...match, deliveries: match.deliveries + (accepted ? 1 : 0), shipped: match.shipped || data.remaining === 0 });
  return releaseComplete(world, data.matchId);
};

const releaseComplete = (world: World, matchId: string): void => {
  const match = world.matches.get(matchId);
  if (match?.shipped === true && world.casesOf(matchId).length >= match.deliveries) world.changeCover(matchId, releaseUnused);
};

const openOn = (world: World, data: Approved): void => {
  const { matchId, invoiceId, shipmentId, terms, sellerId, buyerId } = data;
  if (world.variant !== 'fact-heard-twice' && world.cases((state) => state.invoiceId === invoiceId).length > 0) return;
  const [gross, dueOn] = [rials(data.gross), day(data.dueOn)];
  const fingerprint = fingerprintOf({ seller: sellerId, buyer: buyerId, number: data.invoiceNumber, amount: gross, issuedOn: day(data.issuedOn) });
  const of = { ...refOf(data), caseId: idOf('case', world.files.size) };
  const receivable = must(openReceivable(undefined, { of, invoiceId, shipmentId, fingerprint, amount: gross, terms, dueOn })).state;
  const opened = openCase({ of, invoiceId, shipmentId, face: gross, dueOn });
  const onPaper = terms.instrument === 'barat' || terms.instrument === 'safte';
  const state = onPaper ? opened : must(goWithoutPaper(opened, 'no-paper')).state;
  const drawn = sellsByStandingWord(sellerId) ? drawPaper({ case: state, receivable }, world.time.now) : undefined;
  world.save({ case: state, receivable, invited: [], version: 1, ...(drawn?.ok === true ? { paper: drawn.state } : {}) });
  world.time.due(`pay-day ${of.caseId}`, payMomentOf(dueOn, world.time.now));
  if (drawn?.ok === true) world.time.due(`answer-by ${of.caseId}`, answerByOf(world.time.now));
  const book = world.book();
  for (const covered of book.covered(matchId)) {
    const used = covered.reservation.for === 'purchase' ? undefined : carry(covered, of.caseId, gross, dayOf(world.time.now));
    if (used?.ok === true) book.put(used.state);
  }
  world.keep(book);
  world.post({ kind: 'receivable-opened', id: of.caseId, caseId: of.caseId, debtorId: of.buyerId, ownerId: of.sellerId, amount: gross });
  releaseComplete(world, matchId);
};

/** The first seller draws when its invoice is approved and sells to the best bid when the window ends. */
export const sellsByStandingWord = (sellerId: string): boolean => sellerId === seller(0);

const credit = (world: World, { invoiceId, creditNoteId, gross }: Credited): 'not-yet' | void => {
  const [file] = world.cases((state) => state.invoiceId === invoiceId);
  if (file === undefined) return 'not-yet';
  const [{ of }, amount] = [file.case, rials(gross)];
  const decision = dilute(isCalled(file.case) ? must(undertake(file.receivable)).state : file.receivable, { creditNoteId, amount });
  if (!decision.ok || decision.events.length === 0) return;
  const treatment = decision.state.dilutions.at(-1)?.treatment ?? 'reserve';
  const lessened = treatment === 'reserve' ? lessen(file.case, amount) : undefined;
  // More than is owed any more: the service parks the fact for an operator.
  if (lessened?.ok === false) return;
  world.save({ ...file, case: lessened?.state ?? file.case, receivable: decision.state });
  world.post({ kind: 'diluted', id: creditNoteId, caseId: of.caseId, sellerId: of.sellerId, buyerId: of.buyerId, amount, treatment });
  world.publish(lessened?.events ?? []);
  if (lessened?.state.stage.status === 'settled') closeCase(world, of);
};
