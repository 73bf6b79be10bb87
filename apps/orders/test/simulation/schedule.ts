import type { Place } from '@peyvand/contracts';
import { addDays, dayOf, instant, type Day } from '@peyvand/kernel';
import { idOf, scheduleFrom, type Schedule, type Step } from '@peyvand/testing/simulation';

/** A rule left out on purpose: the properties must find it. */
export type Variant = 'capacity-not-rechecked' | 'fact-heard-twice' | 'release-forgets-the-offer' | 'lines-not-rechecked' | 'deadlines-ignored' | 'short-kept-as-matched';

/** The first moment and the last day of every schedule. */
export const begin = instant('2026-03-21T06:00:00Z');
export const lastDay: Day = addDays(dayOf(begin), 120);

export const kinds = ['offer', 'offer', 'submit', 'submit', 'submit', 'change', 'cancel', 'round', 'round', 'round', 'commit', 'commit', 'commit', 'award', 'accept', 'accept', 'decline', 'propose', 'answer-change', 'secure', 'secure', 'deliver', 'deliver'] as const;

export type Does = (typeof kinds)[number];
export type MarketStep = Step<Does>;
export type Market = Schedule<Does>;

export const [buyers, sellers, variants] = [2, 3, 2];

/** The nth place: Tehran or Isfahan. */
export const placeAt = (n: number): Place => (n % 2 === 0
  ? { placeId: idOf('place', 1), city: 'تهران', province: 'تهران', latitude: 35.7, longitude: 51.4 }
  : { placeId: idOf('place', 2), city: 'اصفهان', province: 'اصفهان', latitude: 32.6, longitude: 51.7 });

/** A month of trade drawn from a seed: 10 to 60 steps, minutes to days apart. */
export const scheduleOf = (seed: number): Market => scheduleFrom(seed, kinds, begin);
