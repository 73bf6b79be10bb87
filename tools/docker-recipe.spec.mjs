import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { imageFlags } from '../docker/image-flags.mjs';
import { copyOf, ignored, recipe, root } from '../docker/recipe.mjs';

const stages = recipe();
const last = stages.at(-1);
const steps = (word) => stages.flatMap((stage) => stage.steps.filter((step) => step.word === word).map(({ rest }) => rest));
const copies = steps('COPY').map(copyOf);

describe('the image', () => {
  it('stands on one pinned long-term release of Node', () => {
    const bases = new Set(stages.map(({ from }) => from));
    expect(bases.size).toBe(1);
    const [, major] = /^node:(\d+)-[a-z]+-slim$/.exec([...bases][0]) ?? [];
    expect(Number(major) % 2).toBe(0);
  });

  it('copies only what exists and what the build context holds', () => {
    const sources = copies.filter(({ from }) => from === undefined).flatMap((copy) => copy.sources);
    expect(sources.filter((source) => !existsSync(join(root, source)) || ignored(source))).toEqual([]);
    expect(copies.filter(({ from }) => from !== undefined && !stages.some(({ name }) => name === from))).toEqual([]);
  });

  it('knows every workspace before it installs: npm ci refuses a lock file with more', () => {
    const workspaces = ['apps', 'libs'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}/package.json`)).filter((path) => existsSync(join(root, path)));
    expect(copies.flatMap(({ sources }) => sources)).toEqual(expect.arrayContaining(workspaces));
  });

  it('is measured as it runs', () => {
    const { bench } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
    expect(imageFlags()).toHaveLength(1);
    expect(bench).toContain(` ${imageFlags()[0]} `);
  });

  it('runs as a number that is not root, and starts Node itself so that signals arrive', () => {
    const users = last.steps.filter(({ word }) => word === 'USER').map(({ rest }) => rest);
    expect(users).toEqual([expect.stringMatching(/^[1-9]\d+:[1-9]\d+$/)]);
    expect(JSON.parse(last.steps.find(({ word }) => word === 'ENTRYPOINT').rest)[0]).toBe('node');
    expect(JSON.parse(last.steps.find(({ word }) => word === 'CMD').rest)).toEqual(['apps/edge/dist/main.js']);
    expect(last.steps.findIndex(({ word }) => word === 'USER')).toBeGreaterThan(last.steps.findLastIndex(({ word }) => word === 'COPY'));
  });

  it('installs from the lock file, without scripts or development packages, and fetches nothing else', () => {
    expect(steps('RUN').filter((command) => /\bnpm\b/.test(command))).toEqual(['npm ci --omit=dev --ignore-scripts']);
    expect([...steps('ADD'), ...steps('RUN').filter((command) => /curl|wget|apt-get/.test(command))]).toEqual([]);
  });

  it.each(['node_modules/pg/index.js', 'apps/orders/dist/main.js', '.git/config', '.peyvand/postgres/PG_VERSION', 'apps/edge/x.log', 'k8s/base/config.yaml'])('leaves %s out of the context', (path) => {
    expect(ignored(path)).toBe(true);
  });
});
