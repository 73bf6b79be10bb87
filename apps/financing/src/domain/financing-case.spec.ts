import { describe, expect, it } from '@jest/globals';
import { addDays, basisPoints, instant, rials, type Decision, type PartyId } from '@peyvand/kernel';
import fc from 'fast-check';
import type { FinancingFact } from './case-ref.js';
import {
  accepted, bankA, bankB, bidding, bidOf, bidUntil, buyer, caseAt, choice, drawnOn, face, factsOf, ids, limitOf, maturity, noon, of, opened, policy, reasonOf, seller, stranger, supplier,
} from './examples.js';
import {
  assign, chooseBid, closeBidding, collect, disburse, endorseToSupplier, failDisbursement, failPayment, fallDue, goWithoutPaper, isCalled, isOverdue, keepPaper, lessen, openBidding, owed, placeBid, recordProtest,
  recordRecourse, recordRecourseLost, recordRecoursePaid, standingBids, statuses, writeOff, type Bid, type FinancingCase, type Status,
} from './financing-case.js';

const paper = { instrumentId: ids.instrument, amount: face, maturity, draweeId: buyer, bidUntil };
const otherBid = bidOf({ bidId: ids.bidB, funderId: bankB });

/** Each command with an input that is right for it, and the statuses in which it is taken. */
const commands: Readonly<Record<string, { readonly run: (state: FinancingCase) => { readonly ok: boolean }; readonly from: readonly Status[] }>> = {
  'open bidding': { run: (c) => openBidding(c, paper), from: ['opened'] },
  'go without paper': { run: (c) => goWithoutPaper(c, 'no-paper'), from: ['opened'] },
  bid: { run: (c) => placeBid(c, otherBid, limitOf(bankB), policy), from: ['bidding'] },
  choose: { run: (c) => chooseBid(c, choice), from: ['bidding'] },
  close: { run: (c) => closeBidding({ ...c, bids: [] }, bidUntil), from: ['bidding'] },
  keep: { run: (c) => keepPaper(c, seller), from: ['bidding'] },
  assign: { run: (c) => assign(c, ids.payment), from: ['chosen'] },
  disburse: { run: (c) => disburse({ ...c, bought: undefined } as never, ids.payment), from: ['assigned'] },
  'fail disbursement': { run: (c) => failDisbursement(c, ids.payment), from: ['assigned'] },
  'endorse to a supplier': { run: (c) => endorseToSupplier(c, c.holderId, supplier), from: ['bidding', 'unfinanced'] },
  'fall due': { run: (c) => fallDue(c, ids.payment2, maturity), from: ['opened', 'bidding', 'chosen', 'bought', 'endorsed', 'unfinanced'] },
  collect: { run: (c) => collect({ ...c, payments: [] }, ids.payment2, rials(1)), from: ['due', 'failed', 'protested', 'recourse', 'recourse-paid', 'recourse-lost'] },
  'fail payment': { run: (c) => failPayment(c, 'insufficient-funds'), from: ['due'] },
  'record protest': { run: recordProtest, from: ['failed'] },
  'record recourse lost': { run: recordRecourseLost, from: ['failed'] },
  'record recourse': { run: recordRecourse, from: ['protested', 'recourse', 'recourse-paid'] },
  'record recourse paid': { run: (c) => recordRecoursePaid(c, seller), from: ['recourse'] },
  'write off': { run: (c) => writeOff(c, c.holderId), from: ['failed', 'protested', 'recourse', 'recourse-paid', 'recourse-lost'] },
};

describe('every command in every status', () => {
  for (const [name, { run, from }] of Object.entries(commands))
    it.each(statuses)(`${name} when %s`, (status) => expect(run(caseAt(status)).ok).toBe(from.includes(status)));

  it('every declared status is reached', () => expect(statuses.map((status) => caseAt(status).stage.status)).toEqual([...statuses]));
});

