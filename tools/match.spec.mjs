import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { match } from './match.mjs';

let folder;
let said;
const print = (line) => said.push(line);
const run = async (text) => {
  said = [];
  const [from, to] = [join(folder, 'instance.json'), join(folder, 'result.json')];
  await rm(to, { force: true });
  await writeFile(from, text);
  const code = await match(['--in', from, '--out', to], print);
  return { code, result: await readFile(to, 'utf8').then(JSON.parse, () => undefined) };
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peyvand match '));
});
afterAll(() => rm(folder, { recursive: true }));

describe('npm run match', () => {
  it('solves the example of docs/matching.md and checks the result', async () => {
    const [, example] = /```json\n(.*?)```/s.exec(await readFile(new URL('../docs/matching.md', import.meta.url), 'utf8'));
    const { code, result } = await run(example);
    expect(code).toBe(0);
    expect(result).toMatchObject({ quality: { optimal: true }, checked: [], matches: [{ quantity: 1000, terms: { days: 90 }, presentValue: '3927275084' }], unmatched: [] });
    expect(said.join('\n')).toMatch(/optimal/);
  });

  it('lists every fault with its path and writes nothing', async () => {
    const { code, result } = await run('{"asOf":"2026-02-30","lines":[{}],"offers":{}}');
    expect([code, result]).toEqual([1, undefined]);
    expect(said).toEqual(expect.arrayContaining([expect.stringMatching(/^asOf: /), expect.stringMatching(/^lines\[0\]\.quantity: is missing/), expect.stringMatching(/^offers: must be a list/)]));
  });

  it('says what is wrong with the command or the files', async () => {
    said = [];
    expect(await match([], print)).toBe(2);
    expect(await match(['--in', join(folder, 'nowhere.json'), '--out', 'x'], print)).toBe(2);
    expect(await match(['--unknown'], print)).toBe(2);
    expect((await run('not json')).code).toBe(1);
    expect(said[0]).toMatch(/is not JSON/);
  });
});
