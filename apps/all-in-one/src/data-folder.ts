import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { CannotStart } from './cannot-start.js';

/** A start without this much room would die in the middle of something; megabytes. */
const roomNeeded = 400;

export type DataFolder = { readonly path: string; release(): Promise<void> };

/**
 * Makes the folder ours: enough room, writable, and no other process in it.
 * @throws CannotStart with the sentence to show.
 */
export const openDataFolder = async (path: string, address: string): Promise<DataFolder> => {
  await checkRoom(path);
  await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new CannotStart(error.code === 'ENOSPC' ? diskFull(path, 0) : `Cannot make the data folder ${path}: ${error.message}. Set PEYVAND_DATA to a folder you may write to.`);
  });
  const lock = join(path, 'running.json');
  await refuseSecond(lock, path);
  await takeLock(lock, path, address);
  return { path, release: () => rm(lock, { force: true }) };
};

export const diskFull = (path: string, freeMegabytes: number): string =>
  `The disk is full: ${path} has ${freeMegabytes} MB free and Peyvand needs ${roomNeeded} MB. Free some room, or set PEYVAND_DATA to a folder on another disk.`;

const checkRoom = async (path: string): Promise<void> => {
  const { bavail, bsize } = await statfs(nearestExisting(path));
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free < roomNeeded) throw new CannotStart(diskFull(path, free));
};

const nearestExisting = (path: string): string => (existsSync(path) ? path : nearestExisting(dirname(path)));

type Lock = { readonly pid: number; readonly started: string; readonly address: string };

const refuseSecond = async (file: string, path: string): Promise<void> => {
  const lock = await readFile(file, 'utf8').then((text) => JSON.parse(text) as Lock).catch(() => undefined);
  if (lock === undefined) return;
  if (lock.pid !== process.pid && (await isRunning(lock))) {
    throw new CannotStart(`Peyvand already runs from this folder: ${lock.address} (process ${lock.pid}). Stop it with Ctrl-C there, or give this one its own PORT and PEYVAND_DATA (now ${path}).`);
  }
  await rm(file, { force: true });
};

/** A process number is reused after a kill or a reboot, so the start time (Linux) must agree as well. */
const isRunning = async (lock: Lock): Promise<boolean> => {
  try {
    process.kill(lock.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return existsSync('/proc/self/stat') ? (await startedAt(lock.pid)) === lock.started : true;
};

/** Field 22 of /proc/<pid>/stat: clock ticks since boot; empty where there is no /proc. */
const startedAt = async (pid: number): Promise<string> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
};

const takeLock = async (file: string, path: string, address: string): Promise<void> => {
  const lock: Lock = { pid: process.pid, started: await startedAt(process.pid), address };
  try {
    // Exclusive: of two that start in the same moment one loses here.
    const handle = await open(file, 'wx');
    await handle.writeFile(JSON.stringify(lock));
    await handle.close();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new CannotStart(`Another start is taking this folder right now (${path}). Wait for it, or set PEYVAND_DATA.`);
    if (code === 'ENOSPC') throw new CannotStart(diskFull(path, 0));
    if (code === 'EACCES') throw new CannotStart(`The data folder ${path} belongs to another user (${message}). Start as that user, or set PEYVAND_DATA to a folder of your own.`);
    throw error;
  }
};

/** Small values kept beside the cluster (the database's password). */
export const keep = async (file: string, make: () => string): Promise<string> => {
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined && kept !== '') return kept;
  const value = make();
  await writeFile(file, value, { mode: 0o600 });
  return value;
};
