import { Controller } from '@nestjs/common';
import { dayOf } from '@peyvand/kernel';
import { OnDeadline, type Due, type Tx } from '@peyvand/messaging';
import { ended } from '../domain/licence.js';
import { settleStanding } from '../standing/settle-standing.js';
import { findLicence, updateLicence } from '../store/licence.store.js';
import { findProducer } from '../store/producer.store.js';

/** Key: the licence's id. Due: the first moment after its last day. */
export const licenceExpiry = 'producers/licence-expiry';

@Controller()
export class ExpireLicence {
  @OnDeadline(licenceExpiry)
  async fire({ key: licenceId }: Due, tx: Tx): Promise<void> {
    const found = await findLicence(tx, licenceId);
    const producer = found && (await findProducer(tx, found.producerId, 'for update'));
    const licence = await findLicence(tx, licenceId, 'for update');
    if (producer === undefined || licence?.state !== 'confirmed') return;
    await updateLicence(tx, ended(licence, 'expired', dayOf(tx.now)));
    await settleStanding(tx, producer);
  }
}
