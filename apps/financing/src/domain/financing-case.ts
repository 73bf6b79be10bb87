import { AssignmentNotified, BidChosen, BidPlaced, CaseSettled, DebtPurchased, FundsDisbursed, PaymentCollected, PaymentDue, PaymentFailed } from '@peyvand/contracts';
import { accept, dayOf, daysBetween, isoOf, refuse, rials, type BasisPoints, type Day, type Decision, type Instant, type Money, type PartyId } from '@peyvand/kernel';
import type { CaseRef, FinancingFact } from './case-ref.js';
import { purchaseOf, rankBids, type Purchase } from './debt-purchase.js';
import type { Limit } from './limit.js';

/** A firm, sealed bid: nobody but its funder and the one who bears the cost sees it. */
export type Bid = {
  readonly bidId: string;
  readonly funderId: PartyId;
  readonly rate: BasisPoints;
  readonly fee: Money;
  readonly maxFace: Money;
  readonly validUntil: Instant;
  readonly placedAt: Instant;
};

/** The terms of a purchase, fixed when the bid is chosen: later rates or policies change nothing here. */
export type Chosen = { readonly bid: Bid; readonly purchase: Purchase; readonly on: Day };

/** The financing and settlement of one receivable. What happens to the paper itself is told by `barat.ts`; here is who is owed and how it ends. */
export type FinancingCase = {
  readonly of: CaseRef;
  readonly invoiceId: string;
  readonly shipmentId: string;
  readonly face: Money;
  readonly dueOn: Day;
  /** Who pays at maturity: the buyer, or the accepting bank of the electronic chain scheme. */
  readonly debtorId: PartyId;
  readonly holderId: PartyId;
  /** Who bears the cost of financing chooses the bid. */
  readonly bearerId: PartyId;
  readonly instrumentId?: string;
  readonly bids: readonly Bid[];
  readonly bought?: Chosen & { readonly paymentId: string };
  readonly paid: Money;
  /** Payments already counted, so that a repeated confirmation counts once. */
  readonly payments: readonly string[];
  readonly stage: Stage;
};

export type Stage =
  | { readonly status: 'opened' }
  | { readonly status: 'bidding'; readonly bidUntil: Instant }
  | { readonly status: 'chosen'; readonly chosen: Chosen; readonly bidUntil: Instant }
  /** Endorsed to the funder and the debtor notified; the bank was told to pay. */
  | { readonly status: 'assigned'; readonly chosen: Chosen; readonly bidUntil: Instant; readonly paymentId: string }
  | { readonly status: 'bought' }
  | { readonly status: 'endorsed'; readonly settlesCaseId?: string }
  | { readonly status: 'unfinanced'; readonly why: Unfinanced }
  | { readonly status: 'due'; readonly paymentId: string }
  | { readonly status: 'failed'; readonly reason: string; readonly protestBy?: Day }
  | { readonly status: 'protested' }
  | { readonly status: 'recourse' }
  | { readonly status: 'recourse-paid' }
  | { readonly status: 'recourse-lost' }
  | { readonly status: 'settled'; readonly outcome: Outcome };

export type Status = Stage['status'];
export const statuses = ['opened', 'bidding', 'chosen', 'assigned', 'bought', 'endorsed', 'unfinanced', 'due', 'failed', 'protested', 'recourse', 'recourse-paid', 'recourse-lost', 'settled'] as const satisfies readonly Status[];

export type Unfinanced = 'no-paper' | 'paper-refused' | 'no-bids' | 'kept';
export type Outcome = 'paid' | 'paid-by-recourse' | 'written-off';

type Answer<Refusal extends string> = Decision<FinancingCase, FinancingFact, Refusal>;

export type OpenCase = Pick<FinancingCase, 'of' | 'invoiceId' | 'shipmentId' | 'face' | 'dueOn'> & { readonly bearerId?: PartyId };

