import type { Place } from '@peyvand/contracts';
import { addDays, dayOf, instant, type Day, type Instant } from '@peyvand/kernel';

/** A rule left out on purpose: the properties must find it. */
export type Variant = 'capacity-not-rechecked' | 'fact-heard-twice' | 'release-forgets-the-offer' | 'lines-not-rechecked' | 'deadlines-ignored' | 'short-kept-as-matched';

/** The first moment and the last day of every schedule. */
export const begin = instant('2026-03-21T06:00:00Z');
export const lastDay: Day = addDays(dayOf(begin), 120);

const kinds = ['offer', 'offer', 'submit', 'submit', 'submit', 'change', 'cancel', 'round', 'round', 'round', 'commit', 'commit', 'commit', 'award', 'accept', 'accept', 'decline', 'propose', 'answer-change', 'secure', 'secure', 'deliver', 'deliver'] as const;

/** Something one of the parties does. `pick` says to which of the things that can be done now, `size` how much of it. */
export type Step = { readonly at: Instant; readonly does: (typeof kinds)[number]; readonly pick: number; readonly size: number };

/** `late`: milliseconds by which facts arrive late, taken in turn. */
export type Schedule = { readonly seed: number; readonly steps: readonly Step[]; readonly late: readonly number[] };

export const [buyers, sellers, variants] = [2, 3, 2];

/** The nth place: Tehran or Isfahan. */
export const placeAt = (n: number): Place => (n % 2 === 0
  ? { placeId: idOf('place', 1), city: 'تهران', province: 'تهران', latitude: 35.7, longitude: 51.4 }
  : { placeId: idOf('place', 2), city: 'اصفهان', province: 'اصفهان', latitude: 32.6, longitude: 51.7 });

/** The id of the nth thing of a kind, the same in every run. */
export function idOf(kind: string, n: number): string {
  return `0199a000-${String(kind.length).padStart(4, '0')}-7000-8000-${(kind.charCodeAt(0) * 256 + kind.charCodeAt(1)).toString(16).padStart(6, '0')}${n.toString(16).padStart(6, '0')}`;
}

/** A month of trade drawn from a seed: 10 to 60 steps, minutes to days apart. */
export const scheduleOf = (seed: number): Schedule => {
  const draw = drawFrom(seed);
  let at: number = begin;
  const steps = Array.from({ length: 10 + draw(51) }, (): Step => {
    at += draw(4) === 0 ? draw(3 * 86_400_000) : draw(2 * 3_600_000);
    return { at: instant(at), does: kinds[draw(kinds.length)] as Step['does'], pick: draw(1_000), size: draw(1_000) };
  });
  return { seed, steps, late: Array.from({ length: 7 }, () => (draw(3) === 0 ? draw(2 * 86_400_000) : draw(60_000))) };
};

/** mulberry32: small, and good enough to choose with. */
const drawFrom = (seed: number) => {
  let state = (seed * 0x9e37_79b1) >>> 0;
  return (below: number): number => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

/** One of a list, whatever its length. */
export const at = <T>(list: readonly T[], pick: number): T | undefined => (list.length === 0 ? undefined : list[pick % list.length]);
