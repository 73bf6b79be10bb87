import { describe, expect, it } from '@jest/globals';
import { acceptsItself, type StandingAcceptance } from './standing-acceptance.js';

describe('standing acceptance', () => {
  const cases: [string, StandingAcceptance | undefined, string, boolean][] = [
    ['nobody has given a word', undefined, '1', false],
    ['everything is accepted', { sellerId: 'a' }, '999999999999999999', true],
    ['at the ceiling', { sellerId: 'a', upTo: '1000' }, '1000', true],
    ['a rial above the ceiling', { sellerId: 'a', upTo: '1000' }, '1001', false],
    ['the word of another producer', { sellerId: 'b' }, '1', false],
  ];
  it.each(cases)('%s', (_name, instruction, amount, expected) => expect(acceptsItself(instruction, { sellerId: 'a', amount })).toBe(expected));
});
