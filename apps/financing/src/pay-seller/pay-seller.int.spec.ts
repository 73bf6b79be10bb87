import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addDays, dayOf, shebaOf } from '@peyvand/kernel';
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

  it('the paper goes back to the seller also when the bank refuses only after maturity, and the debtor is asked then', async () => {
    await answer(`${shebaOf('012', '777')},verified,${t.ids.seller}`);
    await t.app.clock.advance({ hours: 1 });
    await t.limit(t.people.bankA);
    const caseId = await t.invoice(await t.match(), { dueOn: addDays(dayOf(t.app.clock.now()), 2) });
    await t.ok(t.accept((await t.draw(caseId)).instrumentId));
    const bidId = await t.bid(t.people.bankA, caseId, 2300);
    await t.ok(t.people.seller.post(`/api/financing/cases/${caseId}/choose`, { bidId }));
    await t.app.clock.advance({ days: 3 });
    expect(await t.stage(caseId)).toBe('assigned');
    const lines = (await readFile(join(folder, 'payments.csv'), 'utf8')).trim().split('\n');
    await answer(`${lines[0]?.split(',')[0]},refused,account-blocked`);
    await t.app.clock.advance({ hours: 2 });
    expect(await t.app.parked()).toEqual([]);
    expect(await t.stage(caseId)).toBe('due');
    expect(await t.app.sql('select holder_id from cases')).toEqual([{ holder_id: t.ids.seller }]);
  });
});
