import { addDays, type Day, type Instant } from './time.js';

/** A day off. `official` days are in the yearly calendar; `decreed` ones are announced ad hoc, often the evening before and for one province. */
export type Holiday = {
  readonly date: Day;
  /** `national`, or the province it was decreed for. */
  readonly scope: string;
  readonly kind: 'official' | 'decreed';
  readonly announcedAt: Instant;
};

/** 0 Sunday … 5 Friday, 6 Saturday. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** Legal holidays and settlement days are two such calendars: the weekly days off and the dated ones. */
export type HolidayCalendar = { readonly weekend: readonly Weekday[]; readonly holidays: readonly Holiday[] };

/** Friday alone: the legal calendar before any dated holiday is loaded. */
export const fridaysOnly: HolidayCalendar = { weekend: [5], holidays: [] };

/** What to count: what was known then, in which province, and whether a decree moves a legal date (a policy). */
export type HolidayView = { readonly knownAt?: Instant; readonly province?: string; readonly decreesCount?: boolean };

/** The calendar as it stood for someone: a past clock keeps what was known when it was set. */
export const viewOf = (calendar: HolidayCalendar, { knownAt, province, decreesCount = true }: HolidayView): HolidayCalendar => ({
  weekend: calendar.weekend,
  holidays: calendar.holidays.filter(
    ({ scope, kind, announcedAt }) =>
      (knownAt === undefined || announcedAt <= knownAt) && (scope === 'national' || scope === province) && (decreesCount || kind === 'official'),
  ),
});

export const isHoliday = (on: Day, calendar: HolidayCalendar): boolean =>
  calendar.weekend.includes(new Date(`${on}T00:00:00Z`).getUTCDay() as Weekday) || calendar.holidays.some(({ date }) => date === on);

/** That day, or the first working one after it (Commercial Code art. 244). */
export const rollForward = (on: Day, calendar: HolidayCalendar): Day => {
  let at = on;
  for (let i = 0; isHoliday(at, calendar); i += 1) {
    if (i > 366) throw new RangeError('The calendar has no working day within a year');
    at = addDays(at, 1);
  }
  return at;
};

/** The settlement day `count` working days after `on` (T+1 is count 1); count 0 is `on` itself, rolled. */
export const settlementDay = (on: Day, count: number, calendar: HolidayCalendar): Day => {
  let at = rollForward(on, calendar);
  for (let i = 0; i < count; i += 1) at = rollForward(addDays(at, 1), calendar);
  return at;
};
