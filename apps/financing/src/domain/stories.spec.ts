import { describe, expect, it } from '@jest/globals';
import { addDays, rials } from '@peyvand/kernel';
import * as barat from './barat.js';
import { clocksOf, protestByOf } from './clocks.js';
import {
  acceptance, accepted, bankA, bankB, bidOf, bidUntil, buyer, choice, drawing, drawnOn, face, holidays, ids, limitOf, maturity, noon, of, policy, reasonOf, seller, supplier,
} from './examples.js';
import * as cases from './financing-case.js';
import { balancesOf, transfersOf, type Happening } from './ledger.js';
import * as limits from './limit.js';
import * as receivables from './receivable.js';

/** The aggregates of one case moving together, as the slices move them: each step is one transaction. */
const story = () => {
  const facts: string[] = [];
  const happened: Happening[] = [];
  const told = <S>(decision: Parameters<typeof accepted>[0] & { readonly ok: boolean }): S => {
    if (decision.ok) facts.push(...decision.events.map((e) => (e as { contract: { name: string } }).contract.name));
    return accepted(decision) as S;
  };
  const opening = { of, invoiceId: ids.invoice, shipmentId: ids.shipment, amount: face, terms: { days: 90, base: 'invoice', instrument: 'barat' }, dueOn: maturity } as const;
  const identity = { seller: seller as string, buyer: buyer as string, number: 'ف-ی۱۲', amount: face, issuedOn: drawnOn };
  let receivable = told<receivables.Receivable>(receivables.openReceivable(undefined, { ...opening, fingerprint: receivables.fingerprintOf(identity) }));
  let paper = told<barat.Instrument>(barat.draw(drawing()));
  let state = cases.openCase({ of, invoiceId: ids.invoice, shipmentId: ids.shipment, face, dueOn: maturity });
  happened.push({ kind: 'receivable-opened', id: 'opened', caseId: of.caseId, debtorId: buyer, ownerId: seller, amount: face });
  paper = told(barat.acceptPaper(told(barat.present(paper, noon(drawnOn))), acceptance));
  state = told(cases.openBidding(state, { instrumentId: paper.id, amount: paper.acceptedAmount, maturity, draweeId: buyer, bidUntil }));
  receivable = told(receivables.undertake(receivable));
  return {
    facts,
    get receivable() { return receivable; },
    get paper() { return paper; },
    get state() { return state; },
    balances: () => balancesOf(happened.flatMap(transfersOf)),
    bid: (funderId: typeof bankA, bidId: string) => { state = told(cases.placeBid(state, bidOf({ funderId, bidId }), limitOf(funderId), policy)); },
    assign: (funderId: typeof bankA, bidId: string, paymentId: string) => {
      state = told(cases.chooseBid(state, { ...choice, bidId }));
      receivable = told(receivables.placeLien(receivable, { holderId: funderId, kind: 'debt-purchase', on: drawnOn }));
      paper = told(barat.endorse(told(barat.pledge(paper, 'financed', funderId)), { by: seller, toId: funderId, on: drawnOn, purpose: 'debt-purchase' }));
      state = told(cases.assign(state, paymentId));
    },
    disburse: (funderId: typeof bankA, paymentId: string) => {
      state = told(cases.disburse(state, paymentId));
      receivable = told(receivables.transferReceivable(receivable, funderId));
      const { profit, fee, net } = state.bought?.purchase ?? { profit: rials(0), fee: rials(0), net: rials(0) };
      happened.push({ kind: 'debt-purchased', id: 'bought', caseId: of.caseId, sellerId: seller, funderId, face, profit, fee });
      happened.push({ kind: 'funds-disbursed', id: paymentId, caseId: of.caseId, sellerId: seller, funderId, amount: net });
    },
    failLeg1: (paymentId: string) => {
      paper = told(barat.endorse(paper, { by: paper.holderId, toId: seller, on: drawnOn, purpose: 'return' }));
      state = told(cases.failDisbursement(state, paymentId));
      receivable = told(receivables.releaseLien(receivable, seller));
    },
    toSupplier: () => {
      paper = told(barat.endorse(paper, { by: seller, toId: supplier, on: drawnOn, purpose: 'payment-to-supplier' }));
      state = told(cases.endorseToSupplier(state, seller, supplier));
      receivable = told(receivables.transferReceivable(told(receivables.placeLien(receivable, { holderId: supplier, kind: 'endorsement', on: drawnOn })), supplier));
      happened.push({ kind: 'endorsed-at-face', id: 'endorsed', caseId: of.caseId, fromId: seller, toId: supplier, face });
    },
    fallDue: () => {
      paper = told(barat.mature(paper, maturity, holidays));
      state = told(cases.fallDue(state, ids.payment2, maturity));
    },
    collect: (overdue = false) => {
      const { holderId } = state;
      paper = told(barat.pay(paper, face, addDays(maturity, overdue ? 40 : 0)));
      state = told(cases.collect(state, ids.payment2, face));
      receivable = told(receivables.releaseLien(receivable));
      happened.push({ kind: 'payment-collected', id: 'collected', caseId: of.caseId, debtorId: buyer, holderId, amount: face, overdue });
    },
    fail: () => {
      paper = told(barat.dishonour(paper, 'insufficient-funds', maturity));
      state = told(cases.failPayment(state, 'insufficient-funds', protestByOf(paper, holidays)));
      happened.push({ kind: 'payment-failed', id: 'failed', caseId: of.caseId, holderId: state.holderId, amount: face });
    },
    protest: () => {
      paper = told(barat.protest(paper, addDays(maturity, 3), holidays));
      state = told(cases.recordProtest(state));
    },
    loseRecourse: () => {
      paper = told(barat.loseRecourse(paper, addDays(maturity, 11), holidays));
      state = told(cases.recordRecourseLost(state));
    },
    recourse: () => {
      const { holderId } = state;
      paper = told(barat.demandRecourse(paper, seller, addDays(maturity, 5)));
      state = told(cases.recordRecourse(state));
      paper = told(barat.payRecourse(paper, seller, ids.payment, addDays(maturity, 9)));
      state = told(cases.recordRecoursePaid(state, seller));
      happened.push({ kind: 'recourse-paid', id: 'recourse', caseId: of.caseId, holderId, byId: seller, amount: face });
    },
    creditNote: () => { receivable = told(receivables.dilute(receivable, { creditNoteId: ids.note, amount: rials(45_650_000) })); },
    again: (number: string) => {
      const fingerprint = receivables.fingerprintOf({ ...identity, number });
      const same = fingerprint === receivable.fingerprint ? receivable : undefined;
      return receivables.openReceivable(same, { ...opening, of: { ...of, caseId: ids.otherCase }, fingerprint });
    },
  };
};

