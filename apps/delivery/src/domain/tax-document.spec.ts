import { describe, expect, it } from '@jest/globals';
import { buildTaxId, day, newId } from '@peyvand/kernel';
import { hear, prepare, react, reactions, type Head, type NumberedDocument, type TaxAnswer, type TaxDocument, type TaxState } from './tax-document.js';
import { memoryIdOn } from './vat.js';

const issuedOn = day('2026-09-13');
const taxId = buildTaxId({ memory: 'GMK001', on: issuedOn, serial: 7 });
const original: Head = { id: newId(), sellerId: newId(), buyerId: newId(), subject: 'original' };
const after: Head = { ...original, id: newId(), subject: 'return', originalId: original.id };
const registered = { taxId, registeredOn: issuedOn, reactBy: day('2026-10-13') };
const numbered: readonly NumberedDocument[] = [
  { ...original, taxId, state: 'not-sent' }, { ...original, taxId, state: 'sent' }, { ...original, taxId, state: 'refused', reason: 'no' },
  ...reactions.map((state) => ({ ...original, ...registered, state })),
];
const every: readonly TaxDocument[] = [...(['not-needed', 'memory-id-missing', 'waiting-for-original'] as const).map((state) => ({ ...original, state })), ...numbered];
const inState = (state: TaxState) => every.find((document) => document.state === state);

describe('preparing a document for the tax system', () => {
  const given = { issuedOn, withdrawn: false, registrations: [{ from: day('2022-01-03'), registered: true, memoryId: 'GMK001' }], original: undefined, serial: 7 };

  it.each<[string, Head, object, object]>([
    ['gives it its tax id', original, {}, { state: 'not-sent', taxId }],
    ['waits for the memory id, of a seller nobody registered too', original, { registrations: [] }, { state: 'memory-id-missing' }],
    ['needs none of an unregistered seller', original, { registrations: [{ from: day('2022-01-03'), registered: false, memoryId: 'GMK001' }] }, { state: 'not-needed' }],
    ['needs none of an invoice that was replaced before', original, { withdrawn: true }, { state: 'not-needed' }],
    ['needs none of a return where the invoice needed none', after, { original: inState('not-needed') }, { state: 'not-needed' }],
    ['waits for an invoice that was not heard of', after, {}, { state: 'waiting-for-original' }],
    ...(['memory-id-missing', 'not-sent', 'sent', 'refused'] as const).map((state): [string, Head, object, object] => [`waits for an invoice that is ${state}`, after, { original: inState(state) }, { state: 'waiting-for-original' }]),
    ...reactions.map((state): [string, Head, object, object] => [`follows an invoice that is ${state}`, after, { original: inState(state) }, { state: 'not-sent', taxId, subject: 'return' }]),
  ])('%s', (_what, head, over, expected) => {
    expect(prepare(head, { ...given, ...over })).toMatchObject(expected);
  });

  it('takes the memory in force on the day, or the first one given after it', () => {
    const rows = [{ from: day('2026-05-01'), registered: true, memoryId: 'SECOND' }, { from: day('2025-01-01'), registered: true, memoryId: 'FIRST1' }, { from: day('2026-08-01'), registered: true }];
    expect(['2024-12-31', '2025-01-01', '2026-04-30', '2026-05-01', '2026-09-01'].map((on) => memoryIdOn(rows, day(on)))).toEqual(['FIRST1', 'FIRST1', 'FIRST1', 'SECOND', 'SECOND']);
    expect(memoryIdOn([], issuedOn)).toBeUndefined();
  });
});

describe('what the tax system says', () => {
  const handed: TaxAnswer = { taxId, outcome: 'handed-over' };
  const refusing: TaxAnswer = { taxId, outcome: 'refused', reason: 'no' };
  const plain = { taxId, outcome: 'registered', on: issuedOn } as const satisfies TaxAnswer;
  const becomes = (answer: TaxAnswer) => Object.fromEntries(numbered.map((document) => [document.state, hear(document, answer).state]));
  const same = Object.fromEntries(numbered.map(({ state }) => [state, state]));

  it.each<[string, TaxAnswer, object]>([
    ['having it', handed, { ...same, 'not-sent': 'sent' }],
    ['refusing', refusing, { ...same, 'not-sent': 'refused', sent: 'refused' }],
    ['registering', plain, { ...same, 'not-sent': 'awaiting-reaction', sent: 'awaiting-reaction', refused: 'awaiting-reaction' }],
    ...reactions.slice(1).map((reaction): [string, TaxAnswer, object] =>
      [`registering as ${reaction}`, { ...plain, reaction }, { ...Object.fromEntries(numbered.map(({ state }) => [state, reaction])), cancelled: 'cancelled' }]),
  ])('%s moves what it can move', (_what, answer, expected) => {
    expect(becomes(answer)).toEqual(expected);
  });

  it.each(numbered)('said again of one $state is nothing new', (document) => {
    for (const answer of [handed, refusing, plain, { ...plain, reaction: 'rejected', reason: 'price' }] as const) {
      const once = hear(document, answer);
      expect(hear(once, answer)).toBe(once);
    }
  });

  it('keeps the day of registration and drops a refusal’s reason', () => {
    const [, , refused] = numbered as [NumberedDocument, NumberedDocument, NumberedDocument];
    expect(hear(refused, plain)).toEqual({ ...original, ...registered, state: 'awaiting-reaction' });
    const later = hear(hear(refused, plain), { ...plain, on: day('2026-10-01'), reaction: 'rejected', reason: 'price' });
    expect(later).toEqual({ ...original, ...registered, state: 'rejected', reason: 'price' });
  });

  it('counts the days of the window in force', () => {
    const sent = numbered[1] as NumberedDocument;
    const windows = [{ from: day('2020-01-01'), days: 30 }, { from: day('2026-09-13'), days: 10 }];
    expect([day('2026-09-12'), day('2026-09-13')].map((on) => hear(sent, { ...plain, on }, windows))).toMatchObject([{ reactBy: '2026-10-12' }, { reactBy: '2026-09-23' }]);
    expect(() => hear(sent, { ...plain, on: day('2019-01-01') }, windows)).toThrow(RangeError);
  });
});

describe('the buyer’s reaction', () => {
  const today = day('2026-10-13');
  it.each(every)('to one $state is taken only while it is awaited', (document) => {
    const decision = react(document, original.buyerId, { reaction: 'confirmed' }, today);
    expect(decision).toMatchObject(document.state === 'awaiting-reaction' ? { ok: true, state: { state: 'confirmed' } } : { ok: false, reason: 'not-awaiting-reaction', details: { state: document.state } });
  });

  it('is the buyer’s alone, in time, and says why it rejects', () => {
    const awaiting = { ...original, ...registered, state: 'awaiting-reaction' } as const;
    expect(react(awaiting, original.sellerId, { reaction: 'confirmed' }, today)).toMatchObject({ reason: 'not-yours-to-react' });
    expect(react(awaiting, original.buyerId, { reaction: 'confirmed' }, day('2026-10-14'))).toMatchObject({ reason: 'not-awaiting-reaction' });
    expect(react(awaiting, original.buyerId, { reaction: 'rejected' }, today)).toMatchObject({ reason: 'reason-needed' });
    expect(react(awaiting, original.buyerId, { reaction: 'rejected', reason: 'price' }, today)).toMatchObject({ ok: true, state: { state: 'rejected', reason: 'price' } });
  });
});
