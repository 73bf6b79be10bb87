import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { refusals } from './financing.refusals.js';

const here = import.meta.dirname;
const sources = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.endsWith('financing.refusals.ts')).map((file) => readFileSync(join(here, file), 'utf8')).join('\n');
const refused = new Set([...sources.matchAll(/refuse\('([a-z-]+)'/g)].map(([, reason]) => reason));

// That a slice's reasons are all in the table is checked by its type; here that the table holds nothing else.
describe('the refusal table', () => {
  it.each(Object.entries(refusals))('%s is refused somewhere, and says what and how in both languages', (reason, [, fa, en]) => {
    expect(refused).toContain(reason);
    expect(fa).toMatch(/[\u0600-\u06ff].*\.$/u);
    expect(en).toMatch(/^[A-Z].*\.$/);
  });
});