const start = ['ReceivableOpened', 'InstrumentDrawn', 'InstrumentAccepted'];
const sold = ['BidPlaced', 'BidChosen', 'InstrumentEndorsed', 'AssignmentNotified', 'DebtPurchased', 'FundsDisbursed'];

describe('stories', () => {
  it('bought and collected: every fact in its order, the ledger at nothing owed', () => {
    const s = story();
    s.bid(bankA, ids.bidA);
    s.assign(bankA, ids.bidA, ids.payment);
    s.disburse(bankA, ids.payment);
    s.fallDue();
    s.collect();
    expect(s.facts).toEqual([...start, ...sold, 'PaymentDue', 'PaymentCollected', 'CaseSettled']);
    const balances = s.balances();
    expect(balances.get(`${seller}/${ids.case}/cash`)).toBe(4_147_202_489n);
    expect(balances.get(`${bankA}/${ids.case}/income`)).toBe(-235_197_511n);
    expect(['claim', 'debt', 'transit', 'overdue'].flatMap((kind) => [buyer, seller, bankA].map((p) => balances.get(`${p}/${ids.case}/${kind}`) ?? 0n)).every((b) => b === 0n)).toBe(true);
  });

  it('dishonour: protested in time, the seller pays and the buyer pays the seller', () => {
    const s = story();
    s.bid(bankA, ids.bidA);
    s.assign(bankA, ids.bidA, ids.payment);
    s.disburse(bankA, ids.payment);
    s.fallDue();
    s.fail();
    expect(clocksOf(s.paper, holidays).map(({ clock }) => clock)).toEqual(['protest']);
    s.protest();
    s.recourse();
    expect(s.state.stage).toEqual({ status: 'recourse-paid' });
    s.collect(true);
    expect(s.facts).toEqual([...start, ...sold, 'PaymentDue', 'PaymentFailed', 'ProtestLodged', 'RecourseDemanded', 'RecoursePaid', 'PaymentCollected', 'CaseSettled']);
    expect(s.balances().get(`${seller}/${ids.case}/cash`)).toBe(4_147_202_489n);
    expect(s.balances().get(`${buyer}/${ids.case}/debt`)).toBe(0n);
  });

  it('not protested: the endorser is free and the bank keeps its claim on the buyer alone', () => {
    const s = story();
    s.bid(bankA, ids.bidA);
    s.assign(bankA, ids.bidA, ids.payment);
    s.disburse(bankA, ids.payment);
    s.fallDue();
    s.fail();
    s.loseRecourse();
    expect(s.facts.at(-1)).toBe('RecourseLost');
    expect(s.paper.obligors.map(({ partyId }) => partyId)).toEqual([buyer]);
    expect([reasonOf(barat.demandRecourse(s.paper, seller, addDays(maturity, 12))), s.state.holderId]).toEqual(['not-protested', bankA]);
  });

  it('late bank: leg 1 fails, the paper comes back and another bank buys it', () => {
    const s = story();
    s.bid(bankA, ids.bidA);
    s.bid(bankB, ids.bidB);
    s.assign(bankA, ids.bidA, ids.payment);
    s.failLeg1(ids.payment);
    expect([s.paper.holderId, s.receivable.lien, s.state.holderId]).toEqual([seller, undefined, seller]);
    s.assign(bankB, ids.bidB, ids.payment2);
    s.disburse(bankB, ids.payment2);
    expect([s.paper.holderId, s.receivable.ownerId, s.state.holderId, s.facts.filter((f) => f === 'DebtPurchased').length]).toEqual([bankB, bankB, bankB, 1]);
  });

  it('double finance: the same invoice with ي and Latin digits is refused, the lien named', () => {
    const s = story();
    s.bid(bankA, ids.bidA);
    s.assign(bankA, ids.bidA, ids.payment);
    expect(s.again('ف - ي 12')).toMatchObject({ ok: false, reason: 'invoice-already-registered', details: { lien: { kind: 'debt-purchase' } } });
  });

  it('a return after finance leaves the face alone and the bank is paid in full', () => {
    const s = story();
    s.bid(bankA, ids.bidA);
    s.assign(bankA, ids.bidA, ids.payment);
    s.disburse(bankA, ids.payment);
    s.creditNote();
    s.fallDue();
    s.collect();
    expect(s.facts.slice(-4)).toEqual(['DilutionRecorded', 'PaymentDue', 'PaymentCollected', 'CaseSettled']);
    expect(s.state.paid).toBe(face);
  });

  it('endorsed to a supplier at face, who is paid at maturity', () => {
    const s = story();
    s.toSupplier();
    s.fallDue();
    s.collect();
    expect(s.facts).toEqual([...start, 'InstrumentEndorsed', 'AssignmentNotified', 'PaymentDue', 'PaymentCollected', 'CaseSettled']);
    expect(s.balances().get(`${supplier}/${ids.case}/cash`)).toBe(face);
  });

  it('a funder that held no limit of this match reserves and uses its own when it buys', () => {
    const held = accepted(limits.reserve(limitOf(bankA), undefined, { of, amount: face, on: drawnOn }));
    expect(accepted(limits.use(held, ids.case, face, drawnOn)).limit.taken).toBe(face);
  });
});
