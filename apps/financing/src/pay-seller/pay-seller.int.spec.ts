import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { shebaOf } from '@peyvand/kernel';
import { aTrade, type Trade } from '../../test/trade.js';

describe('paying by file, which takes hours', () => {
  let t: Trade;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bank-'));
    process.env['BANK_FOLDER'] = folder;
    t = await aTrade();
  });
  afterEach(async () => {
    delete process.env['BANK_FOLDER'];
    await t?.app.close();
    await rm(folder, { recursive: true });
  });
  const answer = (line: string) => appendFile(join(folder, 'statement.csv'), `${line}\n`);

  it('waits for the statement without parking, asks once, and goes on when it is there', async () => {
    await answer(`${shebaOf('012', '777')},verified,${t.ids.seller}`);
    await t.app.clock.advance({ hours: 1 });
    await t.limit(t.people.bankA);
    const { caseId } = await t.bought();
    await t.app.clock.advance({ hours: 9 });
    expect(await t.stage(caseId)).toBe('assigned');
    const lines = (await readFile(join(folder, 'payments.csv'), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(1);
    await answer(`${lines[0]?.split(',')[0]},done,REF-1`);
    await t.app.clock.advance({ hours: 1 });
    expect(await t.stage(caseId)).toBe('bought');
    expect(await t.app.sql('select bank_ref from payments')).toEqual([{ bank_ref: 'REF-1' }]);
    expect(await t.app.parked()).toEqual([]);
  });
});
