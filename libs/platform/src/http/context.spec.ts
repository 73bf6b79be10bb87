import { describe, expect, it } from '@jest/globals';
import { newId } from '@peyvand/kernel';
import { canonical } from './canonical.js';
import { contextOf, localeOf } from './context.js';
import { asciiDigits, persianText } from './text.js';

describe('what a request brings along', () => {
  it.each([
    [undefined, 'fa'], ['', 'fa'], ['en', 'en'], ['en-GB,en;q=0.9', 'en'], ['fa-IR', 'fa'], ['en;q=0.5, fa', 'fa'], ['en, fa;q=0.9', 'en'], ['fa;q=0.8, en;q=0.8', 'fa'], ['de, fr', 'fa'], ['en;q=0', 'fa'], [`${'x,'.repeat(10_000)}en`, 'fa'],
  ] as const)('Accept-Language %s is answered in %s', (header, locale) => {
    expect(localeOf(header)).toBe(locale);
  });

  it('keeps a well-formed correlation id and trace, and makes new ones else', () => {
    const id = newId();
    expect(contextOf({ 'x-correlation-id': id, traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-00` })).toMatchObject({ correlationid: id, traceparent: expect.stringMatching(/^00-1{32}-[0-9a-f]{16}-00$/) });
    const fresh = contextOf({ 'x-correlation-id': 'x\nforged', traceparent: 'rubbish' });
    expect(fresh.correlationid).toMatch(/^[0-9a-f-]{36}$/);
    expect(fresh.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('has one hash for one JSON value', () => {
    expect(canonical({ b: [{ d: 1, c: null }], a: 'x' })).toBe(canonical({ a: 'x', b: [{ c: null, d: 1 }] }));
    expect(canonical({ a: [1, 2] })).not.toBe(canonical({ a: [2, 1] }));
    expect(canonical({ a: 1 })).not.toBe(canonical({ a: '1' }));
  });

  it('reads digits of three scripts and writes Persian letters', () => {
    expect(asciiDigits('۱۲٣4')).toBe('1234');
    expect(persianText('  كفش علي مى‌آيد ')).toBe('کفش علی می‌آید');
  });
});
