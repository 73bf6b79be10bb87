import { isLeapJalaaliYear, isValidJalaaliDate, jalaaliMonthLength, toGregorian, toJalaali } from 'jalaali-js';
import { invalid, valid, type Checked } from './checked.js';
import { latinDigits, persianDigits } from './text.js';
import { day, type Day } from './time.js';

/** A date of the Solar Hijri calendar; months are 1 (فروردین) to 12. */
export type JalaliDate = { readonly year: number; readonly month: number; readonly day: number };

export const jalaliMonthNames = [
  'فروردین', 'اردیبهشت', 'خرداد', 'تیر', 'مرداد', 'شهریور', 'مهر', 'آبان', 'آذر', 'دی', 'بهمن', 'اسفند',
] as const;

export const jalaliOf = (on: Day): JalaliDate => {
  const { jy, jm, jd } = toJalaali(Number(on.slice(0, 4)), Number(on.slice(5, 7)), Number(on.slice(8, 10)));
  return { year: jy, month: jm, day: jd };
};

/** The civil day of a Jalali date that exists; throws RangeError for one that does not. */
export const dayOfJalali = (date: JalaliDate): Day => {
  if (!isValidJalaaliDate(date.year, date.month, date.day)) throw new RangeError(`Not a Jalali date: ${date.year}/${date.month}/${date.day}`);
  const { gy, gm, gd } = toGregorian(date.year, date.month, date.day);
  return day(`${pad(gy, 4)}-${pad(gm)}-${pad(gd)}`);
};

/** Reads 1405/01/01, 1405-1-1 or ۱۴۰۵/۰۱/۰۱. Years must be 1200 to 1599, so that a Gregorian date is never taken for a Jalali one. */
export const parseJalali = (text: string): Checked<Day, 'jalali-date-malformed' | 'jalali-date-does-not-exist'> => {
  const [, year, month, date] = /^(1[2-5]\d{2})[/.-](\d{1,2})[/.-](\d{1,2})$/.exec(latinDigits(text).trim()) ?? [];
  if (year === undefined) return invalid('jalali-date-malformed');
  const parsed = { year: Number(year), month: Number(month), day: Number(date) };
  return isValidJalaaliDate(parsed.year, parsed.month, parsed.day) ? valid(dayOfJalali(parsed)) : invalid('jalali-date-does-not-exist');
};

/** 1405/01/01 */
export const formatJalali = (on: Day): string => {
  const { year, month, day: date } = jalaliOf(on);
  return `${year}/${pad(month)}/${pad(date)}`;
};

/** ۱ فروردین ۱۴۰۵ */
export const formatJalaliLong = (on: Day): string => {
  const { year, month, day: date } = jalaliOf(on);
  return persianDigits(`${date} ${jalaliMonthNames[month - 1] ?? ''} ${year}`);
};

export const isJalaliLeap = (year: number): boolean => isLeapJalaaliYear(year);

export const jalaliYearLength = (year: number): 365 | 366 => (isJalaliLeap(year) ? 366 : 365);

/** How many days a year has when a rate per year is counted per day: a fixed number, or those of the Jalali year of the day. */
export type YearBasis = 360 | 365 | 'jalali-year';

export const daysOfYear = (basis: YearBasis, on: Day): number => (basis === 'jalali-year' ? jalaliYearLength(jalaliOf(on).year) : basis);

/** The same day `months` later, or the last of that month when it is shorter (31 شهریور + 1 → 30 مهر). */
export const addJalaliMonths = (on: Day, months: number): Day => {
  const from = jalaliOf(on);
  const index = from.year * 12 + from.month - 1 + months;
  const [year, month] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
  return dayOfJalali({ year, month, day: Math.min(from.day, jalaaliMonthLength(year, month)) });
};

export const endOfJalaliMonth = (on: Day): Day => {
  const { year, month } = jalaliOf(on);
  return dayOfJalali({ year, month, day: jalaaliMonthLength(year, month) });
};

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
