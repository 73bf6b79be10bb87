import { dayOf, refuse, type Money, type PartyId, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { FinancingFact } from '../domain/case-ref.js';
import { acceptPaper } from '../domain/barat.js';
import { goWithoutPaper, openBidding, owed } from '../domain/financing-case.js';
import { mandateFault, type MandateRefusal, type SigningMandate } from '../domain/mandate.js';
import { undertake } from '../domain/receivable.js';
import { bidUntilOf } from '../financing.policy.js';
import { lockCases, saveCases, type CaseFile } from '../store/cases.store.js';
import { mandatesOf, signaturesOn, signMany, type Signed } from '../store/mandates.store.js';

export type Signatory = { readonly by: PartyId; readonly subject: string };
export type Acceptance = { readonly instrumentId: string; readonly amount?: Money; readonly condition?: string };

/** One paper, answered as its signatory says. */
export const acceptInstrument = async (tx: Tx, signatory: Signatory, acceptance: Acceptance) => {
  const [outcome] = await acceptInstruments(tx, signatory, [acceptance]);
  if (outcome === undefined) throw new Error('An acceptance came back without an outcome');
  return outcome;
};

/**
 * The signatory accepts any number of papers, each checked against the mandate, with a statement each for all of them; funders with a limit
 * on the drawee are invited to bid. A condition makes it a refusal (233). Answers in the order asked; what is refused leaves the others alone.
 */
export const acceptInstruments = async (tx: Tx, signatory: Signatory, acceptances: readonly Acceptance[]) => {
  const ids = [...new Set(acceptances.map(({ instrumentId }) => instrumentId))];
  const files = new Map((await lockCases(tx, 'instrument_id', ids)).map((file) => [file.paper?.id ?? '', file]));
  const round: Round = {
    tx, signatory, files, funders: await fundersFor(tx, [...files.values()]), mandates: await mandatesOf(tx, signatory.by), signatures: await signaturesOn(tx, ids), saved: new Map(), signed: [], facts: [],
  };
  const outcomes = acceptances.map((acceptance) => decide(round, acceptance));
  const saved = [...round.saved.values()];
  await signMany(tx, signatory.by, round.signed);
  await tx.unschedule('financing/answer-by', ...round.saved.keys());
  await saveCases(tx, saved);
  await tx.schedule(saved.flatMap(({ case: { of, stage } }) => (stage.status === 'bidding' ? [{ kind: 'financing/bidding-closes', key: of.caseId, dueAt: stage.bidUntil }] : [])));
  await tx.publish(round.facts);
  return outcomes;
};

type Round = {
  readonly tx: Tx; readonly signatory: Signatory; readonly files: ReadonlyMap<string, CaseFile>; readonly funders: ReadonlyMap<string, readonly PartyId[]>;
  readonly mandates: readonly SigningMandate[]; readonly signatures: readonly Signed[];
  readonly saved: Map<string, CaseFile>; readonly signed: Signed[]; readonly facts: FinancingFact[];
};

const decide = (round: Round, { instrumentId, amount, condition }: Acceptance) => {
  const { tx, signatory: { by, subject }, files, funders, saved, signed, facts } = round;
  const file = saved.get(instrumentId) ?? files.get(instrumentId);
  if (file?.paper === undefined) return refuse('paper-not-found');
  const today = dayOf(tx.now);
  const funderIds = (funders.get(file.paper.draweeId) ?? []).filter((id) => id !== file.case.of.sellerId && id !== file.case.of.buyerId);
  const bidUntil = bidUntilOf(tx.now);
  // Goods may have come back since the paper was drawn: nobody undertakes more than is owed.
  const stillOwed = owed(file.case);
  if (amount !== undefined && amount > stillOwed) return refuse('amount-out-of-range', { owed: String(stillOwed) });
  // The law lets a drawee accept a part (232), and the rest would be owed without paper; one receivable has one claim here, so two are drawn instead.
  if (amount !== undefined && amount < stillOwed) return refuse('leaves-a-rest', { owed: String(stillOwed) });
  const accepted = acceptPaper(file.paper, { by, on: today, bidUntil, funderIds, amount: amount ?? stillOwed, ...(condition === undefined ? {} : { condition }) });
  if (!accepted.ok) return accepted;
  const paper = accepted.state;
  if (paper.stage.status !== 'accepted') {
    const without = goWithoutPaper(file.case, 'paper-refused');
    if (!without.ok) return without;
    saved.set(instrumentId, { ...file, case: without.state, paper });
    facts.push(...accepted.events, ...without.events);
    return { ok: true as const, status: paper.stage.status };
  }
  const signature: Signed = { instrumentId, subject, amount: paper.acceptedAmount };
  const persons = [subject, ...round.signatures.filter((one) => one.instrumentId === instrumentId && one.amount === paper.acceptedAmount).map((one) => one.subject)];
  const fault = mandateFault(round.mandates, { partyId: by, persons: [...new Set(persons)], amount: paper.acceptedAmount, on: today });
  if (fault?.reason === 'more-signatures-needed') {
    // The signature is kept: the next one completes it.
    signed.push(signature);
    return { ok: true as const, status: 'presented' as const, needed: Number(fault.details?.['needed'] ?? 1) };
  }
  if (fault !== undefined) return fault as Refused<Exclude<MandateRefusal, 'more-signatures-needed'>>;
  const bidding = openBidding(file.case, { instrumentId, amount: paper.acceptedAmount, maturity: paper.maturity, draweeId: paper.draweeId, bidUntil });
  if (!bidding.ok) return bidding;
  const undertaken = undertake(file.receivable);
  if (!undertaken.ok) return undertaken;
  signed.push(signature);
  saved.set(instrumentId, { ...file, case: bidding.state, receivable: undertaken.state, paper, invited: funderIds });
  facts.push(...accepted.events, ...bidding.events);
  return { ok: true as const, status: paper.stage.status };
};

/** Ids of those who hold a limit, by drawee; how large it is stays theirs. */
const fundersFor = async (tx: Tx, files: readonly CaseFile[]): Promise<Map<string, readonly PartyId[]>> => {
  const drawees = [...new Set(files.flatMap(({ paper }) => paper?.draweeId ?? []))];
  const rows = await tx.sql<{ drawee: string; ids: PartyId[] | null }>('select d as drawee, funders_with_limit_on(d, $2) as ids from unnest($1::uuid[]) as d', [drawees, dayOf(tx.now)]);
  return new Map(rows.map(({ drawee, ids }) => [drawee, ids ?? []]));
};
