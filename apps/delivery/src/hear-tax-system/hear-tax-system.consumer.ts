import { Controller } from '@nestjs/common';
import { day } from '@peyvand/kernel';
import { OnDeadline, OnErrands, type Due, type Tx } from '@peyvand/messaging';
import { anyUnanswered, confirmUnanswered } from '../store/tax.store.js';
import { TaxSystem } from '../tax/tax-system.js';
import { listenAgain, recordAnswers, taxNews, taxSilence } from './record-answers.js';

@Controller()
export class HearTaxSystem {
  constructor(private readonly tax: TaxSystem) {}

  /** Goes on for good once the first document was sent: a buyer's word may come late. */
  @OnErrands(taxNews)
  async listen(): Promise<(tx: Tx) => Promise<void>> {
    if (!this.tax.connected) return async () => {};
    const news = await this.tax.news();
    return async (tx) => {
      await recordAnswers(tx, news);
      await tx.schedule(listenAgain(tx.now, await anyUnanswered(tx)));
    };
  }

  /** The buyer's days to react are over (30 from registration): silence confirms, to the tax office and to nobody else. */
  @OnDeadline(taxSilence)
  async confirm({ key }: Due, tx: Tx): Promise<void> {
    await confirmUnanswered(tx, day(key));
  }
}
