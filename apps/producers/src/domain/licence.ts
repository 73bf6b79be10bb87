import { addDays, startOfDay, type Day, type Instant } from '@peyvand/kernel';

/** پروانهٔ بهره‌برداری، جواز تأسیس، پروانهٔ کسب، کارت بازرگانی. */
export const licenceKinds = ['operation', 'establishment', 'guild', 'commercial-card'] as const;
export type LicenceKind = (typeof licenceKinds)[number];

export const licenceStates = ['asked', 'confirmed', 'refused', 'expired', 'withdrawn'] as const;

type Held = { readonly id: string; readonly producerId: string; readonly kind: LicenceKind; readonly number: string; readonly version: number };

/** A licence as far as we know it: what the producer says, then what its issuer says, then its end. */
export type Licence = Held & (
  | { readonly state: 'asked'; readonly validUntil: Day }
  | { readonly state: 'confirmed'; readonly validUntil: Day }
  | { readonly state: 'refused'; readonly validUntil: Day; readonly reason: string }
  | { readonly state: 'expired' | 'withdrawn'; readonly validUntil: Day; readonly endedOn: Day });

/** What the issuer of a licence says about it. Its own date counts, not the one the producer typed. */
export type IssuerAnswer =
  | { readonly answer: 'confirmed'; readonly validUntil: Day }
  | { readonly answer: 'refused'; readonly reason: 'unknown-number' | 'other-holder' | 'not-active' | 'by-issuer' };

/** The licence after the issuer's answer; a second answer changes nothing (issuers have been seen to answer twice). */
export const answered = (licence: Licence, answer: IssuerAnswer, today: Day): Licence => {
  if (licence.state !== 'asked') return licence;
  const { id, producerId, kind, number, version } = licence;
  const held = { id, producerId, kind, number, version };
  if (answer.answer === 'refused') return { ...held, state: 'refused', validUntil: licence.validUntil, reason: answer.reason };
  return answer.validUntil < today
    ? { ...held, state: 'expired', validUntil: answer.validUntil, endedOn: addDays(answer.validUntil, 1) }
    : { ...held, state: 'confirmed', validUntil: answer.validUntil };
};

/** A licence is good through its last day (Tehran) and ends with the next one's first moment. */
export const expiresAt = (validUntil: Day): Instant => startOfDay(addDays(validUntil, 1));

export const ended = (licence: Licence, how: 'expired' | 'withdrawn', today: Day): Licence => {
  if (licence.state !== 'confirmed') return licence;
  const { id, producerId, kind, number, version, validUntil } = licence;
  return { id, producerId, kind, number, version, state: how, validUntil, endedOn: today };
};
