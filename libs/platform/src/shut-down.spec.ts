import { describe, expect, it } from '@jest/globals';
import { shutDown } from './shut-down.js';

describe('closing', () => {
  it('goes in order, over failures and over what hangs, within its time', async () => {
    const closed: string[] = [];
    const wrong: string[] = [];
    const step = (name: string, close: () => Promise<unknown> = async () => {}) => ({ name, close: () => { closed.push(name); return close(); } });
    const started = performance.now();
    await shutDown([
      step('http'), step('hangs', () => new Promise(() => {})), step('fails', async () => { throw new Error('no'); }), step('hangs again', () => new Promise(() => {})), step('database'),
    ], 600, (name, reason) => wrong.push(`${name}: ${reason}`));
    expect(closed).toEqual(['http', 'hangs', 'fails', 'hangs again', 'database']);
    expect(wrong).toEqual([expect.stringMatching(/^hangs: not closed within/), 'fails: no', expect.stringMatching(/^hangs again: not closed within/)]);
    expect(performance.now() - started).toBeLessThan(900);
  });
});
