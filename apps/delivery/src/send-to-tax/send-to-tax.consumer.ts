import { Controller } from '@nestjs/common';
import { OnErrands, Source, transact, type DueOfMany, type Tx } from '@peyvand/messaging';
import type { TaxAnswer } from '../domain/tax-document.js';
import { recordAnswers } from '../hear-tax-system/record-answers.js';
import { TaxSystem } from '../tax/tax-system.js';
import { sendToTax, type ToBeSent } from './errand.js';
import { prepareDocuments } from './prepare-documents.js';

/** Invoices and returns go to the tax system in lots. Nothing of the trade waits for this: a lot that fails is an errand that is run again. */
@Controller()
export class SendToTax {
  constructor(private readonly source: Source, private readonly tax: TaxSystem) {}

  @OnErrands(sendToTax)
  async send(dues: DueOfMany<ToBeSent>[]): Promise<(tx: Tx) => Promise<void>> {
    if (!this.tax.connected) return async () => {};
    const invoices = await transact(this.source, (tx) => prepareDocuments(tx, dues));
    const answers = invoices.length === 0 ? [] : await this.tax.sendMany(invoices);
    // Handed over is sent, whatever else was said. True also of one asked for anew meanwhile: it is about the tax id, whoever asked.
    return (tx) => recordAnswers(tx, [...invoices.map(({ taxId }): TaxAnswer => ({ taxId, outcome: 'handed-over' })), ...answers]);
  }
}
