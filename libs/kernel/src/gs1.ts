import { invalid, valid, type Checked } from './checked.js';
import { compactCode } from './text.js';

/** Names a trade item: 8, 12, 13 or 14 digits. */
export type Gtin = string & { readonly __brand: 'Gtin' };
/** Names a place or a party: 13 digits. */
export type Gln = string & { readonly __brand: 'Gln' };
/** Names one carton or pallet: 18 digits. */
export type Sscc = string & { readonly __brand: 'Sscc' };
/** Shenase kala: 13 digits made on GTIN rules by the national catalogue. */
export type GoodsId = string & { readonly __brand: 'GoodsId' };

/** The GS1 mod-10 digit to append: weights 3, 1, 3 … from the right. */
export const gs1CheckDigit = (digits: string): number => {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  return (10 - (sum % 10)) % 10;
};

export const parseGtin = (text: string): Checked<Gtin, 'gtin-wrong-length' | 'gtin-check-digit-wrong'> =>
  checked<Gtin, 'gtin-wrong-length', 'gtin-check-digit-wrong'>(text, [8, 12, 13, 14], 'gtin-wrong-length', 'gtin-check-digit-wrong');

export const parseGln = (text: string): Checked<Gln, 'gln-wrong-length' | 'gln-check-digit-wrong'> =>
  checked<Gln, 'gln-wrong-length', 'gln-check-digit-wrong'>(text, [13], 'gln-wrong-length', 'gln-check-digit-wrong');

export const parseSscc = (text: string): Checked<Sscc, 'sscc-wrong-length' | 'sscc-check-digit-wrong'> =>
  checked<Sscc, 'sscc-wrong-length', 'sscc-check-digit-wrong'>(text, [18], 'sscc-wrong-length', 'sscc-check-digit-wrong');

/** Published goods ids exist whose check digit fails, so a wrong one only warns. */
export const parseGoodsId = (text: string): Checked<{ readonly id: GoodsId; readonly warning?: 'goods-id-check-digit-wrong' }, 'goods-id-not-thirteen-digits'> => {
  const id = compactCode(text);
  if (!/^\d{13}$/.test(id)) return invalid('goods-id-not-thirteen-digits');
  return valid(fits(id) ? { id: id as GoodsId } : { id: id as GoodsId, warning: 'goods-id-check-digit-wrong' as const });
};

const fits = (code: string): boolean => Number(code.at(-1)) === gs1CheckDigit(code.slice(0, -1));

const checked = <T extends string, Length extends string, Digit extends string>(
  text: string,
  lengths: readonly number[],
  wrongLength: Length,
  wrongDigit: Digit,
): Checked<T, Length | Digit> => {
  const code = compactCode(text);
  if (!/^\d+$/.test(code) || !lengths.includes(code.length)) return invalid(wrongLength);
  return fits(code) ? valid(code as T) : invalid(wrongDigit);
};
