import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { build } from './build.mjs';

// Threads run compiled files, so this asks a process of its own.
const program = `
  import { allocateBare, crewOf, faultsOfBare } from '@peyvand/matching';
  import { retailMarket } from './bench/matching/retail-market.mjs';
  const market = retailMarket({ lines: 6_000, offers: 5_000, seed: 3 });
  const crew = crewOf(2);
  const alone = allocateBare(market);
  const same = [1, 2, 3].map(() => crew.allocate(market)).map((found) => Object.keys(alone).every((name) => Buffer.compare(Buffer.from(found[name].buffer), Buffer.from(alone[name].buffer)) === 0));
  // Helpers that are gone leave everything to the caller.
  await crew.dismiss();
  const deserted = crew.allocate(market, 50);
  console.log(JSON.stringify({ same, deserted: faultsOfBare(market, deserted).length, matched: deserted.units.some((units) => units > 0) }));
`;

it('a crew answers to the last bit what one thread does, with its helpers or without', async () => {
  await build();
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: new URL('..', import.meta.url) });
  expect(JSON.parse(stdout)).toEqual({ same: [true, true, true], deserted: 0, matched: true });
});
