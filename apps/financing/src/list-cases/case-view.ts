import { isoOf, type PartyId } from '@peyvand/kernel';
import { reply } from '@peyvand/platform';
import { z } from 'zod';
import { statuses as paperStatuses } from '../domain/barat.js';
import { clocksOf } from '../domain/clocks.js';
import { owed, statuses } from '../domain/financing-case.js';
import { legalHolidays } from '../financing.policy.js';
import type { CaseFile } from '../store/cases.store.js';

const kind = z.enum(['barat', 'safte']);

const Paper = z.object({
  instrumentId: reply.uuid, kind, status: z.enum(paperStatuses), face: reply.rials, stampDuty: reply.rials, drawnOn: reply.day, maturity: reply.day,
  clocks: z.array(z.object({
    clock: z.enum(['answer', 'pay', 'protest', 'notice', 'suit', 'prescription']), dueAt: reply.moment, article: reply.whole.describe('Of the Commercial Code'),
    onMiss: z.enum(['taken-as-refusal', 'not-paid', 'recourse-lost', 'damages', 'endorsers-and-drawer-barred', 'prescription-may-be-pleaded']),
  })).describe('The clocks of the law that run on it, the nearest first'),
}).meta({ id: 'Instrument' });

const head = {
  orderId: reply.uuid, caseId: reply.uuid, buyerId: reply.uuid, sellerId: reply.uuid, stage: z.enum(statuses), face: reply.rials, dueOn: reply.day,
  bidUntil: reply.moment.optional().describe('While it takes bids'), instrumentId: reply.uuid.optional(),
};

const Whole = z.object({
  ...head, matchId: reply.uuid, invoiceId: reply.uuid, shipmentId: reply.uuid, owed: reply.rials, terms: reply.terms, debtorId: reply.uuid, holderId: reply.uuid,
  protestBy: reply.day.optional(),
  outcome: z.enum(['paid', 'paid-by-recourse', 'written-off']).optional(), lien: z.object({ kind: z.enum(['debt-purchase', 'endorsement', 'pledge']), on: reply.day }).optional(),
  instrument: Paper.optional(), recourseAgainst: reply.uuid.optional(),
  bought: z.object({ on: reply.day, rate: reply.rate, price: reply.rials, profit: reply.rials, fee: reply.rials, net: reply.rials }).optional().describe('Between the seller and its funder alone'),
}).meta({ id: 'Case' });

const Invitation = z.object({
  ...head, instrument: z.object({ instrumentId: reply.uuid, kind, maturity: reply.day }).optional(), ownBid: reply.uuid.optional(),
}).meta({ id: 'Invitation', description: 'A case as a funder sees it that may only bid' });

export const SeenCase = z.union([Whole, Invitation]);

/** A case as one of its parties sees it: what the seller was paid is between it and its funder, and one who may only bid sees what it bids on. */
export const viewOf = (file: CaseFile, party: PartyId, everything: boolean) => (everything || !isOnlyInvited(file, party) ? wholeOf(file, party) : invitationOf(file, party));

const isOnlyInvited = ({ case: { of, holderId, debtorId }, paper, invited }: CaseFile, party: PartyId): boolean =>
  invited.includes(party) && ![of.buyerId, of.sellerId, holderId, debtorId].includes(party) && !(paper?.obligors.some((o) => o.partyId === party) ?? false);

const invitationOf = ({ case: state, paper }: CaseFile, party: PartyId) => ({
  orderId: state.of.orderId, caseId: state.of.caseId, buyerId: state.of.buyerId, sellerId: state.of.sellerId, stage: state.stage.status, face: state.face, dueOn: state.dueOn,
  ...bidUntilOf(state.stage),
  ...(paper === undefined ? {} : { instrumentId: paper.id, instrument: { instrumentId: paper.id, kind: paper.kind, maturity: paper.maturity } }),
  // Row security leaves a funder no bid but its own.
  ...state.bids.filter((bid) => bid.funderId === party).map(({ bidId }) => ({ ownBid: bidId })).at(-1),
});

const wholeOf = ({ case: state, receivable, paper }: CaseFile, party: PartyId) => {
  const { of, stage, bought } = state;
  const inTheDeal = party === of.sellerId || party === bought?.bid.funderId;
  return {
    ...of, invoiceId: state.invoiceId, shipmentId: state.shipmentId, stage: stage.status, face: state.face, owed: owed(state), dueOn: state.dueOn, terms: receivable.terms,
    debtorId: state.debtorId, holderId: state.holderId,
    ...bidUntilOf(stage),
    ...(stage.status === 'failed' && stage.protestBy !== undefined ? { protestBy: stage.protestBy } : {}),
    ...(stage.status === 'settled' ? { outcome: stage.outcome } : {}),
    ...(receivable.lien === undefined ? {} : { lien: { kind: receivable.lien.kind, on: receivable.lien.on } }),
    ...(paper === undefined ? {} : { instrumentId: paper.id, instrument: instrumentOf(paper) }),
    ...(paper?.stage.status === 'recourse' ? { recourseAgainst: paper.stage.against.at(-1) } : {}),
    ...(inTheDeal && bought !== undefined ? { bought: { on: bought.on, rate: bought.purchase.rate, price: bought.purchase.price, profit: bought.purchase.profit, fee: bought.purchase.fee, net: bought.purchase.net } } : {}),
  };
};

const bidUntilOf = (stage: CaseFile['case']['stage']): { bidUntil?: string } => (stage.status === 'bidding' ? { bidUntil: isoOf(stage.bidUntil) } : {});

const instrumentOf = (paper: Required<CaseFile>['paper']) => ({
  instrumentId: paper.id, kind: paper.kind, status: paper.stage.status, face: paper.face, stampDuty: paper.stampDuty, drawnOn: paper.drawnOn, maturity: paper.maturity,
  clocks: clocksOf(paper, legalHolidays).map((clock) => ({ ...clock, dueAt: isoOf(clock.dueAt) })),
});
