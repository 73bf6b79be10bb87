import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  bankOf, buildTaxId, day, gs1CheckDigit, maskSheba, parseGln, parseGoodsId, parseGtin, parseLegalId, parseNationalId, parsePostalCode,
  parseSayadiId, parseSheba, parseSscc, parseTaxId, shebaOf, taxIdParts, type Checked,
} from './index.js';

/** Rows of [text, the value it parses to or the reason it is refused]. */
const table = (name: string, parse: (text: string) => Checked<unknown>, rows: readonly (readonly [string, string])[]) =>
  describe(name, () => {
    it.each(rows)('%s → %s', (text, outcome) => {
      const parsed = parse(text);
      expect(parsed.ok ? parsed.value : parsed.reason).toBe(outcome);
    });
  });

const digitsOf = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });

/** Changing one digit to another must break any check digit method here. */
const otherDigit = (code: string, at: number, by: number): string =>
  code.slice(0, at) + String((Number(code[at]) + by) % 10) + code.slice(at + 1);

table('national id of a person', parseNationalId, [
  ['0076229645', '0076229645'],
  ['1583250689', '1583250689'],
  ['0499370899', '0499370899'],
  ['۰۴۹۹۳۷۰۸۹۹', '0499370899'],
  ['76229645', '0076229645'],
  ['499370899', '0499370899'],
  ['0076229646', 'national-id-check-digit-wrong'],
  ['1111111111', 'national-id-never-issued'],
  ['1230000001', 'national-id-never-issued'],
  ['1234567', 'national-id-not-ten-digits'],
  ['00762296450', 'national-id-not-ten-digits'],
  ['', 'national-id-not-ten-digits'],
]);

table('national id of a legal person', parseLegalId, [
  ['10380284790', '10380284790'],
  ['10101704295', '10101704295'],
  ['۱۰۳۸۰۲۸۴۷۹۰', '10380284790'],
  ['14003943132', 'legal-id-check-digit-wrong'],
  ['103802847900', 'legal-id-not-eleven-digits'],
  ['1038028479', 'legal-id-not-eleven-digits'],
  ['12300000012', 'legal-id-never-issued'],
]);

table('Sheba', parseSheba, [
  ['IR260220170001010001101001', 'IR260220170001010001101001'],
  ['ir26 0220 1700 0101 0001 1010 01', 'IR260220170001010001101001'],
  ['IR270220170001010001101001', 'sheba-check-digits-wrong'],
  ['IR2602201700010100011010011', 'sheba-not-ir-and-24-digits'],
  ['IR26022017000101000110100', 'sheba-not-ir-and-24-digits'],
  ['260220170001010001101001', 'sheba-not-ir-and-24-digits'],
  ['DE260220170001010001101001', 'sheba-not-ir-and-24-digits'],
]);

describe('Sheba of an account', () => {
  it('verifies, names its bank and any one wrong digit breaks it', () => {
    fc.assert(
      fc.property(digitsOf(3), digitsOf(19), fc.integer({ min: 2, max: 25 }), fc.integer({ min: 1, max: 9 }), (bank, account, at, by) => {
        const sheba = shebaOf(bank, account);
        expect(parseSheba(sheba)).toEqual({ ok: true, value: sheba });
        expect(bankOf(sheba)).toBe(bank);
        expect(parseSheba(otherDigit(sheba, at, by)).ok).toBe(false);
      }),
    );
  });

  it('shows only its ends', () => expect(maskSheba(shebaOf('022', '170001010001101001'))).toBe('IR26022…1001'));
});

table('postal code', parsePostalCode, [
  ['1969833114', '1969833114'],
  ['۱۹۶۹۸-۳۳۱۱۴', '1969833114'],
  ['0969833114', 'postal-code-never-issued'],
  ['1111111111', 'postal-code-never-issued'],
  ['196983311', 'postal-code-not-ten-digits'],
]);

table('sayadi id', parseSayadiId, [
  ['1234567890123456', '1234567890123456'],
  ['۱۲۳۴ ۵۶۷۸ ۹۰۱۲ ۳۴۵۶', '1234567890123456'],
  ['123456789012345', 'sayadi-id-not-sixteen-digits'],
]);

