import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { day } from '@peyvand/kernel';
import { licenceSource } from '../producers.config.js';
import { FileAuthority } from './file-authority.js';

describe('the issuers’ list as a file', () => {
  let folder: string;
  let authority: FileAuthority;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'licences-'));
    const path = join(folder, 'list.csv');
    await writeFile(path, '\ufeffkind,number,nationalId,validUntil,status\noperation,الف-۱۲/۳,14003014143,2027-03-20,active\noperation,B-1,14003014143,1406/12/29,active\nguild,C-1,2298002096,2027-01-01,revoked\nguild,D-1,2298002096,soon,active\n');
    authority = new FileAuthority(path);
  });
  afterAll(() => rm(folder, { recursive: true }));
  const ask = (number: string, nationalId = '14003014143', kind: 'operation' | 'guild' = 'operation') => authority.ask({ reference: 'r', kind, number, nationalId, validUntil: day('2030-01-01') });

  it.each([
    ['by its number, however it is typed', 'الف ۱۲ ۳', '14003014143', 'operation', { answer: 'confirmed', validUntil: '2027-03-20' }],
    ['with a Jalali date', 'b1', '14003014143', 'operation', { answer: 'confirmed', validUntil: '2028-03-19' }],
    ['not of another holder', 'B-1', '2298002096', 'operation', { answer: 'refused', reason: 'other-holder' }],
    ['not of another kind', 'B-1', '14003014143', 'guild', { answer: 'refused', reason: 'unknown-number' }],
    ['not when it is revoked', 'C-1', '2298002096', 'guild', { answer: 'refused', reason: 'not-active' }],
  ] as const)('confirms a licence %s', async (_name, number, nationalId, kind, answer) => {
    expect(await ask(number, nationalId, kind)).toEqual([answer]);
  });

  it('keeps the question open when the list is faulty', async () => {
    await expect(ask('D-1', '2298002096', 'guild')).rejects.toThrow('D-1');
    await expect(new FileAuthority(join(folder, 'none.csv')).ask({ reference: 'r', kind: 'guild', number: '1', nationalId: '1', validUntil: day('2030-01-01') })).rejects.toThrow('none.csv');
  });

  it('is what production needs: simulators are refused there', () => {
    expect(licenceSource(false, {})).toEqual({ kind: 'simulator' });
    expect(licenceSource(true, { LICENCES: 'file', LICENCES_FILE: '/lists/licences.csv' })).toEqual({ kind: 'file', path: '/lists/licences.csv' });
    expect(() => licenceSource(true, {})).toThrow('LICENCES');
    expect(() => licenceSource(true, { LICENCES: 'simulator' })).toThrow('not for production');
    expect(() => licenceSource(false, { LICENCES: 'file' })).toThrow('LICENCES_FILE');
  });
});
