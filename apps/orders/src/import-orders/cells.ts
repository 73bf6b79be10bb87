import type { FillPolicy, PaymentTerms } from '@peyvand/contracts';
import { fold, isDay, latinDigits, parseJalali } from '@peyvand/kernel';

// What people write in cells. Each reader answers undefined for what it cannot read; the caller names the fault.

/** A whole number with or without thousands separators, in any digits; "12.0" is 12. */
export const wholeOf = (text: string): bigint | undefined => {
  const plain = latinDigits(text).trim().replace(/[٫]/g, '.');
  const grouped = /^\d{1,3}([,٬،\u00a0 ']\d{3})+(\.0+)?$/.test(plain) ? plain.replace(/[,٬،\u00a0 ']/g, '') : plain;
  const [, whole] = /^(\d{1,18})(?:\.0+)?$/.exec(grouped) ?? [];
  return whole === undefined ? undefined : BigInt(whole);
};

/** Units from 1 to a thousand million. */
export const quantityOf = (text: string): number | undefined => {
  const whole = wholeOf(text);
  return whole === undefined || whole < 1n || whole > 1_000_000_000n ? undefined : Number(whole);
};

/** 1405/05/31, 2026-08-22 or 2026/08/22, in any digits. */
export const dateOf = (text: string): string | undefined => {
  const plain = latinDigits(text).trim();
  const jalali = parseJalali(plain);
  if (jalali.ok) return jalali.value;
  const [, year, month, day] = /^((?:19|20|21)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(plain) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(iso) ? iso : undefined;
};

export const unitOf = (text: string): string | undefined => units.get(fold(text));

export const fillOf = (text: string): FillPolicy | undefined => fills.get(fold(text));

export const gradeOf = (text: string): 'A' | 'B' | 'C' | undefined => grades.get(fold(text));

/** "cash", «برات ۹۰ روز», "open 30 month-end": an instrument, days unless cash, a base unless invoice. */
export const termsOf = (text: string): PaymentTerms | undefined => {
  const words = fold(text);
  const instrument = instruments.find(([pattern]) => pattern.test(words))?.[1];
  const [, digits] = /(\d{1,3})/.exec(words) ?? [];
  if (instrument === undefined) return undefined;
  const days = digits === undefined ? (instrument === 'cash' ? 0 : undefined) : Number(digits);
  if (days === undefined || days > 365) return undefined;
  const base = /receipt|رسید/.test(words) ? 'receipt' : /month|ماه/.test(words) ? 'month-end' : 'invoice';
  return { days, base, instrument };
};

const byWords = <T>(entries: readonly (readonly [T, readonly string[]])[]): ReadonlyMap<string, T> =>
  new Map(entries.flatMap(([value, words]) => words.map((word) => [fold(word), value] as const)));

const units = byWords([
  ['PR', ['PR', 'pair', 'pairs', 'جفت']], ['H87', ['H87', 'piece', 'pieces', 'pcs', 'عدد', 'دانه', 'قطعه']], ['DZN', ['DZN', 'dozen', 'دوجین']],
  ['CT', ['CT', 'carton', 'cartons', 'کارتن']], ['FTK', ['FTK', 'square foot', 'square feet', 'فوت مربع']],
] as const);
const fills = byWords<FillPolicy>([
  ['partial', ['partial', 'بخشی', 'جزئی', 'هر مقدار']], ['all-or-none', ['all-or-none', 'all or none', 'یکجا', 'همه یا هیچ']], ['back-order', ['back-order', 'back order', 'backorder', 'پس‌سفارش', 'پس سفارش']],
]);
const grades = byWords([['A', ['A', 'الف', 'یک', '1']], ['B', ['B', 'ب', 'دو', '2']], ['C', ['C', 'ج', 'سه', '3']]] as const);
const instruments: readonly (readonly [RegExp, PaymentTerms['instrument']])[] = [
  [/e-?barat|برات ?الکترونیک/, 'e-barat'], [/barat|برات/, 'barat'], [/safte|promissory|سفته/, 'safte'], [/cheque|check|چک/, 'cheque'], [/open|account|حساب ?باز|نسیه/, 'open'], [/cash|نقد/, 'cash'],
];
