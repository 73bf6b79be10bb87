import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compactCode, fold, foldCode, latinDigits, normalise, persianDigits } from './index.js';

describe('text for storing', () => {
  it.each([
    ['كفش گامك', 'کفش گامک'],
    ['علي', 'علی'],
    ['  چرم   سازی ', 'چرم سازی'],
    ['چرم\u200c\u200cسازی', 'چرم\u200cسازی'],
    ['چرم \u200cسازی\u200c', 'چرم سازی'],
    ['\u200fکتاب\u200e', 'کتاب'],
    ['کـــتاب', 'کتاب'],
    ['پلاک ۱۲', 'پلاک ۱۲'],
  ])('%j → %j', (text, stored) => expect(normalise(text)).toBe(stored));
});

describe('text for comparing', () => {
  it.each([
    ['كفش گامك', 'کفش گامک'],
    ['چرم\u200cسازی', 'چرمسازی'],
    ['آذرگون', 'اذرگون'],
    ['مؤسسه', 'موسسه'],
    ['خانهٔ پوشاک', 'خانه پوشاک'],
    ['خانۀ پوشاک', 'خانه پوشاک'],
    ['شركة', 'شرکه'],
    ['ﻛﻔﺶ', 'کفش'],
    ['رقم ۱۲٣', 'رقم 123'],
    ['SKU-a', 'sku-A'],
  ])('%j = %j', (a, b) => expect(fold(a)).toBe(fold(b)));

  it.each([
    ['فاکتور ي-۱۲/۳', 'فاکتور ی 12 3'],
    ['INV-0012', 'inv ۰۰۱۲'],
  ])('as a code %j = %j', (a, b) => expect(foldCode(a)).toBe(foldCode(b)));

  it('different numbers stay different', () => expect(foldCode('INV-12')).not.toBe(foldCode('INV-13')));
});

describe('digits', () => {
  it('every digit becomes Latin and back', () => {
    expect(latinDigits('۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩')).toBe('01234567890123456789');
    expect(persianDigits('1405/01/09')).toBe('۱۴۰۵/۰۱/۰۹');
  });

  it('a typed code loses its separators', () => expect(compactCode(' ir ۲۶-۰۲ ')).toBe('IR2602'));
});

it('normalising and folding twice changes nothing more', () => {
  const letters = fc.string({ unit: fc.constantFrom('ا', 'آ', 'ي', 'ى', 'ی', 'ك', 'ک', 'ة', 'ۀ', '\u0654', '\u200c', '\u200f', ' ', '\u00a0', 'ـ', '۱', '٢', 'A', '-', '\u064b') });
  fc.assert(
    fc.property(fc.oneof(letters, fc.string({ unit: 'grapheme' })), (text) => {
      expect(normalise(normalise(text))).toBe(normalise(text));
      expect(fold(fold(text))).toBe(fold(text));
      expect(fold(normalise(text))).toBe(fold(text));
    }),
  );
});