table('tax id', parseTaxId, [
  ['DEF5GH0481F000000000C2', 'DEF5GH0481F000000000C2'],
  ['DEF5GH0481F0000001FED8', 'DEF5GH0481F0000001FED8'],
  ['def5gh0481f009956f7211', 'DEF5GH0481F009956F7211'],
  ['A278W604C8000000004744', 'tax-id-check-digit-wrong'],
  ['DEF5GH0481F000000000C', 'tax-id-malformed'],
  ['DEF5GH0481G000000000C2', 'tax-id-malformed'],
]);

describe('a built tax id', () => {
  it.each([
    ['DEF5GH', 12, 'DEF5GH0481F000000000C2'],
    ['DEF5GH', 0x1fed, 'DEF5GH0481F0000001FED8'],
    ['DEF5GH', 0x009956f721, 'DEF5GH0481F009956F7211'],
  ])('of memory %s and serial %i is %s', (memory, serial, id) => {
    expect(buildTaxId({ memory, serial, on: taxIdParts(id as never).on })).toBe(id);
  });

  it('verifies, reads back and any one wrong digit of its serial breaks it', () => {
    const memory = fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'), minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(memory, fc.integer({ min: 0, max: 2 ** 40 - 1 }), fc.integer({ min: 1, max: 9 }), (text, serial, by) => {
        const parts = { memory: text, on: day('2026-11-23'), serial };
        const id = buildTaxId(parts);
        expect(parseTaxId(id)).toEqual({ ok: true, value: id });
        expect(taxIdParts(id)).toEqual(parts);
        expect(parseTaxId(otherDigit(id, 21, by)).ok).toBe(false);
      }),
    );
  });

  it('refuses parts that do not fit', () => {
    expect(() => buildTaxId({ memory: 'ABC', on: day('2026-11-23'), serial: 1 })).toThrow(RangeError);
    expect(() => buildTaxId({ memory: 'ABCDEF', on: day('2026-11-23'), serial: 2 ** 40 })).toThrow(RangeError);
  });
});

table('GTIN', parseGtin, [
  ['6261000000016', '6261000000016'],
  ['6291041500213', '6291041500213'],
  ['96385074', '96385074'],
  ['036000291452', '036000291452'],
  ['10614141000415', '10614141000415'],
  ['6261000000017', 'gtin-check-digit-wrong'],
  ['626100000002', 'gtin-check-digit-wrong'],
  ['62610000000', 'gtin-wrong-length'],
]);

table('GLN', parseGln, [
  ['6261000000016', '6261000000016'],
  ['6261000000010', 'gln-check-digit-wrong'],
  ['96385074', 'gln-wrong-length'],
]);

table('SSCC', parseSscc, [
  ['062610000000000016', '062610000000000016'],
  ['062610000000000017', 'sscc-check-digit-wrong'],
  ['06261000000000001', 'sscc-wrong-length'],
]);

describe('GS1 check digits', () => {
  it.each([['629104150021', 3], ['626100000001', 6], ['06261000000000001', 6]])('%s → %i', (digits, digit) => expect(gs1CheckDigit(digits)).toBe(digit));

  it('any one wrong digit breaks a code', () => {
    fc.assert(
      fc.property(digitsOf(12), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 9 }), (twelve, at, by) => {
        const code = `${twelve}${gs1CheckDigit(twelve)}`;
        expect(parseGtin(code).ok).toBe(true);
        expect(parseGtin(otherDigit(code, at, by)).ok).toBe(false);
      }),
    );
  });
});

describe('goods id', () => {
  it('is good when its check digit is', () => expect(parseGoodsId('6261000000016')).toEqual({ ok: true, value: { id: '6261000000016' } }));

  it.each(['2330000604708', '2330001234567', '1254219865985'])('%s, published with a wrong check digit, only warns', (id) =>
    expect(parseGoodsId(id)).toEqual({ ok: true, value: { id, warning: 'goods-id-check-digit-wrong' } }));

  it('is refused at another length', () => expect(parseGoodsId('123')).toEqual({ ok: false, reason: 'goods-id-not-thirteen-digits' }));
});
