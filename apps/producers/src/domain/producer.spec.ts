import { describe, expect, it } from '@jest/globals';
import { day, type Day } from '@peyvand/kernel';
import fc from 'fast-check';
import { answered, ended, expiresAt, type Licence } from './licence.js';
import { reassess, type Producer } from './producer.js';

const id = '01938000-0000-7000-8000-000000000001';
const today = day('2026-04-01');
const producer: Producer = { id, kind: 'workshop', name: { fa: 'گامک', en: 'Gamak' }, place: { placeId: id, city: 'هیدج', province: 'زنجان', latitude: 36, longitude: 49 }, site: 'none', small: true, blocked: false, standing: { status: 'registered' }, version: 1 };
const held = { id, producerId: id, kind: 'guild', number: '1', version: 1 } as const;
const confirmed = (until: string): Licence => ({ ...held, state: 'confirmed', validUntil: day(until) });
const over = (state: 'expired' | 'withdrawn', on: string): Licence => ({ ...held, state, validUntil: day(on), endedOn: day(on) });
const asked: Licence = { ...held, state: 'asked', validUntil: day('2027-01-01') };
const refused: Licence = { ...held, state: 'refused', validUntil: day('2027-01-01'), reason: 'unknown-number' };

describe('a producer’s standing', () => {
  it.each<[string, boolean, Licence[], object]>([
    ['no licence', false, [], { status: 'registered' }],
    ['one asked about', false, [asked], { status: 'registered' }],
    ['one refused', false, [refused], { status: 'registered' }],
    ['one confirmed', false, [confirmed('2026-04-01')], { status: 'verified', until: '2026-04-01' }],
    ['two confirmed', false, [confirmed('2026-06-01'), confirmed('2027-06-01')], { status: 'verified', until: '2027-06-01' }],
    ['one past its day', false, [confirmed('2026-03-31')], { status: 'registered' }],
    ['one expired', false, [over('expired', '2026-03-01')], { status: 'suspended', reason: 'licence-expired' }],
    ['expired, then another withdrawn', false, [over('withdrawn', '2026-03-02'), over('expired', '2026-03-01')], { status: 'suspended', reason: 'licence-withdrawn' }],
    ['expired and a good one', false, [over('expired', '2026-03-01'), confirmed('2027-01-01')], { status: 'verified' }],
    ['a good one and the operator’s hold', true, [confirmed('2027-01-01')], { status: 'suspended', reason: 'by-operator' }],
  ])('with %s', (_name, blocked, licences, standing) => {
    expect(reassess({ ...producer, blocked }, licences, today).state.standing).toMatchObject(standing);
  });

  const licences = fc.array(fc.oneof(fc.constant(asked), fc.constant(refused), ...['2026-03-31', '2026-05-01', '2027-01-01'].map((until) => fc.constant(confirmed(until))), fc.constant(over('expired', '2026-03-01')), fc.constant(over('withdrawn', '2026-03-05'))), { maxLength: 5 });

  it('is told once: reckoning again says nothing', () => {
    fc.assert(fc.property(licences, fc.boolean(), (all, blocked) => {
      const { state } = reassess({ ...producer, blocked }, all, today);
      return reassess(state, all, today).events.length === 0;
    }));
  });

  it('does not depend on the order in which licences are looked at', () => {
    fc.assert(fc.property(licences, (all) => {
      const [one, other] = [reassess(producer, all, today), reassess(producer, [...all].reverse(), today)].map(({ state }) => JSON.stringify(state.standing));
      return one === other;
    }));
  });
});

describe('a licence', () => {
  it.each<[string, Licence, Day, string]>([
    ['goes by the issuer’s date', asked, day('2026-05-05'), 'confirmed'],
    ['that ended before the answer is expired', asked, day('2026-03-31'), 'expired'],
    ['is answered once', refused, day('2027-01-01'), 'refused'],
    ['that ended stays ended', over('withdrawn', '2026-03-01'), day('2027-01-01'), 'withdrawn'],
  ])('%s', (_name, licence, validUntil, state) => {
    expect(answered(licence, { answer: 'confirmed', validUntil }, today).state).toBe(state);
  });

  it('is good through its last day in Tehran', () => {
    expect(new Date(expiresAt(day('2026-06-30'))).toISOString()).toBe('2026-06-30T20:30:00.000Z');
  });

  it('ends only when it was confirmed', () => {
    expect([asked, refused, over('expired', '2026-01-01')].map((licence) => ended(licence, 'withdrawn', today))).toEqual([asked, refused, over('expired', '2026-01-01')]);
  });
});
