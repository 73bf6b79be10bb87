import { dayOf, refuse, type Money, type PartyId, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { acceptPaper } from '../domain/barat.js';
import { goWithoutPaper, openBidding, owed } from '../domain/financing-case.js';
import { undertake } from '../domain/receivable.js';
import { bidUntilOf } from '../financing.policy.js';
import { mandateFault, type MandateRefusal } from '../domain/mandate.js';
import { lockCaseOfInstrument, saveCase } from '../store/cases.store.js';
import { mandatesOf, sign } from '../store/mandates.store.js';

export type AcceptInstrument = { readonly instrumentId: string; readonly by: PartyId; readonly subject: string; readonly amount?: Money; readonly condition: string | undefined };

/** The signatory accepts; funders with a limit on the drawee are invited to bid. A condition makes it a refusal (233). */
export const acceptInstrument = async (tx: Tx, { instrumentId, by, subject, amount, condition }: AcceptInstrument) => {
  const file = await lockCaseOfInstrument(tx, instrumentId);
  if (file?.paper === undefined) return refuse('paper-not-found');
  const today = dayOf(tx.now);
  const funderIds = await fundersFor(tx, file.paper.draweeId, today, [file.case.of.sellerId, file.case.of.buyerId]);
  const bidUntil = bidUntilOf(tx.now);
  // Goods may have come back since the paper was drawn: nobody undertakes more than is owed.
  const stillOwed = owed(file.case);
  if (amount !== undefined && amount > stillOwed) return refuse('amount-out-of-range', { owed: String(stillOwed) });
  const accepted = acceptPaper(file.paper, { by, on: today, bidUntil, funderIds, amount: amount ?? stillOwed, ...(condition === undefined ? {} : { condition }) });
  if (!accepted.ok) return accepted;
  const paper = accepted.state;
  if (paper.stage.status !== 'accepted') {
    await tx.unschedule('financing/answer-by', instrumentId);
    const without = goWithoutPaper(file.case, 'paper-refused');
    if (!without.ok) return without;
    await saveCase(tx, { ...file, case: without.state, paper });
    await tx.publish([...accepted.events, ...without.events]);
    return { ok: true as const, status: paper.stage.status };
  }
  const missing = await missingSignature(tx, instrumentId, by, subject, paper.acceptedAmount);
  if (missing !== undefined) return missing;
  const bidding = openBidding(file.case, { instrumentId, amount: paper.acceptedAmount, maturity: paper.maturity, draweeId: paper.draweeId, bidUntil });
  if (!bidding.ok) return bidding;
  const undertaken = undertake(file.receivable);
  if (!undertaken.ok) return undertaken;
  await tx.unschedule('financing/answer-by', instrumentId);
  await saveCase(tx, { ...file, case: bidding.state, receivable: undertaken.state, paper, invited: funderIds });
  await tx.schedule({ kind: 'financing/bidding-closes', key: file.case.of.caseId, dueAt: bidUntil });
  await tx.publish([...accepted.events, ...bidding.events]);
  return { ok: true as const, status: paper.stage.status };
};

/** Undefined when the signatures so far bind the party; otherwise why not, or how many more it takes. */
const missingSignature = async (tx: Tx, instrumentId: string, by: PartyId, subject: string, amount: Money) => {
  const persons = await sign(tx, instrumentId, by, subject, amount);
  const fault = mandateFault(await mandatesOf(tx, by), { partyId: by, persons, amount, on: dayOf(tx.now) });
  // The signature is kept: the next one completes it.
  return fault?.reason === 'more-signatures-needed' ? { ok: true as const, status: 'presented' as const, needed: Number(fault.details?.['needed'] ?? 1) } : (fault as Refused<Exclude<MandateRefusal, 'more-signatures-needed'>> | undefined);
};

/** Ids of those who hold a limit; how large it is stays theirs. */
const fundersFor = async (tx: Tx, debtor: string, on: string, parties: readonly string[]): Promise<PartyId[]> => {
  const [row] = await tx.sql<{ ids: PartyId[] }>('select funders_with_limit_on($1, $2) as ids', [debtor, on]);
  return (row?.ids ?? []).filter((id) => !parties.includes(id));
};
