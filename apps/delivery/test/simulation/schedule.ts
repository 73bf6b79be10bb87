import { addDays, dayOf, instant } from '@peyvand/kernel';
import { scheduleFrom, type Schedule, type Step } from '@peyvand/testing/simulation';

/** A rule left out on purpose: the properties must find it. */
export type Variant = 'deadlines-ignored' | 'rest-forgotten' | 'invoice-twice' | 'one-person-approves' | 'dispute-overlooked' | 'match-left-out';

/** The first moment and the last day of every schedule. */
export const begin = instant('2026-03-21T06:00:00Z');
export const lastDay = addDays(dayOf(begin), 240);

export const kinds = ['match', 'agree', 'agree', 'secure', 'secure', 'release', 'dispatch', 'dispatch', 'dispatch', 'arrive', 'receive', 'receive', 'withdraw', 'invoice', 'invoice', 'replace', 'approve', 'approve', 'approve', 'approve', 'dispute', 'settle'] as const;
/** Nothing in delivery follows from a return: it is played where financing hears of it. */
export type Does = (typeof kinds)[number] | 'return';

export const scheduleOf = (seed: number): Schedule<Does> => scheduleFrom<Does>(seed, kinds, begin, 20);
export type DeliveryStep = Step<Does>;
