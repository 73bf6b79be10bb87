import { invalid, valid, type Checked } from './checked.js';
import { compactCode } from './text.js';

/** The sixteen digits printed on a cheque of the Sayad system; no public check digit, so the registry confirms it. */
export type SayadiId = string & { readonly __brand: 'SayadiId' };

export const parseSayadiId = (text: string): Checked<SayadiId, 'sayadi-id-not-sixteen-digits'> => {
  const id = compactCode(text);
  return /^\d{16}$/.test(id) ? valid(id as SayadiId) : invalid('sayadi-id-not-sixteen-digits');
};
