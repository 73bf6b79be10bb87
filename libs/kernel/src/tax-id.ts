import { invalid, valid, type Checked } from './checked.js';
import { compactCode } from './text.js';
import { addDays, daysBetween, type Day } from './time.js';

/** The 22 characters by which the Moadian system knows an invoice: fiscal memory, day, serial, check digit. */
export type TaxId = string & { readonly __brand: 'TaxId' };

export type TaxIdParts = {
  /** The six characters of the fiscal memory. */
  readonly memory: string;
  /** The civil day of issue in Tehran. */
  readonly on: Day;
  /** Unique within the memory, 0 … 2^40 − 1. */
  readonly serial: number;
};

export type TaxIdFault = 'tax-id-malformed' | 'tax-id-check-digit-wrong';

/** Error 0100604 of the tax system is this pattern failing. */
const pattern = /^([A-Z0-9]{6})([A-F0-9]{5})([A-F0-9]{10})([0-9])$/;

const epoch = '1970-01-01' as Day;

export const parseTaxId = (text: string): Checked<TaxId, TaxIdFault> => {
  const id = compactCode(text);
  const [, memory, days, serial, digit] = pattern.exec(id) ?? [];
  if (memory === undefined || days === undefined || serial === undefined) return invalid('tax-id-malformed');
  return Number(digit) === checkDigit(memory, parseInt(days, 16), parseInt(serial, 16)) ? valid(id as TaxId) : invalid('tax-id-check-digit-wrong');
};

export const buildTaxId = ({ memory, on, serial }: TaxIdParts): TaxId => {
  const days = daysBetween(epoch, on);
  if (!/^[A-Z0-9]{6}$/.test(memory) || days < 0 || days > 0xfffff || !Number.isSafeInteger(serial) || serial < 0 || serial >= 2 ** 40)
    throw new RangeError('A tax id needs a memory of six characters A–Z and 0–9, a day since 1970 and a serial below 2^40');
  return `${memory}${hex(days, 5)}${hex(serial, 10)}${checkDigit(memory, days, serial)}` as TaxId;
};

export const taxIdParts = (id: TaxId): TaxIdParts => ({
  memory: id.slice(0, 6),
  on: addDays(epoch, parseInt(id.slice(6, 11), 16)),
  serial: parseInt(id.slice(11, 21), 16),
});

const hex = (value: number, length: number): string => value.toString(16).toUpperCase().padStart(length, '0');

// The digit is over decimals, not over the hexadecimal that is printed: letters by ASCII code, day in 6 digits, serial in 12.
const checkDigit = (memory: string, days: number, serial: number): number =>
  verhoeff(memory.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0))) + String(days).padStart(6, '0') + String(serial).padStart(12, '0'));

/** The Verhoeff check digit to append to a row of digits. */
export const verhoeff = (digits: string): number => {
  let c = 0;
  for (let i = 0; i < digits.length; i += 1) c = multiply(c, permute((i + 1) % 8, Number(digits[digits.length - 1 - i])));
  return c < 5 ? (5 - c) % 5 : c;
};

/** In the dihedral group D5, whose table Verhoeff's method is. */
const multiply = (a: number, b: number): number => {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b - 5) % 5);
  return b < 5 ? 5 + ((a - 5 - b + 5) % 5) : (a - b + 5) % 5;
};

const shuffle = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4] as const;

const permute = (times: number, digit: number): number => {
  let at = digit;
  for (let i = 0; i < times; i += 1) at = shuffle[at] ?? 0;
  return at;
};