describe('a bid', () => {
  it.each<readonly [string, Partial<Bid>, Parameters<typeof placeBid>[2], string]>([
    ['of a funder with a limit', {}, limitOf(bankA), 'accepted'],
    ['without a limit', {}, undefined, 'no-limit-on-debtor'],
    ['on another funder’s limit', {}, limitOf(bankB), 'no-limit-on-debtor'],
    ['on a limit for another debtor', {}, limitOf(bankA, undefined, { debtorId: stranger }), 'no-limit-on-debtor'],
    ['on a limit that is over', {}, limitOf(bankA, undefined, { validUntil: addDays(drawnOn, -1) }), 'no-limit-on-debtor'],
    ['on a seller’s own limit', {}, limitOf(bankA, undefined, { kind: 'seller' }), 'no-limit-on-debtor'],
    ['of the buyer itself', { funderId: buyer }, limitOf(buyer), 'party-to-the-trade'],
    ['when the window is over', { placedAt: bidUntil, validUntil: instant(bidUntil + 1) }, limitOf(bankA), 'bidding-closed'],
    ['already expired', { validUntil: noon(drawnOn) }, limitOf(bankA), 'bid-expired'],
    ['for a face one rial smaller', { maxFace: rials(face - 1n) }, limitOf(bankA), 'face-above-maximum'],
    ['for exactly the face', { maxFace: face }, limitOf(bankA), 'accepted'],
    ['whose fee eats the price', { fee: face }, limitOf(bankA), 'fee-exceeds-price'],
  ])('%s', (_, changes, limit, outcome) => expect(reasonOf(placeBid(bidding(), bidOf(changes), limit, policy))).toBe(outcome));

  it('is one per funder while it stands', () => {
    const once = caseAt('bidding');
    expect(reasonOf(placeBid(once, bidOf({ bidId: ids.bidB }), limitOf(bankA), policy))).toBe('already-bid');
    const afterExpiry = { ...once, bids: once.bids.map((b) => ({ ...b, validUntil: instant(noon(drawnOn) + 1) })) };
    expect(reasonOf(placeBid(afterExpiry, bidOf({ bidId: ids.bidB, placedAt: instant(noon(drawnOn) + 2) }), limitOf(bankA), policy))).toBe('accepted');
  });

  it('beyond the longest tenor is refused', () => expect(reasonOf(placeBid(bidding(), bidOf(), limitOf(bankA), { ...policy, maxTenorDays: 89 }))).toBe('tenor-too-long'));
});

describe('choosing', () => {
  it('fixes price and net at the true days: the hero story', () => {
    const decision = chooseBid(caseAt('bidding'), choice);
    expect(decision.ok && decision.events[0]?.data).toMatchObject({ net: '4147202489', days: 90, rate: 2300 });
  });

  it.each([
    ['by who bears the cost', {}, 'accepted'],
    ['by the buyer', { by: buyer }, 'not-the-bearer'],
    ['by the funder itself', { by: bankA }, 'not-the-bearer'],
    ['of an unknown bid', { bidId: ids.bidB }, 'bid-not-found'],
    ['at the moment it expires', { now: bidOf().validUntil }, 'bid-expired'],
    ['just before', { now: instant(bidOf().validUntil - 1) }, 'accepted'],
    ['on the day it is due', { purchaseOn: maturity }, 'no-days-left'],
  ])('%s', (_, changes, outcome) => expect(reasonOf(chooseBid(caseAt('bidding'), { ...choice, ...changes }))).toBe(outcome));

  it('the buyer chooses where the terms say that it bears the cost', () => {
    expect(reasonOf(chooseBid({ ...caseAt('bidding'), bearerId: buyer }, { ...choice, by: buyer }))).toBe('accepted');
  });

  it('only standing bids are ranked', () => {
    const both = accepted(placeBid(caseAt('bidding'), bidOf({ bidId: ids.bidB, funderId: bankB, rate: basisPoints(2200), validUntil: bidUntil }), limitOf(bankB), policy));
    const names = (at: typeof bidUntil) => standingBids(both, at, drawnOn, 365).map(({ bid }) => bid.bidId);
    expect(names(noon(drawnOn))).toEqual([ids.bidB, ids.bidA]);
    expect(names(bidUntil)).toEqual([ids.bidA]);
  });
});

