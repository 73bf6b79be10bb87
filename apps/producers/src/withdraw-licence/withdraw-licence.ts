import { dayOf, refuse, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { ended } from '../domain/licence.js';
import type { Producer } from '../domain/producer.js';
import { licenceExpiry } from '../expire-licence/expire-licence.consumer.js';
import { settleStanding } from '../standing/settle-standing.js';
import { findLicence, updateLicence } from '../store/licence.store.js';
import { findProducer } from '../store/producer.store.js';

export type WithdrawRefusal = 'licence-not-found' | 'licence-not-confirmed';

/** The issuer took the licence back; the operator notes it. Another confirmed licence keeps the producer verified. */
export const withdrawLicence = async (tx: Tx, producerId: string, licenceId: string): Promise<{ ok: true; producer: Producer } | Refused<WithdrawRefusal>> => {
  const producer = await findProducer(tx, producerId, 'for update');
  const licence = await findLicence(tx, licenceId, 'for update');
  if (producer === undefined || licence?.producerId !== producerId) return refuse('licence-not-found');
  if (licence.state !== 'confirmed') return refuse('licence-not-confirmed', { state: licence.state });
  await updateLicence(tx, ended(licence, 'withdrawn', dayOf(tx.now)));
  await tx.unschedule(licenceExpiry, licenceId);
  return { ok: true, producer: await settleStanding(tx, producer) };
};