/** The case of a receivable just opened (ReceivableOpened tells of it). The seller bears the cost unless the terms say otherwise. */
export const openCase = ({ of, invoiceId, shipmentId, face, dueOn, bearerId = of.sellerId }: OpenCase): FinancingCase => ({
  of, invoiceId, shipmentId, face, dueOn, bearerId, debtorId: of.buyerId, holderId: of.sellerId, bids: [], paid: rials(0), payments: [], stage: { status: 'opened' },
});

export type AcceptedPaper = { readonly instrumentId: string; readonly amount: Money; readonly maturity: Day; readonly draweeId: PartyId; readonly bidUntil: Instant };

/** The paper was accepted (InstrumentAccepted tells of it), so funders may bid. What is owed from now on is what was accepted. */
export const openBidding = (state: FinancingCase, { instrumentId, amount, maturity, draweeId, bidUntil }: AcceptedPaper): Answer<'not-open'> =>
  state.stage.status === 'opened'
    ? accept({ ...state, instrumentId, face: amount, dueOn: maturity, debtorId: draweeId, stage: { status: 'bidding', bidUntil } })
    : refuse('not-open');

/** No paper, by the terms or because the drawee refused it: the seller waits for its money. Kharid-e deyn needs paper. */
export const goWithoutPaper = (state: FinancingCase, why: 'no-paper' | 'paper-refused'): Answer<'not-open'> =>
  state.stage.status === 'opened' ? accept(unfinanced(state, why)) : refuse('not-open');

export type BiddingPolicy = { readonly maxTenorDays: number; readonly yearDays: number };

/** `limit` is the funder's own on this debtor: without one it may not bid. */
export const placeBid = (state: FinancingCase, bid: Bid, limit: Limit | undefined, { maxTenorDays, yearDays }: BiddingPolicy): Answer<'not-bidding' | 'bidding-closed' | 'party-to-the-trade' | 'no-limit-on-debtor' | 'bid-expired' | 'already-bid' | 'face-above-maximum' | 'tenor-too-long' | 'fee-exceeds-price'> => {
  const { stage, of } = state;
  const today = dayOf(bid.placedAt);
  if (stage.status !== 'bidding') return refuse('not-bidding');
  if (bid.placedAt >= stage.bidUntil) return refuse('bidding-closed', { bidUntil: isoOf(stage.bidUntil) });
  if ([of.buyerId, of.sellerId, state.debtorId].includes(bid.funderId)) return refuse('party-to-the-trade');
  if (limit === undefined || limit.kind !== 'funder' || limit.grantorId !== bid.funderId || limit.debtorId !== of.buyerId || limit.validUntil < today) return refuse('no-limit-on-debtor');
  if (bid.validUntil <= bid.placedAt) return refuse('bid-expired');
  if (state.bids.some((b) => b.funderId === bid.funderId && b.validUntil > bid.placedAt)) return refuse('already-bid');
  if (bid.maxFace < state.face) return refuse('face-above-maximum', { face: String(state.face) });
  const days = daysBetween(today, state.dueOn);
  if (days > maxTenorDays || days < 0) return refuse('tenor-too-long', { days, maxTenorDays });
  if (purchaseOf({ face: state.face, days, yearDays }, bid).net <= 0n) return refuse('fee-exceeds-price');
  return accept({ ...state, bids: [...state.bids, bid] }, BidPlaced.of({ ...of, ...bidFacts(bid) }));
};

/** The bids that stand at `now`, best for the bearer first, as they would pay on `on`. */
export const standingBids = (state: FinancingCase, now: Instant, on: Day, yearDays: number): ReturnType<typeof rankBids<Bid>> =>
  rankBids(state.bids.filter((b) => b.validUntil > now && b.maxFace >= state.face), { face: state.face, days: Math.max(0, daysBetween(on, state.dueOn)), yearDays });

export type ChooseBid = {
  readonly bidId: string;
  readonly by: PartyId;
  readonly now: Instant;
  /** The day the money moves; days are counted from it. */
  readonly purchaseOn: Day;
  readonly yearDays: number;
  /** Duty that the seller bears because this paper was drawn for the deal. */
  readonly stampDuty?: Money;
};

