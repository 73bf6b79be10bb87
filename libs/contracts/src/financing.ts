import { z } from 'zod';

import { factsOf } from './contract.js';
import * as sample from './sample.js';
import { day, id, moment, rate, rial, terms, word } from './schema.js';

const fact = factsOf('financing');
const { ids } = sample;
const trade = { buyer: 'buyerId', seller: 'sellerId' } as const;
const ofMatch = z.object({ orderId: id, matchId: id, buyerId: id, sellerId: id });
/** A case is the financing and settlement of one receivable: one approved invoice of one shipment. */
const ofCase = ofMatch.extend({ caseId: id });
const caseSample = { ...sample.parties, caseId: ids.case };

export const FunderRegistered = fact('FunderRegistered', {
  summary: 'A bank or factoring company may set limits and bid.', key: 'funderId', audience: { funder: 'funderId' }, data: z.object({ funderId: id, kind: z.enum(['bank', 'factor']) }), sample: { funderId: ids.funder, kind: 'bank' },
});

const limit = z.object({ limitId: id, grantorId: id, debtorId: id, amount: rial, kind: z.enum(['funder', 'seller']), validUntil: day });

export const LimitSet = fact('LimitSet', {
  summary: 'Whoever grants credit says how much of this debtor it carries. A debtor does not see a single grantor’s limit.',
  key: 'limitId', audience: { grantor: 'grantorId' }, data: limit, sample: { limitId: ids.limit, grantorId: ids.funder, debtorId: ids.buyer, amount: '500000000000', kind: 'funder', validUntil: '2027-03-20' },
});

const reservation = ofMatch.extend({ limitId: id, grantorId: id, amount: rial, kind: z.enum(['funder', 'seller']) });
const reservationSample = { ...sample.parties, limitId: ids.limit, grantorId: ids.funder, amount: '4565000000', kind: 'funder' } as const;
const reservationAudience = { grantor: 'grantorId', buyer: { party: 'buyerId', fields: ['orderId', 'matchId', 'buyerId', 'sellerId', 'amount'] }, seller: { party: 'sellerId', fields: ['orderId', 'matchId', 'buyerId', 'sellerId', 'amount', 'kind'] } };

export const FinancingOpened = fact('FinancingOpened', {
  summary: 'A match on account asks for cover; the limits of this debtor are searched when both sides agree.',
  key: 'orderId', audience: { buyer: 'buyerId' }, data: ofMatch.extend({ amount: rial, terms }), sample: { ...sample.parties, amount: '4565000000', terms: sample.terms },
});

export const FinancingDeclined = fact('FinancingDeclined', {
  summary: 'No limit covers the match. The seller may still agree to open terms or ask for cash; nothing is blocked in silence.',
  key: 'orderId', audience: trade, data: ofMatch.extend({ reason: z.enum(['no-limit', 'limit-too-small']), amount: rial }), sample: { ...sample.parties, reason: 'no-limit', amount: '4565000000' },
});

export const LimitReserved = fact('LimitReserved', { summary: 'A grantor’s limit carries this match.', key: 'orderId', audience: reservationAudience, data: reservation, sample: reservationSample });
export const LimitReleased = fact('LimitReleased', { summary: 'The reservation is free again (match released, or its debts paid).', key: 'orderId', audience: reservationAudience, data: reservation, sample: reservationSample });

export const ReceivableOpened = fact('ReceivableOpened', {
  summary: 'An approved invoice became a receivable with one owner and no lien.',
  key: 'orderId', audience: trade,
  data: ofCase.extend({ invoiceId: id, shipmentId: id, amount: rial, terms, dueOn: day }), sample: { ...caseSample, invoiceId: ids.invoice, shipmentId: ids.shipment, amount: '4382400000', terms: sample.terms, dueOn: '2026-12-12' },
});

const instrument = ofCase.extend({
  instrumentId: id, kind: z.enum(['barat', 'safte']), scheme: z.enum(['paper', 'general', 'chain']), drawerId: id, draweeId: id, payeeId: id, face: rial, stampDuty: rial, drawnOn: day, maturity: day,
});
const instrumentSample = {
  ...caseSample, instrumentId: ids.instrument, kind: 'barat', scheme: 'paper', drawerId: ids.seller, draweeId: ids.buyer, payeeId: ids.seller, face: '4382400000', stampDuty: '2191200', drawnOn: '2026-09-13', maturity: '2026-12-12',
} as const;

