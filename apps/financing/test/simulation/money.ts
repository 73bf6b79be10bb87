import { addHours, dayOf, rials, type Money, type PartyId } from '@peyvand/kernel';
import { idOf } from '@peyvand/testing/simulation';
import { useLimit } from '../../src/assign-paper/use-limit.js';
import { isOnPaper, receivePayment } from '../../src/collect-payment/receive-payment.js';
import { dishonour, endorse, loseRecourse, mature, payRecourse, pledge, remainder } from '../../src/domain/barat.js';
import type { CaseRef } from '../../src/domain/case-ref.js';
import { protestByOf } from '../../src/domain/clocks.js';
import { assign, disburse, failDisbursement, failPayment, fallDue, isOverdue, owed, recordRecourseLost, recordRecoursePaid } from '../../src/domain/financing-case.js';
import { giveBack, releaseUse } from '../../src/domain/limit.js';
import { placeLien, releaseLien, transferReceivable } from '../../src/domain/receivable.js';
import { askAgainAt, bankAgainAt, legalHolidays, protestLostAt } from '../../src/financing.policy.js';
import { must } from '../../src/must.js';
import type { CaseFile } from '../../src/store/cases.store.js';
import type { Payment, Purpose } from './rows.js';
import type { World } from './world.js';

/** After the choice: limit, lien, endorsement, notice, and the bank is told to pay. */
export const assignPaper = (world: World, file: CaseFile): void => {
  if (file.paper === undefined || file.case.stage.status !== 'chosen') return;
  const { bid: { funderId }, purchase } = file.case.stage.chosen;
  const { of } = file.case;
  const [on, book, id] = [dayOf(world.time.now), world.book(), idOf('payment', world.payments.size)];
  const used = useLimit(book, { case: file.case, funderId }, on);
  const assigned = must(assign(file.case, id)).state;
  if (typeof used === 'string') return reopen(world, { ...file, case: must(failDisbursement(assigned, id)).state });
  const receivable = world.variant === 'lien-forgotten' ? file.receivable : must(placeLien(file.receivable, { holderId: funderId, kind: 'debt-purchase', on })).state;
  const paper = must(endorse(must(pledge(file.paper, 'financed', funderId)).state, { by: of.sellerId, toId: funderId, on, purpose: 'debt-purchase' })).state;
  world.keep(book);
  if (world.variant !== 'lien-forgotten') world.placeLien(of.caseId, funderId);
  world.save({ ...file, case: assigned, receivable, paper });
  ask(world, of, 'disburse', funderId, of.sellerId, purchase.net);
};

const reopen = (world: World, file: CaseFile): void => {
  world.save(file);
  if (file.case.stage.status === 'bidding') world.time.due(`bidding-closes ${file.case.of.caseId}`, file.case.stage.bidUntil);
};

/** The bank is asked once this stands; it answers late, twice, not yet, or no. */
export const ask = (world: World, { caseId }: CaseRef, purpose: Purpose, fromId: PartyId, toId: PartyId, amount: Money): void => {
  const n = world.payments.size;
  const id = idOf('payment', n);
  world.payments.set(id, { id, caseId, purpose, fromId, toId, amount, state: 'asked' });
  const late = world.late(n);
  world.time.due(`bank ${id}`, world.time.now + late);
  // The line broke after the bank had booked it: its answer comes a second time.
  if (late % 3 === 0) world.time.due(`bank ${id} again`, world.time.now + late + 60_000);
};

/** One in four is refused; one in four is not known for some hours or weeks. */
export const bankAnswers = (world: World, due: string): void => {
  const [, id = ''] = due.split(' ');
  const payment = world.payments.get(id);
  const file = world.files.get(payment?.caseId ?? '');
  if (payment === undefined || file === undefined || (payment.state !== 'asked' && world.variant !== 'answer-noted-twice')) return;
  const [word, since] = [world.late(Number.parseInt(id.slice(-6), 16) * 3 + 1), world.asked.get(id) ?? world.time.now];
  world.asked.set(id, since);
  if (word % 4 === 1 && world.time.now < since + (word % 500) * 3_600_000) return world.time.due(due, bankAgainAt(world.time.now));
  const done = word % 4 !== 2;
  world.payments.set(id, { ...payment, state: done ? 'done' : 'refused' });
  world.time.tell(() => `bank: ${payment.purpose} of ${payment.amount} ${done ? 'done' : 'refused'}`);
  if (done) world.moved.push(payment);
  if (payment.purpose === 'disburse') return done ? bought(world, file, id) : returned(world, file, id);
  if (payment.purpose === 'collect') return done ? collected(world, file, payment) : notPaid(world, file);
  if (done) recoursePaid(world, file, payment);
};

const bought = (world: World, file: CaseFile, id: string): void => {
  const state = must(disburse(file.case, id)).state;
  const { of, bought: deal } = state;
  if (deal === undefined) return;
  const { bid: { funderId }, purchase: { face, profit, fee, net } } = deal;
  world.save({ ...file, case: state, receivable: world.variant === 'lien-forgotten' ? file.receivable : must(transferReceivable(file.receivable, funderId)).state });
  world.post({ kind: 'debt-purchased', id: `${id}/purchase`, caseId: of.caseId, sellerId: of.sellerId, funderId, face, profit, fee });
  world.post({ kind: 'funds-disbursed', id, caseId: of.caseId, sellerId: of.sellerId, funderId, amount: net });
  world.changeCover(of.matchId, (covered) => (covered.limit.grantorId === funderId ? undefined : releaseUse(covered, of.caseId)));
};

