import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { fileSms } from './file-sms.js';

it('appends messages for a gateway to send, readable by their owner only, and reaches nobody without a phone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sms-'));
  const [path, sms] = [join(folder, 'out.jsonl'), fileSms(join(folder, 'out.jsonl'))];
  const message = { partyId: 'p', placeId: 'q', phone: '+989121234567', code: '123456', shipmentId: 's' };
  await sms.send({ ...message, key: 's/1', text: 'کد ۱' });
  await sms.send({ ...message, key: 's/2', text: 'کد ۲' });
  expect((await readFile(path, 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
    { key: 's/1', phone: '+989121234567', text: 'کد ۱' }, { key: 's/2', phone: '+989121234567', text: 'کد ۲' },
  ]);
  expect((await stat(path)).mode & 0o077).toBe(0);
  expect([sms.reaches({}), sms.reaches({ phone: '+989121234567' })]).toEqual([false, true]);
  await rm(folder, { recursive: true });
});
