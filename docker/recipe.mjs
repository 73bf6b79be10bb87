// Reads docker/Dockerfile without an engine. `recipe()` answers its stages; `node docker/recipe.mjs <folder>` carries out every step but
// the base images and leaves the last stage's files in <folder>: proof that the steps work, and a root for tools that want one.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The stages in order: { name, from, steps: [{ word, rest }] }. */
export function recipe(text = readFileSync(join(root, 'docker', 'Dockerfile'), 'utf8')) {
  const stages = [];
  for (const line of text.replaceAll('\\\n', ' ').split('\n').map((one) => one.trim()).filter((one) => one !== '' && !one.startsWith('#'))) {
    const [, word, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (word === undefined) throw new Error(`Not understood: ${line}`);
    if (word === 'FROM') {
      const [from, , name] = rest.split(/\s+/);
      stages.push({ from, name: name ?? String(stages.length), steps: [] });
    } else stages.at(-1)?.steps.push({ word, rest });
  }
  return stages;
}

/** The sources, the target and the stage of a COPY. */
export const copyOf = (rest) => {
  const words = rest.split(/\s+/);
  const flags = words.filter((word) => word.startsWith('--'));
  const paths = words.filter((word) => !word.startsWith('--'));
  return { from: flags.find((flag) => flag.startsWith('--from='))?.slice(7), sources: paths.slice(0, -1), target: paths.at(-1) };
};

/** Whether the build context leaves this path out (docker/Dockerfile.dockerignore; `name` and `**` + `/name` patterns, `*` in names). */
export const ignored = (path) => patterns().some((pattern) => (pattern.startsWith('**/')
  ? path.split('/').some((part) => matches(part, pattern.slice(3)))
  : path === pattern || path.startsWith(`${pattern}/`)));

const patterns = () => readFileSync(join(root, 'docker', 'Dockerfile.dockerignore'), 'utf8').split('\n').map((line) => line.trim()).filter(Boolean);
const matches = (name, pattern) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(name);

function build(target) {
  const folders = new Map();
  const made = recipe().map(({ name, steps }) => {
    const stage = mkdtempSync(join(tmpdir(), `peyvand-image-${name}-`));
    folders.set(name, stage);
    let at = '/';
    for (const { word, rest } of steps) {
      if (word === 'WORKDIR') mkdirSync(join(stage, (at = resolve(at, rest))), { recursive: true });
      if (word === 'COPY') copy(copyOf(rest), stage, at, folders);
      if (word === 'RUN') run(rest, join(stage, at));
    }
    return stage;
  });
  const last = made.at(-1);
  cpSync(last, target, { recursive: true, verbatimSymlinks: true });
  for (const stage of made) rmSync(stage, { recursive: true, force: true });
}

function copy({ from, sources, target }, stage, at, folders) {
  const origin = from === undefined ? root : folders.get(from);
  const to = join(stage, resolve(at, target));
  for (const source of sources) {
    const path = join(origin, source);
    const into = statSync(path).isFile() && (target.endsWith('/') || sources.length > 1) ? join(to, basename(source)) : to;
    mkdirSync(dirname(into), { recursive: true });
    cpSync(path, into, { recursive: true, verbatimSymlinks: true, filter: (one) => from !== undefined || !ignored(relative(root, one)) });
  }
}

function run(command, cwd) {
  console.log(`RUN ${command}`);
  const { status } = spawnSync('sh', ['-c', command], { cwd, stdio: 'inherit' });
  if (status !== 0) throw new Error(`ended with ${status}: ${command}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [target] = process.argv.slice(2);
  if (target === undefined || existsSync(target)) throw new Error('Usage: node docker/recipe.mjs <folder that does not exist>');
  build(resolve(target));
  console.log(`${target} holds the image's files`);
}
