import { Controller } from '@nestjs/common';
import { CreditNoteIssued, type DataOf, type Fact } from '@peyvand/contracts';
import { rials } from '@peyvand/kernel';
import { NotYet, OnFact, Poison, type Tx } from '@peyvand/messaging';
import { transfersOf } from '../domain/ledger.js';
import { isCalled, lessen } from '../domain/financing-case.js';
import { dilute, undertake } from '../domain/receivable.js';
import { must } from '../must.js';
import { closeCase } from '../close-case/close-case.js';
import { lockCaseOfInvoice, saveCase } from '../store/cases.store.js';
import { post } from '../store/ledger.store.js';

/** Goods came back: on accepted paper the face stands and the seller owes the buyer; without an undertaking the receivable is worth less. */
@Controller()
export class OnCreditNote {
  @OnFact(CreditNoteIssued)
  async dilute({ data }: Fact<DataOf<typeof CreditNoteIssued>>, tx: Tx): Promise<void> {
    const file = await lockCaseOfInvoice(tx, data.invoiceId);
    if (file === undefined) throw new NotYet('InvoiceApproved', data.invoiceId);
    const amount = rials(data.gross);
    // Once the debtor was asked to pay, the amount stands: a later note is between the two of them.
    const receivable = isCalled(file.case) ? must(undertake(file.receivable)).state : file.receivable;
    const decision = dilute(receivable, { creditNoteId: data.creditNoteId, amount });
    if (!decision.ok) throw new Poison(`Credit note ${data.creditNoteId}: ${decision.reason}`);
    const { of } = file.case;
    const treatment = decision.state.dilutions.at(-1)?.treatment;
    if (decision.events.length === 0 || treatment === undefined) return;
    const lessened = treatment === 'reserve' ? lessen(file.case, amount) : undefined;
    if (lessened?.ok === false) throw new Poison(`Credit note ${data.creditNoteId}: ${lessened.reason}`);
    await saveCase(tx, { ...file, case: lessened?.state ?? file.case, receivable: decision.state });
    await post(tx, transfersOf({ kind: 'diluted', id: data.creditNoteId, caseId: of.caseId, sellerId: of.sellerId, buyerId: of.buyerId, amount, treatment }));
    await tx.publish([...decision.events, ...(lessened?.events ?? [])]);
    if (lessened?.state.stage.status === 'settled') await closeCase(tx, of);
  }
}
