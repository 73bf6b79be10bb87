import { isoOf, type PartyId } from '@peyvand/kernel';
import { clocksOf } from '../domain/clocks.js';
import { owed } from '../domain/financing-case.js';
import { legalHolidays } from '../financing.policy.js';
import type { CaseFile } from '../store/cases.store.js';

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
