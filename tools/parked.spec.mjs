import { describe, expect, it } from '@jest/globals';
import { parked } from './parked.mjs';

const run = async (...args) => {
  const said = [];
  return { code: await parked(args, (line) => said.push(line)), text: said.join('\n') };
};

describe('npm run parked', () => {
  it.each([
    [[]], [['lst']], [['list', '--service', 'nobody']], [['redrive', '--service', 'orders', '--group', 'orders']], [['redrive', '--service', 'orders', '--group', 'orders', '--all', '--id', 'x']],
    [['discard', '--service', 'orders', '--group', 'orders', '--id', 'x']], [['show', '--service', 'orders', '--unknown']],
  ])('%j: says how it is used and asks nobody', async (args) => {
    expect(await run(...args)).toEqual({ code: 2, text: expect.stringContaining('Usage: npm run parked') });
  });

  it('says that nobody answers there', async () => {
    expect(await run('list', '--url', 'http://127.0.0.1:9')).toEqual({ code: 1, text: expect.stringMatching(/127\.0\.0\.1:9 does not answer .*Is the platform running there/) });
  });
});