describe('when the window is over', () => {
  it.each([
    ['a moment early', instant(bidUntil - 1), 'still-in-time'],
    ['with a bid that stands', bidUntil, 'bids-still-stand'],
    ['with none that stands', bidOf().validUntil, 'accepted'],
  ])('%s', (_, now, outcome) => expect(reasonOf(closeBidding(caseAt('bidding'), now))).toBe(outcome));
});

describe('the money', () => {
  it('the debtor is notified before leg 1, and the purchase is one with the cash', () => {
    const assigned = assign(caseAt('chosen'), ids.payment);
    expect(factsOf(assigned)).toEqual(['AssignmentNotified']);
    expect(accepted(assigned).holderId).toBe(bankA);
    const bought = disburse(accepted(assigned), ids.payment);
    expect(factsOf(bought)).toEqual(['DebtPurchased', 'FundsDisbursed']);
    expect(bought.ok && bought.events[0]?.data).toMatchObject({ face: '4382400000', price: '4147202489', profit: '235197511', yearDays: 365 });
    expect(factsOf(disburse(accepted(bought), ids.payment))).toEqual([]);
    expect(reasonOf(disburse(caseAt('assigned'), ids.payment2))).toBe('other-payment');
  });

  it('a failed leg 1 brings the paper back; that bid is out and another may win', () => {
    const both = accepted(placeBid(caseAt('bidding'), otherBid, limitOf(bankB), policy));
    const back = accepted(failDisbursement(accepted(assign(accepted(chooseBid(both, choice)), ids.payment)), ids.payment));
    expect([back.holderId, back.stage.status, back.bids.map(({ bidId }) => bidId)]).toEqual([seller, 'bidding', [ids.bidB]]);
    expect(reasonOf(chooseBid(back, choice))).toBe('bid-not-found');
    expect(reasonOf(chooseBid(back, { ...choice, bidId: ids.bidB }))).toBe('accepted');
  });

  it.each([
    ['the seller', bidding(), seller, supplier, 'accepted'],
    ['a stranger', bidding(), stranger, supplier, 'not-the-holder'],
    ['the seller to itself', bidding(), seller, seller, 'party-to-the-trade'],
    ['the seller to the debtor', bidding(), seller, buyer, 'party-to-the-trade'],
    ['without paper', accepted(goWithoutPaper(opened(), 'no-paper')), seller, supplier, 'no-paper'],
  ])('endorsed to a supplier by %s', (_, state, by, to, outcome) => expect(reasonOf(endorseToSupplier(state, by as PartyId, to as PartyId))).toBe(outcome));

  it('falls due on its day to whoever holds it', () => {
    expect(reasonOf(fallDue(caseAt('bought'), ids.payment2, addDays(maturity, -1)))).toBe('not-yet-due');
    const due = fallDue(caseAt('endorsed'), ids.payment2, maturity);
    expect(due.ok && due.events[0]?.data).toMatchObject({ holderId: supplier, debtorId: buyer, amount: String(face), dueOn: maturity });
  });

  it('is collected in parts, each payment once, never more than owed', () => {
    const part = collect(caseAt('due'), ids.payment, rials(1_000));
    expect(factsOf(part)).toEqual(['PaymentCollected']);
    expect(factsOf(collect(accepted(part), ids.payment, rials(1_000)))).toEqual([]);
    expect(reasonOf(collect(accepted(part), ids.payment2, face))).toBe('more-than-owed');
    expect(factsOf(collect(accepted(part), ids.payment2, owed(accepted(part))))).toEqual(['PaymentCollected', 'CaseSettled']);
  });

  it.each([
    ['due', 'paid'],
    ['failed', 'paid'],
    ['recourse-lost', 'paid'],
    ['recourse-paid', 'paid-by-recourse'],
  ] as const)('paid when %s the case settles as %s', (status, outcome) => {
    expect(accepted(collect(caseAt(status), ids.payment2, face)).stage).toEqual({ status: 'settled', outcome });
  });

  it('paper is not paid before its day, an open account may be', () => {
    expect(reasonOf(collect(caseAt('unfinanced'), ids.payment, face))).toBe('not-due');
    expect(reasonOf(collect(accepted(goWithoutPaper(opened(), 'no-paper')), ids.payment, face))).toBe('accepted');
  });

  it('what was not paid tells how long protest is possible', () => {
    const failed = failPayment(caseAt('due'), 'insufficient-funds', addDays(maturity, 10));
    expect(failed.ok && failed.events[0]?.data).toMatchObject({ protestBy: '2026-12-22', amount: String(face), holderId: bankA });
  });

  it('only the holder writes off', () => {
    expect(reasonOf(writeOff(caseAt('recourse-lost'), seller))).toBe('not-the-holder');
    expect(factsOf(writeOff(caseAt('recourse-lost'), bankA))).toEqual(['CaseSettled']);
  });

  it('the accepting bank of the chain scheme is the debtor', () => {
    expect(accepted(openBidding(opened(), { ...paper, draweeId: bankB })).debtorId).toBe(bankB);
  });
});

