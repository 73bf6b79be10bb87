import { dayOf, refuse, type Money, type PartyId } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { acceptPaper } from '../domain/barat.js';
import { goWithoutPaper, openBidding } from '../domain/financing-case.js';
import { undertake } from '../domain/receivable.js';
import { bidUntilOf } from '../financing.policy.js';
import { mandateOf } from '../grant-mandate/grant-mandate.http.js';
import { lockCaseOfInstrument, saveCase } from '../store/cases.store.js';

export type AcceptInstrument = { readonly instrumentId: string; readonly by: PartyId; readonly subject: string; readonly amount?: Money; readonly condition: string | undefined };

/** The signatory accepts; funders with a limit on the drawee are invited to bid. A condition makes it a refusal (233). */
export const acceptInstrument = async (tx: Tx, { instrumentId, by, subject, amount, condition }: AcceptInstrument) => {
  const file = await lockCaseOfInstrument(tx, instrumentId);
  if (file?.paper === undefined) return refuse('paper-not-found');
  const today = dayOf(tx.now);
  const mandate = await mandateOf(tx, by, subject, amount ?? file.paper.face, today);
  if (mandate !== 'ok') return refuse(mandate);
  const funderIds = await fundersFor(tx, file.paper.draweeId, today, [file.case.of.sellerId, file.case.of.buyerId]);
  const bidUntil = bidUntilOf(tx.now);
  const accepted = acceptPaper(file.paper, { by, on: today, bidUntil, funderIds, ...(amount === undefined ? {} : { amount }), ...(condition === undefined ? {} : { condition }) });
  if (!accepted.ok) return accepted;
  const paper = accepted.state;
  await tx.unschedule('financing/answer-by', instrumentId);
  if (paper.stage.status !== 'accepted') {
    const without = goWithoutPaper(file.case, 'paper-refused');
    if (!without.ok) return without;
    await saveCase(tx, { ...file, case: without.state, paper });
    await tx.publish([...accepted.events, ...without.events]);
    return { ok: true as const, status: paper.stage.status };
  }
  const bidding = openBidding(file.case, { instrumentId, amount: paper.acceptedAmount, maturity: paper.maturity, draweeId: paper.draweeId, bidUntil });
  if (!bidding.ok) return bidding;
  const undertaken = undertake(file.receivable);
  if (!undertaken.ok) return undertaken;
  await saveCase(tx, { ...file, case: bidding.state, receivable: undertaken.state, paper }, funderIds);
  await tx.schedule({ kind: 'financing/bidding-closes', key: file.case.of.caseId, dueAt: bidUntil });
  await tx.publish([...accepted.events, ...bidding.events]);
  return { ok: true as const, status: paper.stage.status };
};

/** Ids of those who hold a limit; how large it is stays theirs. */
const fundersFor = async (tx: Tx, debtor: string, on: string, parties: readonly string[]): Promise<PartyId[]> => {
  const [row] = await tx.sql<{ ids: PartyId[] }>('select funders_with_limit_on($1, $2) as ids', [debtor, on]);
  return (row?.ids ?? []).filter((id) => !parties.includes(id));
};