/** Any standing bid may be chosen, the best is only a proposal. The funder's limit is used in the same transaction. */
export const chooseBid = (state: FinancingCase, { bidId, by, now, purchaseOn, yearDays, stampDuty }: ChooseBid): Answer<'not-bidding' | 'not-the-bearer' | 'bid-not-found' | 'bid-expired' | 'face-above-maximum' | 'no-days-left'> => {
  const { stage } = state;
  if (stage.status !== 'bidding') return refuse('not-bidding');
  if (by !== state.bearerId) return refuse('not-the-bearer');
  const bid = state.bids.find((b) => b.bidId === bidId);
  if (bid === undefined) return refuse('bid-not-found');
  if (bid.validUntil <= now) return refuse('bid-expired', { validUntil: isoOf(bid.validUntil) });
  if (bid.maxFace < state.face) return refuse('face-above-maximum');
  const days = daysBetween(purchaseOn, state.dueOn);
  if (days <= 0) return refuse('no-days-left', { dueOn: state.dueOn });
  const purchase = purchaseOf({ face: state.face, days, yearDays }, bid, stampDuty);
  return accept(
    { ...state, stage: { status: 'chosen', chosen: { bid, purchase, on: purchaseOn }, bidUntil: stage.bidUntil } },
    BidChosen.of({ ...state.of, ...bidFacts(bid), net: String(purchase.net), days }),
  );
};

/** The window is over and no bid stands: the seller keeps the paper to maturity. */
export const closeBidding = (state: FinancingCase, now: Instant): Answer<'not-bidding' | 'still-in-time' | 'bids-still-stand'> => {
  if (state.stage.status !== 'bidding') return refuse('not-bidding');
  if (now < state.stage.bidUntil) return refuse('still-in-time');
  return state.bids.some((b) => b.validUntil > now) ? refuse('bids-still-stand') : accept(unfinanced(state, 'no-bids'));
};

/** The bearer wants none of them. */
export const keepPaper = (state: FinancingCase, by: PartyId): Answer<'not-bidding' | 'not-the-bearer'> => {
  if (state.stage.status !== 'bidding') return refuse('not-bidding');
  return by === state.bearerId ? accept(unfinanced(state, 'kept')) : refuse('not-the-bearer');
};

/** The paper was endorsed to the funder (InstrumentEndorsed tells of it); the debtor hears whom to pay, and only then is the bank told to pay the seller. */
export const assign = (state: FinancingCase, paymentId: string): Answer<'nothing-chosen' | 'no-paper'> => {
  const { stage } = state;
  if (stage.status !== 'chosen') return refuse('nothing-chosen');
  if (state.instrumentId === undefined) return refuse('no-paper');
  const holderId = stage.chosen.bid.funderId;
  return accept({ ...state, holderId, stage: { ...stage, status: 'assigned', paymentId } }, notified(state, state.instrumentId, holderId));
};

/** The bank confirmed leg 1. The purchase is for cash: it happens with the money and never before it. */
export const disburse = (state: FinancingCase, paymentId: string): Answer<'not-assigned' | 'other-payment'> => {
  const { stage, of, instrumentId } = state;
  if (state.bought?.paymentId === paymentId) return accept(state);
  if (stage.status !== 'assigned' || instrumentId === undefined) return refuse('not-assigned');
  if (stage.paymentId !== paymentId) return refuse('other-payment');
  const { chosen } = stage;
  const { face, price, profit, fee, net, rate, days, yearDays } = chosen.purchase;
  const { funderId } = chosen.bid;
  return accept<FinancingCase, FinancingFact>(
    { ...state, bought: { ...chosen, paymentId }, stage: { status: 'bought' } },
    DebtPurchased.of({ ...of, instrumentId, funderId, face: String(face), price: String(price), profit: String(profit), fee: String(fee), net: String(net), rate, days, yearDays }),
    FundsDisbursed.of({ ...of, paymentId, funderId, amount: String(net) }),
  );
};

