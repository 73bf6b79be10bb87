import { addDays, addHours, basisPoints, dayOf, rials, type PartyId } from '@peyvand/kernel';
import { at, idOf } from '@peyvand/testing/simulation';
import { endPaper } from '../../src/answer-instrument/refuse-instrument.js';
import { receivePayment } from '../../src/collect-payment/receive-payment.js';
import { acceptPaper, answerByOf, demandRecourse, endorse, lapsePresentment, protest, refusePaper, remainder, type Instrument } from '../../src/domain/barat.js';
import { chooseBid, closeBidding, endorseToSupplier, isOverdue, keepPaper, openBidding, owed, placeBid, recordProtest, recordRecourse, writeOff } from '../../src/domain/financing-case.js';
import { setLimit } from '../../src/domain/limit.js';
import { isAskedInRecourse } from '../../src/domain/recourse.js';
import { placeLien, releaseLien, transferReceivable, undertake } from '../../src/domain/receivable.js';
import { bestBid, bidAsInstructed } from '../../src/domain/standing-instructions.js';
import { drawPaper } from '../../src/draw-instrument/draw-instrument.js';
import { bidUntilOf, legalHolidays, maxTenorDays, yearDays } from '../../src/financing.policy.js';
import { must } from '../../src/must.js';
import type { CaseFile } from '../../src/store/cases.store.js';
import { sellsByStandingWord } from './hears.js';
import { ask, assignPaper, closeCase } from './money.js';
import { buyer, funder, seller, type TradeStep } from './schedule.js';
import type { World } from './world.js';

type OnPaper = CaseFile & { readonly paper: Instrument };

/** What one of the parties asks of one case; what is refused changes nothing. */
export const perform = (world: World, { does, pick, size }: TradeStep): void => {
  const { now } = world.time;
  const today = dayOf(now);
  const onPaper = (status: Instrument['stage']['status']): OnPaper | undefined => at(world.cases((_, file) => file.paper?.stage.status === status) as OnPaper[], pick);
  const overdue = at(world.cases(isOverdue), pick);
  const bidding = at(world.cases(({ stage }) => stage.status === 'bidding'), pick);
  switch (does) {
    case 'limit': return grant(world, pick, size);
    case 'draw': return drawn(world, at(world.cases(({ stage }, { paper }) => stage.status === 'opened' && paper === undefined), pick));
    case 'accept': return accepted(world, onPaper('presented'));
    case 'refuse': {
      const file = onPaper('presented');
      return file === undefined ? undefined : withoutPaper(world, file, refusePaper(file.paper, file.paper.draweeId, 'goods-differ', today));
    }
    case 'bid': return bid(world, bidding, pick, size);
    case 'choose': return chosen(world, bidding, size);
    case 'keep': {
      const kept = bidding === undefined ? undefined : keepPaper(bidding.case, bidding.case.bearerId);
      if (bidding === undefined || kept?.ok !== true) return;
      world.save({ ...bidding, case: { ...kept.state, bids: [] } });
      return void world.time.dues.delete(`bidding-closes ${kept.state.of.caseId}`);
    }
    case 'endorse': return endorsed(world, onPaper('accepted'), size);
    case 'pay-late': {
      if (overdue === undefined || (world.isPaymentUnderWay(overdue.case.of.caseId) && world.variant !== 'second-payment-beside-the-first')) return;
      return ask(world, overdue.case.of, 'collect', overdue.case.debtorId, overdue.case.holderId, owed(overdue.case));
    }
    case 'protest': {
      const file = onPaper(size % 4 === 0 ? 'part-paid' : 'not-paid');
      const lodged = file === undefined ? undefined : protest(file.paper, today, legalHolidays);
      const recorded = file === undefined ? undefined : recordProtest(file.case);
      if (file === undefined || lodged?.ok !== true || recorded?.ok !== true) return;
      world.time.dues.delete(`protest-by ${file.case.of.caseId}`);
      return world.save({ ...file, case: recorded.state, paper: lodged.state });
    }
    case 'demand': {
      const file = onPaper(size % 2 === 0 ? 'protested' : 'recourse');
      const demanded = file === undefined ? undefined : demandRecourse(file.paper, at(file.paper.obligors, size)?.partyId ?? file.case.of.sellerId, today);
      const recorded = file === undefined ? undefined : recordRecourse(file.case);
      return file === undefined || demanded?.ok !== true || recorded?.ok !== true ? undefined : world.save({ ...file, case: recorded.state, paper: demanded.state });
    }
    case 'pay-recourse': {
      const file = onPaper('recourse');
      const by = file?.paper.stage.status === 'recourse' ? at(file.paper.stage.against.filter((one) => one !== file.case.debtorId), size) : undefined;
      return file === undefined || by === undefined || !isAskedInRecourse(file.case, file.paper, by) || world.isPaymentUnderWay(file.case.of.caseId) ? undefined : ask(world, file.case.of, 'recourse', by, file.paper.holderId, remainder(file.paper));
    }
    case 'write-off': {
      const gone = overdue === undefined || size % 3 > 0 ? undefined : writeOff(overdue.case, overdue.case.holderId);
      if (overdue === undefined || gone?.ok !== true || world.isPaymentUnderWay(overdue.case.of.caseId)) return;
      const { of, holderId } = overdue.case;
      world.save({ ...overdue, case: gone.state, receivable: must(releaseLien(overdue.receivable)).state });
      world.publish(gone.events);
      world.post({ kind: 'written-off', id: `${of.caseId}/written-off`, caseId: of.caseId, holderId, amount: owed(overdue.case) });
      return closeCase(world, of);
    }
    default: throw new Error(`Nobody in financing does ${does}`);
  }
};

