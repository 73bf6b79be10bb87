import { ProducerRegistered, ProducerSuspended, ProducerVerified, type NewFact, type Place } from '@peyvand/contracts';
import { accept, normalise, parseLegalId, parseNationalId, parsePostalCode, parseSheba, refuse, type Accepted, type Day, type Decision } from '@peyvand/kernel';
import { checked, checkedIfGiven, type Fault } from './faults.js';
import type { Licence, LicenceKind } from './licence.js';

export const producerKinds = ['factory', 'workshop', 'guild-unit'] as const;
export type ProducerKind = (typeof producerKinds)[number];

/** شهرک صنعتی، ناحیهٔ صنعتی، شهرک صنفی، مجتمع کارگاهی، or none of them. */
export const sites = ['industrial-park', 'industrial-zone', 'guild-park', 'workshop-complex', 'none'] as const;
export type Site = (typeof sites)[number];

/** Whether the producer may be matched. Derived from its licences and the operator's word, never set by hand. */
export type Standing =
  | { readonly status: 'registered' }
  | { readonly status: 'verified'; readonly licence: LicenceKind; readonly until: Day }
  | { readonly status: 'suspended'; readonly reason: 'licence-expired' | 'licence-withdrawn' | 'by-operator' };

/** What everyone signed in may read. */
export type Producer = {
  readonly id: string;
  readonly kind: ProducerKind;
  readonly name: { readonly fa: string; readonly en: string };
  readonly place: Place;
  readonly site: Site;
  readonly parkId?: string;
  readonly small: boolean;
  /** The operator's hold: it outlasts any licence. */
  readonly blocked: boolean;
  readonly standing: Standing;
  readonly version: number;
};

/** What only the producer and the operator read; never in a fact. */
export type Particulars = { readonly nationalId: string; readonly sheba?: string; readonly phone?: string; readonly postalCode?: string };

export type Registration = Omit<Producer, 'blocked' | 'standing' | 'version'> & { readonly particulars: Particulars };

/** Checks every identifier and answers all faults at once. A guild unit is its owner (kod-e melli); all others are legal persons (shenase melli). */
export const registerProducer = (told: Registration): Decision<{ producer: Producer; particulars: Particulars }, NewFact<unknown>, 'producer-faulty'> => {
  const faults: Fault[] = [];
  const { particulars, ...rest } = told;
  const nationalId = told.kind === 'guild-unit' ? checked<string>(faults, 'nationalId', parseNationalId(particulars.nationalId)) : checked<string>(faults, 'nationalId', parseLegalId(particulars.nationalId));
  const sheba = checkedIfGiven(faults, 'sheba', particulars.sheba, parseSheba);
  const postalCode = checkedIfGiven(faults, 'postalCode', particulars.postalCode, parsePostalCode);
  if (faults.length > 0 || nationalId === undefined) return refuse('producer-faulty', { errors: faults });
  const producer: Producer = { ...rest, name: { fa: normalise(told.name.fa), en: normalise(told.name.en) }, blocked: false, standing: { status: 'registered' }, version: 1 };
  return accept(
    { producer, particulars: { nationalId, ...(sheba && { sheba }), ...(postalCode && { postalCode }), ...(particulars.phone && { phone: particulars.phone }) } },
    ProducerRegistered.of({ producerId: producer.id, kind: producer.kind, place: producer.place, site: producer.site, small: producer.small }),
  );
};

/** Reckons the standing anew from everything that bears on it, and tells what changed. Asking again changes nothing. */
export const reassess = (producer: Producer, licences: readonly Licence[], today: Day): Accepted<Producer, NewFact<unknown>> => {
  const standing = standingOf(producer, licences, today);
  if (same(producer.standing, standing)) return accept({ ...producer, standing });
  const next = { ...producer, standing };
  switch (standing.status) {
    case 'verified': return accept(next, ProducerVerified.of({ producerId: producer.id, licence: standing.licence, validUntil: standing.until }));
    case 'suspended': return accept(next, ProducerSuspended.of({ producerId: producer.id, reason: standing.reason }));
    case 'registered': return accept(next);
  }
};

export const mayOffer = (producer: Producer): boolean => producer.standing.status === 'verified';

const standingOf = (producer: Producer, licences: readonly Licence[], today: Day): Standing => {
  if (producer.blocked) return { status: 'suspended', reason: 'by-operator' };
  const [best] = licences.filter((licence) => licence.state === 'confirmed' && licence.validUntil >= today).sort((a, b) => (a.validUntil < b.validUntil ? 1 : -1));
  if (best !== undefined) return { status: 'verified', licence: best.kind, until: best.validUntil };
  const [last] = licences.flatMap((licence) => (licence.state === 'expired' || licence.state === 'withdrawn' ? [licence] : [])).sort((a, b) => (a.endedOn < b.endedOn ? 1 : -1));
  if (last !== undefined) return { status: 'suspended', reason: last.state === 'withdrawn' ? 'licence-withdrawn' : 'licence-expired' };
  return { status: 'registered' };
};

const same = (a: Standing, b: Standing): boolean => JSON.stringify(a, Object.keys(a).sort()) === JSON.stringify(b, Object.keys(b).sort());
