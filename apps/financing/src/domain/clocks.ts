import { addDays, addHours, addJalaliMonths, assertNever, endOfDay, rollForward, type Day, type HolidayCalendar, type Instant } from '@peyvand/kernel';
import type { Instrument } from './barat.js';

/** One running clock of the law on a paper. `dueAt` is the last moment in time; after it, `onMiss` is what happens. */
export type Clock = {
  readonly clock: 'answer' | 'pay' | 'protest' | 'notice' | 'suit' | 'prescription';
  readonly dueAt: Instant;
  /** Of the Commercial Code. */
  readonly article: number;
  readonly onMiss: 'taken-as-refusal' | 'not-paid' | 'recourse-lost' | 'damages' | 'endorsers-and-drawer-barred' | 'prescription-may-be-pleaded';
};

/** Every clock that runs on this paper now, the nearest first. Holidays are what was known, so give the calendar as it stood. */
export const clocksOf = (instrument: Instrument, holidays: HolidayCalendar): readonly Clock[] => running(instrument, holidays).toSorted((a, b) => a.dueAt - b.dueAt);

const running = (instrument: Instrument, holidays: HolidayCalendar): readonly Clock[] => {
  const { stage } = instrument;
  switch (stage.status) {
    case 'presented':
      return [{ clock: 'answer', dueAt: addHours(stage.at, 24), article: 235, onMiss: 'taken-as-refusal' }];
    case 'accepted':
      return [{ clock: 'pay', dueAt: endOfDay(payDayOf(instrument, holidays)), article: 244, onMiss: 'not-paid' }];
    case 'matured':
    case 'part-paid':
    case 'not-paid':
      return [{ clock: 'protest', dueAt: endOfDay(protestByOf(instrument, holidays)), article: 280, onMiss: 'recourse-lost' }];
    case 'protested':
      return [notice(stage.protestedOn, 0), ...afterProtest(stage.protestedOn, instrument)];
    case 'notified': {
      const last = stage.hops.at(-1) ?? stage.protestedOn;
      const more = stage.hops.length < instrument.endorsements.length ? [notice(last, stage.hops.length)] : [];
      return [...more, ...afterProtest(stage.protestedOn, instrument)];
    }
    case 'recourse':
      return afterProtest(stage.protestedOn, instrument);
    case 'recourse-lost':
      return [prescription(protestByOf(instrument, holidays))];
    case 'refusal-protested':
      return afterProtest(stage.on, instrument);
    case 'drawn':
    case 'refused':
    case 'paid':
      return [];
    default:
      return assertNever(stage);
  }
};

/** A maturity on a holiday is payable on the next working day (244). */
export const payDayOf = ({ maturity }: Pick<Instrument, 'maturity'>, holidays: HolidayCalendar): Day => rollForward(maturity, holidays);

/** Ten days from the pay day (280); when the tenth is a holiday, the next working day (281). */
export const protestByOf = (instrument: Pick<Instrument, 'maturity'>, holidays: HolidayCalendar): Day =>
  rollForward(addDays(payDayOf(instrument, holidays), 10), holidays);

/** One year from the protest, two when payable abroad (286, 287 as amended in 1358). */
export const suitByOf = (protestedOn: Day, payableAbroad: boolean): Day => addJalaliMonths(protestedOn, payableAbroad ? 24 : 12);

// The first notice goes from the holder to its transferor (284), the others from endorser to endorser (285).
const notice = (from: Day, hops: number): Clock => ({ clock: 'notice', dueAt: endOfDay(addDays(from, 10)), article: hops === 0 ? 284 : 285, onMiss: 'damages' });

const afterProtest = (protestedOn: Day, { payableAbroad }: Instrument): readonly Clock[] => [
  { clock: 'suit', dueAt: endOfDay(suitByOf(protestedOn, payableAbroad)), article: payableAbroad ? 287 : 286, onMiss: 'endorsers-and-drawer-barred' },
  prescription(protestedOn),
];

// Five years from the protest or the end of its time; it may be pleaded, and never closes a claim by itself (318).
const prescription = (from: Day): Clock => ({ clock: 'prescription', dueAt: endOfDay(addJalaliMonths(from, 60)), article: 318, onMiss: 'prescription-may-be-pleaded' });
