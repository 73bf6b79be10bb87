// One version per family, pinned: versions of these lag behind each other, and two copies of a framework in one process do not know each other.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const versionsOf = (name) => [...new Set(Object.entries(lock).filter(([path, entry]) => path.endsWith(`node_modules/${name}`) && entry.version !== undefined).map(([, entry]) => entry.version))];

describe('dependencies', () => {
  it('are pinned to exact versions', () => {
    const loose = Object.entries({ ...own.dependencies, ...own.devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(loose).toEqual([]);
  });

  it.each([
    ['@nestjs/core', '12.5.1'], ['@nestjs/common', '12.5.1'], ['@nestjs/platform-fastify', '12.5.0'], ['@nestjs/microservices', '12.1.1'], ['@nestjs/testing', '12.1.1'],
    ['typeorm', '1.1.1'], ['pg', '8.23.1'], ['kafkajs', '2.2.4'], ['rxjs', '7.8.2'], ['reflect-metadata', '0.2.2'], ['zod', '4.6.7'], ['nx', '23.2.1'], ['@nx/eslint-plugin', '23.2.1'], ['typescript', '6.0.3'], ['jest', '30.5.2'],
  ])('%s is here once, at %s', (name, version) => expect(versionsOf(name)).toEqual([version]));
});