it('no sequence of commands buys twice, collects more than the face, or leaves the end', () => {
  const names = Object.keys(commands);
  fc.assert(
    fc.property(fc.array(fc.record({ name: fc.constantFrom(...names), part: fc.integer({ min: 1, max: 3 }), n: fc.integer({ min: 30, max: 33 }) }), { maxLength: 60 }), (steps) => {
      let [state, purchases, settlements, collected] = [opened(), 0, 0, 0n];
      for (const { name, part, n } of steps) {
        const paymentId = ids.payment.slice(0, -2) + String(n);
        const exact: Readonly<Record<string, () => Decision<FinancingCase, FinancingFact, string>>> = {
          'open bidding': () => openBidding(state, paper),
          bid: () => placeBid(state, bidOf(), limitOf(bankA), policy),
          choose: () => chooseBid(state, choice),
          assign: () => assign(state, ids.payment),
          disburse: () => disburse(state, ids.payment),
          'fail disbursement': () => failDisbursement(state, ids.payment),
          collect: () => collect(state, paymentId, rials(face / BigInt(part))),
        };
        const decision = exact[name]?.() ?? (commands[name]?.run(state) as Decision<FinancingCase, FinancingFact, string>);
        if (!decision.ok) continue;
        const over = state.stage.status === 'settled';
        state = decision.state;
        const facts = factsOf(decision);
        purchases += facts.filter((f) => f === 'DebtPurchased').length;
        settlements += facts.filter((f) => f === 'CaseSettled').length;
        for (const { contract, data } of decision.events) if (contract.name === 'PaymentCollected') collected += BigInt((data as { amount: string }).amount);
        if (over) expect([facts, state.stage.status]).toEqual([[], 'settled']);
        expect(purchases <= 1 && settlements <= 1).toBe(true);
        expect(collected).toBe(state.paid);
        expect(state.paid <= face).toBe(true);
      }
      expect(of.caseId).toBe(state.of.caseId);
    }),
  );
});

describe('a credit note without an undertaking', () => {
  const plain = accepted(goWithoutPaper(opened(), 'no-paper'));
  it.each([
    ['a part', rials(1), [], 'unfinanced'],
    ['the whole', face, ['CaseSettled'], 'settled'],
  ] as const)('of %s lessens what is owed', (_, amount, facts, status) => {
    const decision = lessen(plain, amount);
    expect([factsOf(decision), accepted(decision).stage.status, owed(accepted(decision))]).toEqual([facts, status, face - amount]);
  });
  it('is never of more than is owed', () => expect(reasonOf(lessen(plain, rials(face + 1n)))).toBe('more-than-owed'));
  it('comes too late once the debtor was asked to pay', () => {
    expect(statuses.filter((status) => isCalled(caseAt(status)))).toEqual(['due', 'failed', 'protested', 'recourse', 'recourse-paid', 'recourse-lost', 'settled']);
    expect(statuses.filter((status) => isOverdue(caseAt(status)))).toEqual(['failed', 'protested', 'recourse', 'recourse-paid', 'recourse-lost']);
  });
});
