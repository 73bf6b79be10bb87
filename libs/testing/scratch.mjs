import { chmod, mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A new folder that any user may enter: under root Postgres runs as another user, and TMPDIR may lie in a home folder. PEYVAND_SCRATCH says
 * where instead.
 * @param {string} prefix
 * @returns {Promise<string>}
 */
export const scratchFolder = async (prefix) => {
  const folder = await mkdtemp(join(process.env.PEYVAND_SCRATCH ?? (process.getuid?.() === 0 ? '/tmp' : tmpdir()), prefix));
  await chmod(folder, 0o755);
  return folder;
};

/**
 * Memory that serves as a disk, where there is enough of it (a container often has 64 MB): a database is 500 files, and some disks take
 * a millisecond for each.
 * @returns {Promise<string | undefined>}
 */
export const diskInMemory = async () => {
  const { bavail, bsize } = await statfs('/dev/shm').catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= 6 * 1024 ** 3 ? '/dev/shm' : undefined;
};
