import { describe, expect, it } from '@jest/globals';
import { addDays, rials, type PartyId } from '@peyvand/kernel';
import fc from 'fast-check';
import { accepted, bankA, bankB, drawnOn, face, factsOf, ids, maturity, of, reasonOf, seller, supplier } from './examples.js';
import { collectable, dilute, fingerprintOf, openReceivable, placeLien, releaseLien, transferReceivable, undertake, type Lien, type Receivable } from './receivable.js';

const identity = { seller: '10380284790', buyer: '10101704295', number: 'ف-ی۱۲/۳', amount: face, issuedOn: drawnOn };
const opening = { of, invoiceId: ids.invoice, shipmentId: ids.shipment, fingerprint: fingerprintOf(identity), amount: face, terms: { days: 90, base: 'invoice', instrument: 'barat' }, dueOn: maturity } as const;
const open = (): Receivable => accepted(openReceivable(undefined, opening));
const lien = (holderId: PartyId): Lien => ({ holderId, kind: 'debt-purchase', on: drawnOn });

describe('the fingerprint of an invoice', () => {
  it.each([
    ['ي for ی', { number: 'ف-ي۱۲/۳' }],
    ['Latin digits', { number: 'ف-ی12/3' }],
    ['Arabic digits and spaces', { number: ' ف ی ١٢ ٣ ' }],
    ['half-spaces and direction marks', { number: '\u200fف\u200cی۱۲/۳' }],
    ['Persian digits in the national id', { seller: '۱۰۳۸۰۲۸۴۷۹۰' }],
  ])('is the same with %s', (_, changes) => expect(fingerprintOf({ ...identity, ...changes })).toBe(fingerprintOf(identity)));

  it.each([
    ['number', { number: 'ف-ی۱۲/۴' }],
    ['amount', { amount: rials(face + 1n) }],
    ['day', { issuedOn: addDays(drawnOn, 1) }],
    ['seller', { seller: '10101704295' }],
    ['buyer', { buyer: '10380284790' }],
  ])('differs with another %s', (_, changes) => expect(fingerprintOf({ ...identity, ...changes })).not.toBe(fingerprintOf(identity)));
});

describe('a receivable', () => {
  it('opens once per invoice; the same approval twice changes nothing', () => {
    expect(factsOf(openReceivable(undefined, opening))).toEqual(['ReceivableOpened']);
    expect(factsOf(openReceivable(open(), opening))).toEqual([]);
  });

  it('a second one of the same invoice is refused, the lien named', () => {
    const sold = accepted(placeLien(open(), lien(bankA)));
    expect(openReceivable(sold, { ...opening, of: { ...of, caseId: ids.otherCase } })).toEqual({
      ok: false, reason: 'invoice-already-registered', details: { caseId: ids.case, lien: { kind: 'debt-purchase', on: drawnOn } },
    });
  });

  it('takes one lien; the same again is the same, another is refused, after release one may come again', () => {
    const sold = accepted(placeLien(open(), lien(bankA)));
    expect(accepted(placeLien(sold, lien(bankA)))).toEqual(sold);
    expect(reasonOf(placeLien(sold, lien(bankB)))).toBe('already-under-lien');
    expect(reasonOf(placeLien(sold, { ...lien(bankA), kind: 'pledge' }))).toBe('already-under-lien');
    expect(reasonOf(placeLien(accepted(releaseLien(sold)), lien(bankB)))).toBe('accepted');
  });

  it('passes only to the one the lien is for', () => {
    expect(reasonOf(transferReceivable(open(), bankA))).toBe('no-lien-for-this-owner');
    const sold = accepted(placeLien(open(), lien(bankA)));
    expect(accepted(transferReceivable(sold, bankA)).ownerId).toBe(bankA);
    expect(reasonOf(transferReceivable(sold, bankB))).toBe('no-lien-for-this-owner');
  });

  it('a credit note leaves an undertaken face alone and becomes a debt of the seller', () => {
    const sold = accepted(undertake(open()));
    const decision = dilute(sold, { creditNoteId: ids.note, amount: rials(45_650_000) });
    expect(factsOf(decision)).toEqual(['DilutionRecorded']);
    expect(decision.ok && decision.events[0]?.data).toMatchObject({ treatment: 'seller-debt' });
    expect(collectable(accepted(decision))).toBe(face);
    expect(factsOf(dilute(accepted(decision), { creditNoteId: ids.note, amount: rials(45_650_000) }))).toEqual([]);
  });

  it('without an undertaking it lowers what is collectable, never below nothing', () => {
    const diluted = accepted(dilute(open(), { creditNoteId: ids.note, amount: rials(45_650_000) }));
    expect(collectable(diluted)).toBe(face - 45_650_000n);
    expect(reasonOf(dilute(diluted, { creditNoteId: ids.case, amount: face }))).toBe('more-than-the-receivable');
  });

  it('has one owner and one lien whatever is asked of it', () => {
    const step = fc.record({ who: fc.constantFrom(bankA, bankB, supplier), does: fc.constantFrom('lien', 'transfer', 'release', 'return') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let state = open();
        for (const { who, does } of steps) {
          const before = state;
          const decision = does === 'lien' ? placeLien(state, lien(who)) : does === 'transfer' ? transferReceivable(state, who) : releaseLien(state, does === 'return' ? seller : undefined);
          if (decision.ok) state = decision.state;
          if (before.lien !== undefined && does === 'lien') expect(state.lien).toEqual(before.lien);
          if (state.ownerId !== before.ownerId && does === 'transfer') expect(state.ownerId).toBe(before.lien?.holderId);
        }
      }),
    );
  });
});
