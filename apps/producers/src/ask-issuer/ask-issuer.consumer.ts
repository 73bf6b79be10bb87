import { Controller } from '@nestjs/common';
import { OnErrand, Source, transact, type Due, type Tx } from '@peyvand/messaging';
import { askIssuer } from '../apply-for-licence/apply-for-licence.js';
import { LicenceAuthority } from '../licence-authority/licence-authority.js';
import { findLicence } from '../store/licence.store.js';
import { findParticulars } from '../store/producer.store.js';
import { recordAnswers } from './record-answers.js';

@Controller()
export class AskIssuer {
  constructor(private readonly source: Source, private readonly authority: LicenceAuthority) {}

  /** Asks outside any transaction; asking again after a lost answer is the same question to the issuer (same reference). */
  @OnErrand(askIssuer)
  async ask({ key: licenceId }: Due): Promise<(tx: Tx) => Promise<void>> {
    const question = await transact(this.source, async (tx) => {
      const licence = await findLicence(tx, licenceId);
      const particulars = licence && (await findParticulars(tx, licence.producerId));
      return licence?.state === 'asked' && particulars !== undefined
        ? { reference: licence.id, kind: licence.kind, number: licence.number, nationalId: particulars.nationalId, validUntil: licence.validUntil } : undefined;
    }, { readOnly: true });
    if (question === undefined) return async () => {};
    const answers = await this.authority.ask(question);
    return (tx) => recordAnswers(tx, licenceId, answers);
  }
}
