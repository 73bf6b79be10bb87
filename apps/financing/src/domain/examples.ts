import { addDays, basisPoints, day, fridaysOnly, instant, rials, startOfDay, type Accepted, type Day, type Decision, type Instant, type Money, type PartyId } from '@peyvand/kernel';
import { acceptPaper, demandRecourse, dishonour, draw, endorse, loseRecourse, mature, notify, pay, payRecourse, present, protest, protestRefusal, refusePaper, type Draw, type Instrument, type Purpose, type Status } from './barat.js';
import type { CaseRef } from './case-ref.js';
import * as cases from './financing-case.js';
import type { Limit } from './limit.js';

/** The hero story as plain data, and shortcuts to any of its moments, for tests. */
const id = (n: number): string => `01938000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const buyer = id(101) as PartyId;
export const seller = id(102) as PartyId;
export const bankA = id(103) as PartyId;
export const bankB = id(104) as PartyId;
export const supplier = id(105) as PartyId;
export const guarantor = id(106) as PartyId;
export const stranger = id(199) as PartyId;
/** Parties to make chains of. */
export const party = (n: number): PartyId => id(1000 + n) as PartyId;

export const ids = { order: id(1), match: id(3), shipment: id(7), invoice: id(9), case: id(10), otherCase: id(20), instrument: id(11), bidA: id(12), bidB: id(22), payment: id(13), payment2: id(23), limit: id(14), note: id(17) };
export const of: CaseRef = { orderId: ids.order, matchId: ids.match, caseId: ids.case, buyerId: buyer, sellerId: seller };

export const face = rials(4_382_400_000n);
export const drawnOn = day('2026-09-13');
export const maturity = day('2026-12-12');
export const holidays = fridaysOnly;
export const noon = (on: Day): Instant => (startOfDay(on) + 12 * 3_600_000) as Instant;
export const bidUntil = noon(day('2026-09-15'));

/** The state after a decision that must have been accepted. */
export const accepted = <S, E>(decision: Decision<S, E, string>): S => {
  if (!decision.ok) throw new Error(`Refused: ${decision.reason} ${JSON.stringify(decision.details ?? {})}`);
  return (decision as Accepted<S, E>).state;
};

export const factsOf = <S, E extends { readonly contract: { readonly name: string } }>(decision: Decision<S, E, string>): string[] =>
  decision.ok ? decision.events.map(({ contract }) => contract.name) : [`refused: ${decision.reason}`];

export const reasonOf = (decision: Decision<unknown, unknown, string>): string => (decision.ok ? 'accepted' : decision.reason);

export const drawing = (changes: Partial<Draw> = {}, form: Partial<Draw['form']> = {}): Draw => ({
  id: ids.instrument, of, kind: 'barat', scheme: 'paper', stampDuty: rials(2_191_200), approved: { amount: face, on: drawnOn }, ...changes,
  form: { drawerSigned: true, named: true, drawnOn, draweeId: buyer, amount: { words: [face] }, maturity, payPlace: 'تهران', payeeId: seller, copy: 1, ...form },
});

export const drawn = (): Instrument => accepted(draw(drawing()));
export const presented = (): Instrument => accepted(present(drawn(), noon(drawnOn)));
export const acceptance = { by: buyer, on: drawnOn, bidUntil, funderIds: [bankA] };
export const acceptedPaper = (): Instrument => accepted(acceptPaper(presented(), acceptance));

export const endorsedTo = (instrument: Instrument, toId: PartyId, on: Day = instrument.latestOn, purpose: Purpose = 'payment-to-supplier'): Instrument =>
  accepted(endorse(instrument, { by: instrument.holderId, toId, on, purpose }));

/** The paper sold by the seller to bank A, at any status of its life. */
export const paperAt = (status: Status): Instrument => {
  const held = () => endorsedTo(acceptedPaper(), bankA, drawnOn, 'debt-purchase');
  const matured = () => accepted(mature(held(), maturity, holidays));
  const unpaid = () => accepted(dishonour(matured(), 'insufficient-funds', maturity));
  const protested = () => accepted(protest(unpaid(), addDays(maturity, 3), holidays));
  const stages: Record<Status, () => Instrument> = {
    drawn,
    presented,
    accepted: held,
    refused: () => accepted(refusePaper(presented(), buyer, 'goods-not-as-ordered', drawnOn)),
    'refusal-protested': () => accepted(protestRefusal(paperAt('refused'), drawnOn)),
    matured,
    'part-paid': () => accepted(pay(matured(), rials(1_000_000_000), maturity)),
    paid: () => accepted(pay(matured(), face, maturity)),
    'not-paid': unpaid,
    protested,
    notified: () => accepted(notify(protested(), addDays(maturity, 4))),
    recourse: () => accepted(demandRecourse(protested(), seller, addDays(maturity, 5))),
    'recourse-lost': () => accepted(loseRecourse(unpaid(), addDays(maturity, 11), holidays)),
  };
  return stages[status]();
};

export const recourseTaken = (instrument: Instrument, from: PartyId): Instrument =>
  accepted(payRecourse(accepted(demandRecourse(instrument, from, instrument.latestOn)), from, ids.payment2, instrument.latestOn));

export const limitOf = (grantorId: PartyId, amount: Money = rials(500_000_000_000), changes: Partial<Limit> = {}): Limit => ({
  id: ids.limit, kind: 'funder', grantorId, debtorId: buyer, amount, taken: rials(0), validUntil: day('2027-03-20'), ...changes,
});

export const policy = { maxTenorDays: 365, yearDays: 365 };
export const bidOf = (changes: Partial<cases.Bid> = {}): cases.Bid => ({
  bidId: ids.bidA, funderId: bankA, rate: basisPoints(2300), fee: rials(0), maxFace: rials(5_000_000_000), validUntil: instant(bidUntil + 86_400_000), placedAt: noon(drawnOn), ...changes,
});
export const choice: cases.ChooseBid = { bidId: ids.bidA, by: seller, now: noon(drawnOn), purchaseOn: drawnOn, yearDays: 365 };

export const opened = (): cases.FinancingCase => cases.openCase({ of, invoiceId: ids.invoice, shipmentId: ids.shipment, face, dueOn: maturity });
export const bidding = (): cases.FinancingCase => accepted(cases.openBidding(opened(), { instrumentId: ids.instrument, amount: face, maturity, draweeId: buyer, bidUntil }));

/** The case on its way through a purchase by bank A, at any status. */
export const caseAt = (status: cases.Status): cases.FinancingCase => {
  const withBid = () => accepted(cases.placeBid(bidding(), bidOf(), limitOf(bankA), policy));
  const chosen = () => accepted(cases.chooseBid(withBid(), choice));
  const assigned = () => accepted(cases.assign(chosen(), ids.payment));
  const bought = () => accepted(cases.disburse(assigned(), ids.payment));
  const due = () => accepted(cases.fallDue(bought(), ids.payment2, maturity));
  const failed = () => accepted(cases.failPayment(due(), 'insufficient-funds', addDays(maturity, 10)));
  const protested = () => accepted(cases.recordProtest(failed()));
  const recourse = () => accepted(cases.recordRecourse(protested()));
  const stages: Record<cases.Status, () => cases.FinancingCase> = {
    opened, bidding: withBid, chosen, assigned, bought, due, failed, protested, recourse,
    endorsed: () => accepted(cases.endorseToSupplier(bidding(), seller, supplier)),
    unfinanced: () => accepted(cases.keepPaper(withBid(), seller)),
    'recourse-paid': () => accepted(cases.recordRecoursePaid(recourse(), seller)),
    'recourse-lost': () => accepted(cases.recordRecourseLost(failed())),
    settled: () => accepted(cases.collect(due(), ids.payment2, face)),
  };
  return stages[status]();
};
