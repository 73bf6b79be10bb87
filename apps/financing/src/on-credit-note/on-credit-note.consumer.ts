import { Controller } from '@nestjs/common';
import { CreditNoteIssued, type DataOf, type Fact } from '@peyvand/contracts';
import { rials } from '@peyvand/kernel';
import { NotYet, OnFact, Poison, type Tx } from '@peyvand/messaging';
import { transfersOf } from '../domain/ledger.js';
import { dilute } from '../domain/receivable.js';
import { invitedTo, lockCaseOfInvoice, saveCase } from '../store/cases.store.js';
import { post } from '../store/ledger.store.js';

/** Goods came back: on accepted paper the face stands and the seller owes the buyer; without an undertaking the receivable is worth less. */
@Controller()
export class OnCreditNote {
  @OnFact(CreditNoteIssued)
  async dilute({ data }: Fact<DataOf<typeof CreditNoteIssued>>, tx: Tx): Promise<void> {
    const file = await lockCaseOfInvoice(tx, data.invoiceId);
    if (file === undefined) throw new NotYet('InvoiceApproved', data.invoiceId);
    const amount = rials(data.gross);
    const decision = dilute(file.receivable, { creditNoteId: data.creditNoteId, amount });
    if (!decision.ok) throw new Poison(`Credit note ${data.creditNoteId}: ${decision.reason}`);
    const { of } = file.case;
    const treatment = decision.state.dilutions.at(-1)?.treatment;
    if (decision.events.length === 0 || treatment === undefined) return;
    // Without an undertaking the debtor owes that much less.
    const face = treatment === 'reserve' ? rials(file.case.face - amount) : file.case.face;
    await saveCase(tx, { ...file, case: { ...file.case, face }, receivable: decision.state }, await invitedTo(tx, of.caseId));
    await post(tx, transfersOf({ kind: 'diluted', id: data.creditNoteId, caseId: of.caseId, sellerId: of.sellerId, buyerId: of.buyerId, amount, treatment }));
    await tx.publish(decision.events);
  }
}
