import { describe, expect, it } from '@jest/globals';
import { rials } from '@peyvand/kernel';
import { bankA, buyer, drawing, seller } from './examples.js';
import { faceOf, formOf, rolesOf, type Form } from './instrument-form.js';

const whole = drawing().form;
const without = (item: keyof Form): Form => {
  const { [item]: _missing, ...rest } = whole;
  return rest as Form;
};

describe('the form of a barat (art. 223)', () => {
  it('whole, it lacks nothing', () => expect(formOf('barat', whole)).toEqual({ missing: [], commercial: true }));

  it.each([
    ['drawnOn', 'date'],
    ['draweeId', 'drawee'],
    ['amount', 'amount'],
    ['maturity', 'maturity'],
    ['payPlace', 'pay-place'],
    ['payeeId', 'payee'],
    ['copy', 'copy'],
  ] as const)('without %s it is no commercial bill (226)', (item, missing) => expect(formOf('barat', without(item))).toEqual({ missing: [missing], commercial: false }));

  it('without the word «برات» it still is one: item 1 is not in the list of 226', () => {
    expect(formOf('barat', { ...whole, named: false })).toEqual({ missing: ['name'], commercial: true });
  });

  it('unsigned it is nothing', () => expect(formOf('barat', { ...whole, drawerSigned: false }).commercial).toBe(false));

  it.each(['draweeId', 'payPlace', 'copy'] as const)('a safte does without %s', (item) => expect(formOf('safte', without(item)).missing).toEqual([]));
});

describe('the amount (art. 225)', () => {
  it.each([
    ['words and digits that agree', [100], 100, 100],
    ['words against digits: words', [100], 200, 100],
    ['words against smaller digits: words', [200], 100, 200],
    ['words twice: the smaller', [300, 200], 900, 200],
    ['digits alone', [], 700, 700],
  ])('%s', (_, words, digits, face) => expect(faceOf({ words: words.map(rials), digits: rials(digits) })).toBe(BigInt(face)));

  it('nothing written is no amount', () => expect(faceOf({ words: [] })).toBeUndefined());
});

describe('who stands where', () => {
  it.each([
    ['barat', 'paper', undefined, { drawerId: seller, draweeId: buyer, payeeId: seller }],
    ['barat', 'chain', bankA, { drawerId: buyer, draweeId: bankA, payeeId: seller }],
    ['barat', 'general', bankA, { drawerId: buyer, draweeId: bankA, payeeId: seller }],
    ['barat', 'general', undefined, { drawerId: seller, draweeId: buyer, payeeId: seller }],
    ['safte', 'paper', undefined, { drawerId: buyer, draweeId: buyer, payeeId: seller }],
  ] as const)('in a %s of the %s scheme with drawee %s', (kind, scheme, drawee, roles) => expect(rolesOf(kind, scheme, buyer, seller, drawee)).toEqual(roles));

  it('the chain scheme needs its bank', () => expect(rolesOf('barat', 'chain', buyer, seller)).toMatchObject({ reason: 'drawee-not-named' }));
});