/** A funder's limit on a buyer, or the second seller's own; set again it may be less than what is taken of it. */
export const grant = (world: World, pick: number, size: number): void => {
  const [who, debtorId] = [pick % 4, size % 3 === 2 ? seller(0) : buyer(size % 3)];
  const [grantorId, kind] = who === 3 ? [seller(1), 'seller' as const] : [funder(who), 'funder' as const];
  const id = idOf('limit', who * 3 + (size % 3));
  const before = world.limits.get(id);
  const today = dayOf(world.time.now);
  const set = setLimit(before, { id, kind, grantorId, debtorId, amount: rials(size * 500), validUntil: addDays(today, size % 7 === 0 ? 3 : 120) }, today);
  if (set.ok) world.limits.set(id, set.state);
};

const drawn = (world: World, file: CaseFile | undefined): void => {
  const paper = file === undefined ? undefined : drawPaper(file, world.time.now);
  if (file === undefined || paper?.ok !== true) return;
  world.save({ ...file, paper: paper.state });
  world.time.due(`answer-by ${file.case.of.caseId}`, answerByOf(world.time.now));
};

const accepted = (world: World, file: OnPaper | undefined): void => {
  if (file === undefined) return;
  const [{ caseId }, bidUntil] = [file.case.of, bidUntilOf(world.time.now)];
  const signed = acceptPaper(file.paper, { by: file.paper.draweeId, on: dayOf(world.time.now), bidUntil, funderIds: [], amount: owed(file.case) });
  if (!signed.ok) return;
  const opened = openBidding(file.case, { instrumentId: signed.state.id, amount: signed.state.acceptedAmount, maturity: signed.state.maturity, draweeId: signed.state.draweeId, bidUntil });
  if (!opened.ok) return;
  world.save({ ...file, case: opened.state, receivable: must(undertake(file.receivable)).state, paper: signed.state });
  world.time.dues.delete(`answer-by ${caseId}`);
  world.time.due(`bidding-closes ${caseId}`, bidUntil);
  world.time.send(`financing ${caseId}`, 'InstrumentAccepted', () => onInstrumentAccepted(world, caseId));
};