/** Leg 1 failed: the paper goes back (endorsed for return), that bid is out and the others stand again. */
export const failDisbursement = (state: FinancingCase, paymentId: string): Answer<'not-assigned' | 'other-payment'> => {
  const { stage } = state;
  if (stage.status !== 'assigned') return refuse('not-assigned');
  if (stage.paymentId !== paymentId) return refuse('other-payment');
  const { chosen, bidUntil } = stage;
  return accept({ ...state, holderId: state.of.sellerId, bids: state.bids.filter((b) => b.bidId !== chosen.bid.bidId), stage: { status: 'bidding', bidUntil } });
};

/** The holder pays its own supplier with the paper, at face, instead of selling it. Bids are void. */
export const endorseToSupplier = (state: FinancingCase, by: PartyId, toId: PartyId, settlesCaseId?: string): Answer<'not-endorsable' | 'not-the-holder' | 'no-paper' | 'party-to-the-trade'> => {
  const { status } = state.stage;
  if (status !== 'bidding' && status !== 'unfinanced') return refuse('not-endorsable');
  if (state.instrumentId === undefined) return refuse('no-paper');
  if (by !== state.holderId) return refuse('not-the-holder');
  if (toId === state.of.sellerId || toId === state.debtorId) return refuse('party-to-the-trade');
  return accept(
    { ...state, holderId: toId, bids: [], stage: { status: 'endorsed', ...(settlesCaseId === undefined ? {} : { settlesCaseId }) } },
    notified(state, state.instrumentId, toId),
  );
};

/** Maturity: the debtor is asked to pay whoever holds the claim. A choice that never became a purchase is void. */
export const fallDue = (state: FinancingCase, paymentId: string, on: Day): Answer<'already-due' | 'not-yet-due' | 'purchase-under-way'> => {
  const { status } = state.stage;
  if (status === 'assigned') return refuse('purchase-under-way');
  if (!['opened', 'bidding', 'chosen', 'bought', 'endorsed', 'unfinanced'].includes(status)) return refuse('already-due');
  if (on < state.dueOn) return refuse('not-yet-due', { dueOn: state.dueOn });
  return accept({ ...state, stage: { status: 'due', paymentId } }, PaymentDue.of({ ...paymentOf(state, paymentId, owed(state)), dueOn: state.dueOn }));
};

/** The debtor paid (leg 2), in whole or in part, on the day or late. Before the day only where there is no paper. Idempotent by payment. */
export const collect = (state: FinancingCase, paymentId: string, amount: Money): Answer<'not-due' | 'more-than-owed' | 'amount-not-positive'> => {
  const { status } = state.stage;
  if (state.payments.includes(paymentId)) return accept(state);
  const early = status === 'unfinanced' && state.instrumentId === undefined;
  if (!early && status !== 'due' && !isOverdue(state)) return refuse('not-due');
  if (amount <= 0n) return refuse('amount-not-positive');
  if (amount > owed(state)) return refuse('more-than-owed', { owed: String(owed(state)) });
  const after: FinancingCase = { ...state, paid: rials(state.paid + amount), payments: [...state.payments, paymentId] };
  const collected = PaymentCollected.of(paymentOf(state, paymentId, amount));
  if (owed(after) > 0n) return accept(after, collected);
  const outcome: Outcome = status === 'recourse-paid' ? 'paid-by-recourse' : 'paid';
  return accept<FinancingCase, FinancingFact>(settled(after, outcome), collected, settledFact(state, outcome));
};

/** Not paid on the day (عدم تأدیه). On paper `protestBy` is the law's last day for the protest. */
export const failPayment = (state: FinancingCase, reason: string, protestBy?: Day): Answer<'not-due'> => {
  const { stage } = state;
  if (stage.status !== 'due') return refuse('not-due');
  const until = protestBy === undefined ? {} : { protestBy };
  return accept({ ...state, stage: { status: 'failed', reason, ...until } }, PaymentFailed.of({ ...paymentOf(state, stage.paymentId, owed(state)), reason, ...until }));
};

