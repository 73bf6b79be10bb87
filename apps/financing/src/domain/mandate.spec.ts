import { describe, expect, it } from '@jest/globals';
import { addDays, rials } from '@peyvand/kernel';
import { buyer, drawnOn, seller } from './examples.js';
import { mandateFault, type SigningMandate } from './mandate.js';

const mandate = (changes: Partial<SigningMandate> = {}): SigningMandate => ({ partyId: buyer, persons: ['a', 'b', 'c'], together: 1, ceiling: rials(1_000), validUntil: drawnOn, ...changes });
const signature = { partyId: buyer, persons: ['a'], amount: rials(1_000), on: drawnOn };

describe('a signature binds its party', () => {
  it.each([
    ['alone, where each may sign', [mandate()], {}, undefined],
    ['on the last day and at the ceiling', [mandate()], {}, undefined],
    ['by a person not named', [mandate()], { persons: ['x'] }, 'no-mandate'],
    ['for another party', [mandate()], { partyId: seller }, 'no-mandate'],
    ['a day too late', [mandate()], { on: addDays(drawnOn, 1) }, 'mandate-expired'],
    ['for one rial too much', [mandate()], { amount: rials(1_001) }, 'above-mandate'],
    ['alone where two must sign', [mandate({ together: 2 })], {}, 'more-signatures-needed'],
    ['twice by the same person', [mandate({ together: 2 })], { persons: ['a', 'a'] }, 'more-signatures-needed'],
    ['by two of them', [mandate({ together: 2 })], { persons: ['a', 'c'] }, undefined],
    ['under whichever mandate covers it', [mandate({ ceiling: rials(1) }), mandate({ together: 2, ceiling: rials(5_000) })], { persons: ['a', 'b'], amount: rials(4_000) }, undefined],
  ] as const)('%s', (_, mandates, changes, fault) => expect(mandateFault(mandates, { ...signature, ...changes })?.reason).toBe(fault));
});
