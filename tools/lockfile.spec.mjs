import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));

// `npm ci` refuses a lock file that lacks one, even where it would never be installed: a package for another system that the registry
// did not serve while the lock was written disappears from it silently.
it('the lock file names every optional package of every package, for all systems', () => {
  const known = (from, name) => {
    for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
      if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true;
      if (at === '') return false;
    }
  };
  const missing = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) => Object.keys(optionalDependencies).filter((name) => !known(from, name)));
  expect([...new Set(missing)]).toEqual([]);
});
