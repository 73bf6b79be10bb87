import { invalid, valid, type Checked } from './checked.js';
import { compactCode } from './text.js';

/** An Iranian bank account number: IR, two check digits, three digits of the bank and nineteen of the account. */
export type Sheba = string & { readonly __brand: 'Sheba' };

export type ShebaFault = 'sheba-not-ir-and-24-digits' | 'sheba-check-digits-wrong';

export const parseSheba = (text: string): Checked<Sheba, ShebaFault> => {
  const sheba = compactCode(text);
  if (!/^IR\d{24}$/.test(sheba)) return invalid('sheba-not-ir-and-24-digits');
  return mod97(sheba) === 1n ? valid(sheba as Sheba) : invalid('sheba-check-digits-wrong');
};

/** A Sheba out of the bank's three digits and an account number, padded on the left. */
export const shebaOf = (bank: string, account: string): Sheba => {
  const bban = `${bank.padStart(3, '0')}${account.padStart(19, '0')}`;
  if (!/^\d{22}$/.test(bban)) throw new RangeError('A Sheba is made of 3 digits of the bank and at most 19 of the account');
  return `IR${String(98n - mod97(`IR00${bban}`)).padStart(2, '0')}${bban}` as Sheba;
};

export const bankOf = (sheba: Sheba): string => sheba.slice(4, 7);

/** What lists and logs may show of it. */
export const maskSheba = (sheba: Sheba): string => `${sheba.slice(0, 7)}…${sheba.slice(-4)}`;

// ISO 7064 mod 97-10: the country (I = 18, R = 27) and the check digits move behind the account.
const mod97 = (sheba: string): bigint => BigInt(`${sheba.slice(4)}1827${sheba.slice(2, 4)}`) % 97n;