export const InstrumentDrawn = fact('InstrumentDrawn', { summary: 'Paper was drawn for the approved amount and presented to the drawee.', key: 'orderId', audience: trade, data: instrument, sample: instrumentSample });

const ofAcceptance = ['orderId', 'matchId', 'caseId', 'buyerId', 'sellerId', 'instrumentId', 'kind', 'face', 'maturity', 'bidUntil'];

export const InstrumentAccepted = fact('InstrumentAccepted', {
  summary: 'The drawee’s authorised signatory accepted; it cannot be taken back (Commercial Code 231). Funders with a limit on this debtor may bid until `bidUntil`.',
  key: 'orderId',
  // Which funders hold a limit on this debtor is theirs to know: neither the debtor nor the seller nor another funder sees the list.
  audience: { buyer: { party: 'buyerId', fields: ofAcceptance }, seller: { party: 'sellerId', fields: ofAcceptance }, funder: { party: 'funderIds', fields: ofAcceptance.filter((field) => field !== 'matchId') } },
  data: ofCase.extend({ instrumentId: id, kind: z.enum(['barat', 'safte']), face: rial, maturity: day, bidUntil: moment, funderIds: z.array(id) }),
  sample: { ...caseSample, instrumentId: ids.instrument, kind: 'barat', face: '4382400000', maturity: '2026-12-12', bidUntil: '2026-09-15T08:00:00.000Z', funderIds: [ids.funder] },
});

export const InstrumentRefused = fact('InstrumentRefused', {
  summary: 'The drawee refused to accept (نکول), or conditioned its acceptance, which is a refusal (233).', key: 'orderId', audience: trade, data: ofCase.extend({ instrumentId: id, reason: word }), sample: { ...caseSample, instrumentId: ids.instrument, reason: 'not-answered' },
});

const bid = ofCase.extend({ bidId: id, funderId: id, rate, fee: rial, maxFace: rial, validUntil: moment });
const bidSample = { ...caseSample, bidId: ids.bid, funderId: ids.funder, rate: 2300, fee: '0', maxFace: '5000000000', validUntil: '2026-09-15T08:00:00.000Z' };
/** Whoever bears the discount chooses, so the seller sees the bids; the buyer and the other funders do not. */
const sealed = { seller: 'sellerId', funder: 'funderId' } as const;

export const BidPlaced = fact('BidPlaced', { summary: 'A firm, sealed bid on accepted paper.', key: 'orderId', audience: sealed, data: bid, sample: bidSample });

export const BidChosen = fact('BidChosen', {
  summary: 'The seller chose a bid; its net proceeds at the true amount and days are fixed.', key: 'orderId', audience: sealed,
  data: bid.extend({ net: rial, days: z.int().min(0) }), sample: { ...bidSample, net: '4147202489', days: 90 },
});

export const InstrumentEndorsed = fact('InstrumentEndorsed', {
  summary: 'The holder signed the paper over (ظهرنویسی): to a funder for a debt purchase, or at face to its own supplier.',
  key: 'orderId', audience: { ...trade, from: 'fromId', to: 'toId' },
  data: ofCase.extend({ instrumentId: id, fromId: id, toId: id, face: rial, purpose: z.enum(['debt-purchase', 'payment-to-supplier', 'return']), settlesCaseId: id.optional() }),
  sample: { ...caseSample, instrumentId: ids.instrument, fromId: ids.seller, toId: ids.funder, face: '4382400000', purpose: 'debt-purchase' },
});

export const AssignmentNotified = fact('AssignmentNotified', {
  summary: 'The debtor was told whom to pay; from now on only payment to the holder discharges it.', key: 'orderId', audience: { ...trade, holder: 'holderId' },
  data: ofCase.extend({ instrumentId: id, debtorId: id, holderId: id }), sample: { ...caseSample, instrumentId: ids.instrument, debtorId: ids.buyer, holderId: ids.funder },
});