/** The paper was protested in time (ProtestLodged tells of it). */
export const recordProtest = (state: FinancingCase): Answer<'not-failed'> =>
  state.stage.status === 'failed' ? accept({ ...state, stage: { status: 'protested' } }) : refuse('not-failed');

/** It was not (RecourseLost tells of it): only the debtor still owes. */
export const recordRecourseLost = (state: FinancingCase): Answer<'not-failed'> =>
  state.stage.status === 'failed' ? accept({ ...state, stage: { status: 'recourse-lost' } }) : refuse('not-failed');

/** The holder turned to an endorser or the drawer (RecourseDemanded tells of it). */
export const recordRecourse = (state: FinancingCase): Answer<'not-protested'> =>
  ['protested', 'recourse', 'recourse-paid'].includes(state.stage.status) ? accept({ ...state, stage: { status: 'recourse' } }) : refuse('not-protested');

/** One of them paid and holds the claim now (RecoursePaid tells of it); the debtor owes him. */
export const recordRecoursePaid = (state: FinancingCase, byId: PartyId): Answer<'not-in-recourse'> =>
  state.stage.status === 'recourse' ? accept({ ...state, holderId: byId, stage: { status: 'recourse-paid' } }) : refuse('not-in-recourse');

/** A credit note without an undertaking (DilutionRecorded tells of it): the debtor owes that much less, and nothing when all of it came back. */
export const lessen = (state: FinancingCase, amount: Money): Answer<'more-than-owed'> => {
  if (amount > owed(state)) return refuse('more-than-owed', { owed: String(owed(state)) });
  const after: FinancingCase = { ...state, face: rials(state.face - amount) };
  return owed(after) > 0n ? accept(after) : accept(settled(after, 'paid'), settledFact(state, 'paid'));
};

/** Has the debtor been asked to pay? From then on the amount stands as it is. */
export const isCalled = ({ stage }: FinancingCase): boolean => ['due', 'settled', ...overdue].includes(stage.status);

/** Not paid on the day, and not settled since. */
export const isOverdue = ({ stage }: FinancingCase): boolean => overdue.includes(stage.status);

const overdue: readonly Status[] = ['failed', 'protested', 'recourse', 'recourse-paid', 'recourse-lost'];

/** The holder gives up hope of the rest. The law's prescription never does this by itself. */
export const writeOff = (state: FinancingCase, by: PartyId): Answer<'not-overdue' | 'not-the-holder'> => {
  if (!isOverdue(state)) return refuse('not-overdue');
  return by === state.holderId ? accept(settled(state, 'written-off'), settledFact(state, 'written-off')) : refuse('not-the-holder');
};

/** What the debtor still owes. */
export const owed = ({ face, paid }: Pick<FinancingCase, 'face' | 'paid'>): Money => rials(face - paid);

const unfinanced = (state: FinancingCase, why: Unfinanced): FinancingCase => ({ ...state, stage: { status: 'unfinanced', why } });

const settled = (state: FinancingCase, outcome: Outcome): FinancingCase => ({ ...state, stage: { status: 'settled', outcome } });

const settledFact = ({ of, invoiceId, shipmentId }: FinancingCase, outcome: Outcome): FinancingFact => CaseSettled.of({ ...of, invoiceId, shipmentId, outcome });

const notified = ({ of, debtorId }: FinancingCase, instrumentId: string, holderId: PartyId): FinancingFact => AssignmentNotified.of({ ...of, instrumentId, debtorId, holderId });

const paymentOf = ({ of, debtorId, holderId }: FinancingCase, paymentId: string, amount: Money) => ({ ...of, paymentId, debtorId, holderId, amount: String(amount) });

const bidFacts = ({ bidId, funderId, rate, fee, maxFace, validUntil }: Bid) => ({ bidId, funderId, rate, fee: String(fee), maxFace: String(maxFace), validUntil: isoOf(validUntil) });
