import { refuse, type Day, type Refused } from '@peyvand/kernel';
import type { Tx } from '@peyvand/messaging';
import type { Licence, LicenceKind } from '../domain/licence.js';
import { insertLicence } from '../store/licence.store.js';
import { findProducer } from '../store/producer.store.js';

export type ApplyRefusal = 'producer-not-found' | 'licence-held';
export type Application = { readonly id: string; readonly producerId: string; readonly kind: LicenceKind; readonly number: string; readonly validUntil: Day };

/** The kind of the errand that asks the issuer; its key is the licence's id. */
export const askIssuer = 'producers/ask-issuer';

/** Notes the licence and sends the errand to its issuer. One licence has one holder: a second application, by anyone, is refused. */
export const applyForLicence = async (tx: Tx, application: Application): Promise<{ ok: true; licence: Licence } | Refused<ApplyRefusal>> => {
  if ((await findProducer(tx, application.producerId)) === undefined) return refuse('producer-not-found');
  const licence: Licence = { ...application, state: 'asked', version: 1 };
  if (!(await insertLicence(tx, licence))) return refuse('licence-held');
  await tx.schedule({ kind: askIssuer, key: licence.id, dueAt: tx.now });
  return { ok: true, licence };
};
