import { invalid, valid, type Checked } from './checked.js';
import { compactCode } from './text.js';

export type PostalCode = string & { readonly __brand: 'PostalCode' };

/**
 * Ten digits, not starting with 0 and not all equal. The stricter patterns in use contradict each other,
 * so whether the place exists is for the postal code registry to say.
 */
export const parsePostalCode = (text: string): Checked<PostalCode, 'postal-code-not-ten-digits' | 'postal-code-never-issued'> => {
  const code = compactCode(text);
  if (!/^\d{10}$/.test(code)) return invalid('postal-code-not-ten-digits');
  return code.startsWith('0') || /^(\d)\1{9}$/.test(code) ? invalid('postal-code-never-issued') : valid(code as PostalCode);
};
