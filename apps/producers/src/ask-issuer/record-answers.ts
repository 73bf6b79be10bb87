import { dayOf } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import { answered, expiresAt, type IssuerAnswer, type Licence } from '../domain/licence.js';
import { licenceExpiry } from '../expire-licence/expire-licence.consumer.js';
import { settleStanding } from '../standing/settle-standing.js';
import { findLicence, updateLicence } from '../store/licence.store.js';
import { findProducer } from '../store/producer.store.js';

/** Records what the issuer said. Duplicates and late answers to a licence that is answered already change nothing and tell nothing. */
export const recordAnswers = async (tx: Tx, licenceId: string, answers: readonly IssuerAnswer[]): Promise<void> => {
  const found = await findLicence(tx, licenceId);
  // The producer first, as everywhere: two answers for one producer then queue instead of deadlocking.
  const producer = found && (await findProducer(tx, found.producerId, 'for update'));
  const licence = await findLicence(tx, licenceId, 'for update');
  if (producer === undefined || licence === undefined || licence.state !== 'asked') return;
  const after = answers.reduce<Licence>((known, answer) => answered(known, answer, dayOf(tx.now)), licence);
  if (after.state === 'asked') return;
  await updateLicence(tx, after);
  if (after.state === 'confirmed') await tx.schedule({ kind: licenceExpiry, key: after.id, dueAt: expiresAt(after.validUntil) });
  await settleStanding(tx, producer);
};