/** The first funder bids on every accepted paper as it said beforehand. */
const onInstrumentAccepted = (world: World, caseId: string): void => {
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

/** Refused, or not answered in time. */
export const withoutPaper = (world: World, file: CaseFile, refused: ReturnType<typeof refusePaper> | ReturnType<typeof lapsePresentment>): void => {
  if (!refused.ok) return;
  world.save(endPaper(file, refused.state));
  world.time.dues.delete(`answer-by ${file.case.of.caseId}`);
};

const bid = (world: World, file: CaseFile | undefined, pick: number, size: number): void => {
  if (file === undefined) return;
  const { now } = world.time;
  const funderId: PartyId = funder(pick % 3);
  const limit = [...world.limits.values()].find(({ grantorId, debtorId }) => grantorId === funderId && debtorId === file.case.of.buyerId);
  const one = { bidId: idOf('bid', world.bids++), funderId, rate: basisPoints(1_500 + size), fee: rials(size % 90), maxFace: rials(1_000_000), validUntil: addHours(now, 12 + (size % 200)), placedAt: now };
  const placed = placeBid(file.case, one, limit, { maxTenorDays, yearDays });
  if (placed.ok) world.save({ ...file, case: placed.state });
};

/** By hand: the limits follow in a transaction of their own. */
const chosen = (world: World, file: CaseFile | undefined, size: number): void => {
  const { now } = world.time;
  const bidId = file === undefined ? undefined : at(file.case.bids, size)?.bidId;
  const choice = file === undefined || bidId === undefined ? undefined : chooseBid(file.case, { bidId, by: file.case.bearerId, now, purchaseOn: dayOf(now), yearDays });
  if (file === undefined || choice?.ok !== true) return;
  const { caseId } = file.case.of;
  world.save({ ...file, case: choice.state });
  world.time.dues.delete(`bidding-closes ${caseId}`);
  world.time.due(`assign ${caseId}`, now);
};

export const closeBids = (world: World, file: CaseFile): void => {
  const { now } = world.time;
  const closed = closeBidding(file.case, now);
  if (closed.ok) return world.save({ ...file, case: closed.state });
  if (closed.reason !== 'bids-still-stand') return;
  const { bearerId, of } = file.case;
  const best = sellsByStandingWord(bearerId) ? bestBid(file.case, now, dayOf(now), yearDays) : undefined;
  const choice = best === undefined ? undefined : chooseBid(file.case, { bidId: best, by: bearerId, now, purchaseOn: dayOf(now), yearDays });
  if (choice?.ok === true) return assignPaper(world, { ...file, case: choice.state });
  const last = file.case.bids.reduce<number>((latest, { validUntil }) => Math.max(latest, validUntil), now);
  world.time.due(`bidding-closes ${of.caseId}`, last > now ? last : addHours(now, 1));
};

/** The seller pays its own supplier with the paper, sometimes for a debt of the platform. */
const endorsed = (world: World, file: OnPaper | undefined, size: number): void => {
  if (file === undefined) return;
  const [{ of, face }, on] = [file.case, dayOf(world.time.now)];
  const by = of.sellerId;
  const debt = at(world.cases((state) => state.debtorId === by && owed(state) >= face && state.holderId !== file.case.debtorId), size);
  const toId = debt?.case.holderId ?? idOf('outside', 0) as PartyId;
  const settles = debt?.case.of.caseId;
  const signed = endorse(file.paper, { by, toId, on, purpose: 'payment-to-supplier' });
  const decided = endorseToSupplier(file.case, by, toId, settles);
  const lien = placeLien(file.receivable, { holderId: toId, kind: 'endorsement', on });
  const paid = debt === undefined ? undefined : world.isPaymentUnderWay(debt.case.of.caseId) ? { ok: false as const } : receivePayment(debt, idOf('endorsement', Number.parseInt(of.caseId.slice(-6), 16)), face, on);
  if (!signed.ok || !decided.ok || !lien.ok || paid?.ok === false) return;
  world.placeLien(of.caseId, toId);
  world.save({ ...file, case: decided.state, receivable: must(transferReceivable(lien.state, toId)).state, paper: signed.state });
  world.time.dues.delete(`bidding-closes ${of.caseId}`);
  world.post({
    kind: 'endorsed-at-face', id: `${of.caseId}/endorsed`, caseId: of.caseId, fromId: by, toId, face, ...(debt === undefined ? {} : { settles: { caseId: debt.case.of.caseId, overdue: isOverdue(debt.case) } }),
  });
  if (paid === undefined) return;
  world.save(paid.file);
  world.publish(paid.events);
  if (paid.settled) closeCase(world, paid.file.case.of);
};