export const DebtPurchased = fact('DebtPurchased', {
  summary: 'Kharid-e deyn: price = face / (1 + days × rate / year), profit = face − price.', key: 'orderId', audience: sealed,
  data: ofCase.extend({ instrumentId: id, funderId: id, face: rial, price: rial, profit: rial, fee: rial, net: rial, rate, days: z.int(), yearDays: z.int() }),
  sample: { ...caseSample, instrumentId: ids.instrument, funderId: ids.funder, face: '4382400000', price: '4147202489', profit: '235197511', fee: '0', net: '4147202489', rate: 2300, days: 90, yearDays: 365 },
});

export const FundsDisbursed = fact('FundsDisbursed', {
  summary: 'The bank confirmed the payment to the seller’s verified account (leg 1).', key: 'orderId', audience: sealed, data: ofCase.extend({ paymentId: id, funderId: id, amount: rial }), sample: { ...caseSample, paymentId: ids.payment, funderId: ids.funder, amount: '4147202489' },
});

const payment = ofCase.extend({ paymentId: id, debtorId: id, holderId: id, amount: rial });
const paymentSample = { ...caseSample, paymentId: ids.payment, debtorId: ids.buyer, holderId: ids.funder, amount: '4382400000' };
const paid = { ...trade, holder: 'holderId' } as const;

export const PaymentDue = fact('PaymentDue', { summary: 'Maturity has come; the debtor is asked to pay the holder.', key: 'orderId', audience: paid, data: payment.extend({ dueOn: day }), sample: { ...paymentSample, dueOn: '2026-12-12' } });
export const PaymentCollected = fact('PaymentCollected', { summary: 'The debtor paid the holder (leg 2).', key: 'orderId', audience: paid, data: payment, sample: paymentSample });

export const PaymentFailed = fact('PaymentFailed', {
  summary: 'Not paid at maturity (عدم تأدیه). On paper, protest must be lodged by `protestBy` (Commercial Code 280).', key: 'orderId', audience: paid,
  data: payment.extend({ reason: word, protestBy: day.optional() }), sample: { ...paymentSample, reason: 'insufficient-funds', protestBy: '2026-12-22' },
});

const recourse = ofCase.extend({ instrumentId: id, holderId: id, debtorId: id });
const recourseSample = { ...caseSample, instrumentId: ids.instrument, holderId: ids.funder, debtorId: ids.buyer };

export const ProtestLodged = fact('ProtestLodged', { summary: 'Protest for non-payment (واخواست) within the law’s ten days; recourse is kept.', key: 'orderId', audience: paid, data: recourse.extend({ lodgedOn: day }), sample: { ...recourseSample, lodgedOn: '2026-12-15' } });
export const RecourseLost = fact('RecourseLost', { summary: 'No protest within ten days: endorsers are free (289), the acceptor still owes.', key: 'orderId', audience: paid, data: recourse, sample: recourseSample });
export const RecourseDemanded = fact('RecourseDemanded', {
  summary: 'The holder asks an endorser or the drawer to pay (249).', key: 'orderId', audience: { ...paid, against: 'againstId' }, data: recourse.extend({ againstId: id, amount: rial }), sample: { ...recourseSample, againstId: ids.seller, amount: '4382400000' },
});
export const RecoursePaid = fact('RecoursePaid', {
  summary: 'Paid by way of recourse; the payer now holds the paper against the acceptor.', key: 'orderId', audience: { ...paid, against: 'againstId' }, data: recourse.extend({ againstId: id, paymentId: id, amount: rial }), sample: { ...recourseSample, againstId: ids.seller, paymentId: ids.payment, amount: '4382400000' },
});

export const DilutionRecorded = fact('DilutionRecorded', {
  summary: 'A credit note came after financing: the face stands, the seller owes the buyer this much.', key: 'orderId', audience: trade, data: ofCase.extend({ creditNoteId: id, amount: rial, treatment: z.enum(['seller-debt', 'reserve']) }), sample: { ...caseSample, creditNoteId: ids.creditNote, amount: '45650000', treatment: 'seller-debt' },
});

export const CaseSettled = fact('CaseSettled', {
  summary: 'Nothing is owed on this receivable any more.', key: 'orderId', audience: trade,
  data: ofCase.extend({ invoiceId: id, shipmentId: id, outcome: z.enum(['paid', 'paid-by-recourse', 'written-off']) }), sample: { ...caseSample, invoiceId: ids.invoice, shipmentId: ids.shipment, outcome: 'paid' },
});
