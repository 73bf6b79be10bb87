// npm run bench -- <name> [arguments]: builds, then runs bench/<name>/index.mjs and prints what it answers.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from './build.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'bench');
const [name, ...args] = process.argv.slice(2);
const known = readdirSync(folder).filter((one) => existsSync(join(folder, one, 'index.mjs')));
if (name === undefined || !known.includes(name)) {
  console.error(`${name === undefined ? 'Which bench?' : `There is no bench "${name}".`} npm run bench -- ${known.join(' | ')}`);
  process.exit(1);
}
await build();
const bench = await import(pathToFileURL(join(folder, name, 'index.mjs')).href);
const result = await (bench.run ?? bench.default)(args);
if (result !== undefined) console.log(JSON.stringify(result, (_key, value) => (typeof value === 'bigint' ? String(value) : value), 2));
process.exit(process.exitCode ?? 0);
