import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, shebaOf } from '@peyvand/kernel';
import { BankFile } from './bank-file.js';

describe('banks by file', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'bank-'))));
  afterEach(() => rm(folder, { recursive: true }));
  const order = () => ({ paymentId: newId(), fromSheba: shebaOf('056', '1'), toSheba: shebaOf('012', '2'), amount: '4147202489', debtorId: newId() });

  it('writes an order once, also after a restart, and waits for the statement', async () => {
    const one = order();
    expect(await new BankFile(folder).pay(one)).toEqual({ outcome: 'pending' });
    expect(await new BankFile(folder).pay(one)).toEqual({ outcome: 'pending' });
    expect(await readFile(join(folder, 'payments.csv'), 'utf8')).toBe(`${one.paymentId},pay,${one.fromSheba},${one.toSheba},4147202489\n`);
  });

  it('reads the answer by payment id', async () => {
    const [done, refused] = [order(), order()];
    await appendFile(join(folder, 'statement.csv'), `${done.paymentId}, done, REF-1\n\n${refused.paymentId},refused,insufficient-funds\n`);
    expect(await new BankFile(folder).collect(done)).toEqual({ outcome: 'done', bankRef: 'REF-1' });
    expect(await new BankFile(folder).collect(refused)).toEqual({ outcome: 'refused', reason: 'insufficient-funds' });
  });

  it('takes an account only on the treasury’s word for this party', async () => {
    const [sheba, party] = [shebaOf('012', '2'), newId()];
    expect(await new BankFile(folder).verifyAccount(sheba, party)).toEqual({ verified: 'pending' });
    await appendFile(join(folder, 'statement.csv'), `${sheba},verified,${party}\n`);
    expect(await new BankFile(folder).verifyAccount(sheba, party)).toEqual({ verified: true });
    expect(await new BankFile(folder).verifyAccount(sheba, newId())).toMatchObject({ verified: false });
  });
});
