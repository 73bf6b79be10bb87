import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDataFolder } from './data-folder.js';

describe('the data folder', () => {
  let base: string;
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'peyvand data '));
  });
  afterAll(() => rm(base, { recursive: true, force: true }));

  it('is taken, and free again afterwards', async () => {
    const path = join(base, 'one', 'deep');
    const folder = await openDataFolder(path, 'http://127.0.0.1:1');
    expect(JSON.parse(await readFile(join(path, 'running.json'), 'utf8'))).toMatchObject({ pid: process.pid, address: 'http://127.0.0.1:1' });
    await folder.release();
    await (await openDataFolder(path, 'http://127.0.0.1:2')).release();
  });

  it('is refused while another process runs from it', async () => {
    const path = join(base, 'two');
    await (await openDataFolder(path, 'http://127.0.0.1:1')).release();
    const stat = await readFile(`/proc/${process.ppid}/stat`, 'utf8').catch(() => '');
    await writeFile(join(path, 'running.json'), JSON.stringify({ pid: process.ppid, started: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '', address: 'http://127.0.0.1:8080' }));
    await expect(openDataFolder(path, 'http://127.0.0.1:3')).rejects.toThrow(/already runs from this folder: http:\/\/127\.0\.0\.1:8080/);
  });

  it('is taken over from a process that was killed, even when its number lives on in another', async () => {
    const path = join(base, 'three');
    await (await openDataFolder(path, 'http://127.0.0.1:1')).release();
    await writeFile(join(path, 'running.json'), JSON.stringify({ pid: process.ppid, started: 'another time', address: 'http://127.0.0.1:8080' }));
    await (await openDataFolder(path, 'http://127.0.0.1:4')).release();
  });
});
