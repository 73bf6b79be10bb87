import { invalid, valid, type Checked } from './checked.js';
import { compactCode } from './text.js';

/** Kod-e melli: ten digits of a natural person. Personal data: it stays in the owner's table. */
export type NationalId = string & { readonly __brand: 'NationalId' };

/** Shenase melli: eleven digits of a legal person. */
export type LegalId = string & { readonly __brand: 'LegalId' };

export type NationalIdFault = 'national-id-not-ten-digits' | 'national-id-never-issued' | 'national-id-check-digit-wrong';

/** Eight or nine digits are taken as ten with the leading zeros lost, which spreadsheets do. */
export const parseNationalId = (text: string): Checked<NationalId, NationalIdFault> => {
  const digits = compactCode(text);
  if (!/^\d{8,10}$/.test(digits)) return invalid('national-id-not-ten-digits');
  const id = digits.padStart(10, '0');
  // Ten equal digits pass the arithmetic and belong to nobody; nor is a middle of six zeros ever issued.
  if (/^(\d)\1{9}$/.test(id) || id.slice(3, 9) === '000000') return invalid('national-id-never-issued');
  let sum = 0;
  for (let i = 0; i < 9; i += 1) sum += Number(id[i]) * (10 - i);
  const rest = sum % 11;
  return Number(id[9]) === (rest < 2 ? rest : 11 - rest) ? valid(id as NationalId) : invalid('national-id-check-digit-wrong');
};

export type LegalIdFault = 'legal-id-not-eleven-digits' | 'legal-id-never-issued' | 'legal-id-check-digit-wrong';

const legalWeights = [29, 27, 23, 19, 17] as const;

export const parseLegalId = (text: string): Checked<LegalId, LegalIdFault> => {
  const id = compactCode(text);
  if (!/^\d{11}$/.test(id)) return invalid('legal-id-not-eleven-digits');
  if (id.slice(3, 9) === '000000') return invalid('legal-id-never-issued');
  const shift = Number(id[9]) + 2;
  let sum = 0;
  for (let i = 0; i < 10; i += 1) sum += (shift + Number(id[i])) * (legalWeights[i % 5] ?? 0);
  return Number(id[10]) === (sum % 11) % 10 ? valid(id as LegalId) : invalid('legal-id-check-digit-wrong');
};
