// Replicas of the release before go on serving while a migration has run (docs/operators/kubernetes.md): what they use must still be there.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const takesAway = /\bdrop\s+(table|column|index|constraint)\b|\brename\b|\bset\s+not\s+null\b|\btruncate\b/i;

/** What the `up` of each migration in a source does that a release before could not live with. */
const taken = (source) => source.split(/async up\(/).slice(1).flatMap((rest) => rest.split(/async down\(/)[0].split('\n').filter((line) => takesAway.test(line)).map((line) => line.trim()));

const packages = ['apps', 'libs'].flatMap((kind) => readdirSync(join(root, kind)).map((name) => join(kind, name, 'src')));
const paths = packages.flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).filter((path) => path.endsWith('.ts')).map((path) => join(folder, path)));
const sources = paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]).filter(([, text]) => text.includes('implements MigrationInterface'));

describe('migrations', () => {
  it('only add to what the release before uses', () => {
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.flatMap(([path, text]) => taken(text).map((line) => `${path}: ${line}`))).toEqual([]);
  });

  it('are read as they are: what takes away is seen, and only on the way up', () => {
    const planted = "async up(runner) { await runner.query('alter table matches drop column abandoned'); }\n async down(runner) { await runner.query('drop table x'); }";
    expect(taken(planted)).toHaveLength(1);
  });
});
