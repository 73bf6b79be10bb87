import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addressOf } from './postgres.js';
import { homeFolderOf } from './postgres-home.js';

/** The address of the Postgres that `npm start` runs with this data folder; undefined when none runs. */
export const runningPostgres = async (dataFolder: string): Promise<string | undefined> => {
  const folder = await homeFolderOf(dataFolder);
  const [lock, password] = [join(folder, 'cluster', 'postmaster.pid'), join(folder, 'password')];
  if (!existsSync(lock) || !existsSync(password)) return undefined;
  // Line 4 of the lock file is the port (the server's source, miscadmin.h).
  const port = Number((await readFile(lock, 'utf8')).split('\n')[3]);
  return addressOf(await readFile(password, 'utf8'), port, 'postgres');
};
