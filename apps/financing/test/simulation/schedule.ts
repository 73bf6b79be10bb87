import { addDays, dayOf, instant, type Day, type PartyId } from '@peyvand/kernel';
import { idOf, scheduleFrom, type Schedule, type Step } from '@peyvand/testing/simulation';

/** A rule left out on purpose: the properties must find it. */
export type Variant =
  | 'fact-heard-twice' | 'deadlines-ignored' | 'answer-noted-twice' | 'lien-forgotten' | 'refused-money-keeps-the-limit' | 'paid-case-keeps-the-limit' | 'failure-not-posted' | 'second-payment-beside-the-first';

/** The first moment and the last day of every schedule. */
export const begin = instant('2026-03-21T06:00:00Z');
export const lastDay: Day = addDays(dayOf(begin), 240);

export const kinds = [
  'limit', 'match', 'match', 'agree', 'agree', 'agree', 'release', 'receive', 'receive', 'receive', 'approve', 'approve', 'approve', 'approve', 'credit', 'draw', 'draw', 'draw', 'draw',
  'accept', 'accept', 'accept', 'accept', 'accept', 'accept', 'accept', 'accept', 'refuse', 'bid', 'bid', 'bid', 'bid', 'bid', 'choose', 'choose', 'choose', 'choose', 'choose', 'keep', 'endorse',
  'pay-late', 'protest', 'protest', 'protest', 'demand', 'demand', 'demand', 'pay-recourse', 'pay-recourse', 'pay-recourse', 'write-off',
] as const;

export type Does = (typeof kinds)[number];
export type Trade = Schedule<Does>;
export type TradeStep = Step<Does>;

export const scheduleOf = (seed: number): Trade => scheduleFrom(seed, kinds, begin, 40);

const party = (kind: string) => (n: number): PartyId => idOf(kind, n) as PartyId;
export const [buyer, seller, funder] = [party('buyer'), party('seller'), party('funder')];
