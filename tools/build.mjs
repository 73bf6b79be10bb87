// Compiles every app and library with swc: one file in, one file out, only what changed since the last build.
// Types are checked by `npm run typecheck`; a start must not wait for them.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Brings every dist/ up to date; answers how many files were written. */
export async function build() {
  const packages = (await Promise.all(['apps', 'libs'].map(async (d) =>
    (await readdir(join(root, d))).map((name) => join(root, d, name))))).flat().filter((p) => existsSync(join(p, 'src')));
  const stale = (await Promise.all(packages.map(staleFiles))).flat();
  if (stale.length === 0) return 0;
  const swc = await import('@swc/core');
  await Promise.all(stale.map(async ({ from, to }) => {
    await mkdir(dirname(to), { recursive: true });
    if (!from.endsWith('.ts')) return copyFile(from, to);
    const { code, map } = await swc.transformFile(from, { configFile: join(root, '.swcrc'), sourceFileName: relative(dirname(to), from) });
    await writeFile(`${to}.map`, map);
    await writeFile(to, `${code}\n//# sourceMappingURL=${to.slice(dirname(to).length + 1)}.map\n`);
  }));
  return stale.length;
}

async function staleFiles(pkg) {
  const [src, dist] = [join(pkg, 'src'), join(pkg, 'dist')];
  const files = (await readdir(src, { recursive: true, withFileTypes: true }))
    .filter((e) => e.isFile() && !/\.spec\.ts$/.test(e.name)).map((e) => join(e.parentPath ?? e.path, e.name));
  await removeOrphans(dist, new Set(files.map((f) => target(f, src, dist))));
  const stale = await Promise.all(files.map(async (from) => {
    const to = target(from, src, dist);
    const built = await stat(to).catch(() => undefined);
    return built && built.mtimeMs >= (await stat(from)).mtimeMs ? [] : [{ from, to }];
  }));
  return stale.flat();
}

const target = (from, src, dist) => join(dist, relative(src, from)).replace(/\.ts$/, '.js');

/** A source that was deleted must not live on as a compiled file. */
async function removeOrphans(dist, wanted) {
  if (!existsSync(dist)) return;
  const built = (await readdir(dist, { recursive: true, withFileTypes: true })).filter((e) => e.isFile() && !e.name.endsWith('.map'));
  await Promise.all(built.map((e) => join(e.parentPath ?? e.path, e.name)).filter((f) => !wanted.has(f)).map((f) => rm(f)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const started = Date.now();
  console.log(`${await build()} files compiled in ${Date.now() - started} ms`);
}
