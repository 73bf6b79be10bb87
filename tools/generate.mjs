// Writes what is generated from the contracts: libs/contracts/schemas, docs/events.md, docs/asyncapi.json.
// --check changes nothing and fails when a file differs from a fresh generation.
// A schema that breaks its committed version is refused; --unreleased overwrites it (only while no version was ever released).
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [check, unreleased] = ['--check', '--unreleased'].map((flag) => process.argv.includes(flag));

await build();
const { asyncApiOf, eventsTable, factContracts, incompatibilities, jsonSchemaOf } = await import('@peyvand/contracts');

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const files = new Map([
  ...factContracts.map((contract) => [`libs/contracts/schemas/${contract.name}.v1.json`, json(jsonSchemaOf(contract))]),
  ['docs/events.md', eventsTable(factContracts)],
  ['docs/asyncapi.json', json(asyncApiOf(factContracts))],
]);

const faults = [];
for (const [path, text] of files) {
  const present = existsSync(join(root, path)) ? await readFile(join(root, path), 'utf8') : undefined;
  if (present === text) continue;
  const broken = present !== undefined && path.includes('/schemas/') ? incompatibilities(JSON.parse(present), JSON.parse(text)) : [];
  if (broken.length > 0 && !unreleased) faults.push(`${path} breaks its version; make a new version of the fact instead:\n${broken.map((one) => `    ${one}`).join('\n')}`);
  else if (check) faults.push(`${path} is ${present === undefined ? 'missing' : 'stale'}; run npm run generate and commit it`);
  else await write(path, text);
}

const schemas = join(root, 'libs/contracts/schemas');
for (const file of existsSync(schemas) ? await readdir(schemas) : []) {
  if (files.has(`libs/contracts/schemas/${file}`)) continue;
  if (unreleased && !check) await rm(join(schemas, file));
  else faults.push(`libs/contracts/schemas/${file}: its fact is gone; a released fact is never removed`);
}

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(check ? `${files.size} generated files are fresh` : `${files.size} files are up to date`);

async function write(path, text) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  console.log(`wrote ${path}`);
}