const returned = (world: World, file: CaseFile, id: string): void => {
  const state = must(failDisbursement(file.case, id)).state;
  const { of } = state;
  const back = file.paper === undefined ? undefined : must(endorse(file.paper, { by: file.paper.holderId, toId: of.sellerId, on: dayOf(world.time.now), purpose: 'return' })).state;
  world.liens.delete(of.caseId);
  if (world.variant !== 'refused-money-keeps-the-limit') world.changeCover(of.matchId, (covered) => (covered.reservation.for === 'purchase' ? giveBack(covered, of.caseId) : undefined));
  reopen(world, { ...file, case: state, receivable: must(releaseLien(file.receivable, of.sellerId)).state, ...(back === undefined ? {} : { paper: back }) });
};

const collected = (world: World, file: CaseFile, { id, amount }: Payment): void => {
  const { of, debtorId, holderId, stage } = file.case;
  const received = must(receivePayment(file, id, amount, dayOf(world.time.now)));
  world.save(received.file);
  world.publish(received.events);
  world.post({ kind: 'payment-collected', id, caseId: of.caseId, debtorId, holderId, amount, overdue: isOverdue(file.case) });
  if (stage.status === 'failed') world.time.dues.delete(`protest-by ${of.caseId}`);
  if (received.settled) closeCase(world, of);
};

const notPaid = (world: World, file: CaseFile): void => {
  const { of, holderId, stage } = file.case;
  if (stage.status === 'recourse-paid') return world.time.due(`ask-again ${of.caseId}`, askAgainAt(world.time.now));
  if (stage.status !== 'due') return;
  const paper = isOnPaper(file) ? must(dishonour(file.paper, 'insufficient-funds', dayOf(world.time.now))).state : undefined;
  const protestBy = paper === undefined ? undefined : protestByOf(paper, legalHolidays);
  world.save({ ...file, case: must(failPayment(file.case, 'insufficient-funds', protestBy)).state, ...(paper === undefined ? {} : { paper }) });
  if (world.variant !== 'failure-not-posted') world.post({ kind: 'payment-failed', id: `${of.caseId}/failed`, caseId: of.caseId, holderId, amount: owed(file.case) });
  if (protestBy !== undefined) world.time.due(`protest-by ${of.caseId}`, protestLostAt(protestBy));
};

const recoursePaid = (world: World, file: CaseFile, { id, fromId }: Payment): void => {
  if (file.paper === undefined) return;
  const { of } = file.case;
  const { holderId } = file.paper;
  const amount = remainder(file.paper);
  const paper = must(payRecourse(file.paper, fromId, id, dayOf(world.time.now))).state;
  world.save({ ...file, case: must(recordRecoursePaid(file.case, fromId)).state, paper });
  world.post({ kind: 'recourse-paid', id, caseId: of.caseId, holderId, byId: fromId, amount });
  world.time.due(`ask-again ${of.caseId}`, askAgainAt(world.time.now));
};

/** Nothing is owed any more: the lien ends and the limits are free of it. */
export const closeCase = (world: World, of: CaseRef): void => {
  world.liens.delete(of.caseId);
  if (world.variant !== 'paid-case-keeps-the-limit') world.changeCover(of.matchId, (covered) => releaseUse(covered, of.caseId));
};

export const payDay = (world: World, file: CaseFile): void => {
  const { of, debtorId, holderId, stage } = file.case;
  const on = dayOf(world.time.now);
  const decision = fallDue(file.case, idOf('payment', world.payments.size), on);
  if (!decision.ok) {
    const again = decision.reason === 'purchase-under-way' ? 1 : decision.reason === 'not-yet-due' ? 24 : 0;
    return again > 0 ? world.time.due(`pay-day ${of.caseId}`, addHours(world.time.now, again)) : undefined;
  }
  const paper = isOnPaper(file) ? must(mature(file.paper, on, legalHolidays)).state : file.paper;
  world.save({ ...file, case: decision.state, ...(paper === undefined ? {} : { paper }) });
  if (stage.status === 'bidding' || stage.status === 'chosen') world.time.dues.delete(`bidding-closes ${of.caseId}`);
  ask(world, of, 'collect', debtorId, holderId, owed(file.case));
};

export const askAgain = (world: World, { case: { of, debtorId, holderId, stage, ...rest } }: CaseFile): void => {
  if (stage.status === 'recourse-paid' && !world.isPaymentUnderWay(of.caseId)) ask(world, of, 'collect', debtorId, holderId, rials(owed(rest)));
};

export const protestTimeUp = (world: World, file: CaseFile): void => {
  if (file.paper === undefined || file.case.stage.status !== 'failed') return;
  const lost = must(loseRecourse(file.paper, dayOf(world.time.now), legalHolidays)).state;
  world.save({ ...file, case: must(recordRecourseLost(file.case)).state, paper: lost });
};
