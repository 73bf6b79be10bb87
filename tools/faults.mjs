// npm run faults -- [--runs 10] [--seed 1] [--embedded] [--quick] [--no-shrink] [--control NAME|all]
// Breaks the platform in every way we know while it trades, and checks from outside that nothing is lost, doubled, oversold or forgotten.
import { parseArgs } from 'node:util';
import { build } from './build.mjs';

const usage = `Usage: npm run faults -- [--runs 10] [--seed 1] [--embedded] [--quick] [--no-shrink] [--control NAME|all]
  --runs      how many runs, each under 20 s; run n has the seed S + n - 1
  --seed      S; the same seed makes the same trade and the same faults
  --embedded  everything in one process on the embedded broker; the whole process is what is killed
  --quick     leaves out the sixty business days at the end, after which every order must have come to its own
  --no-shrink when something breaks, does not look for the fewest faults that still break it (ten minutes at most)
  --control   makes one part wrong on purpose and demands that this is noticed; a name that is unknown lists them`;

let options;
try {
  ({ values: options } = parseArgs({ options: { runs: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' }, embedded: { type: 'boolean' }, quick: { type: 'boolean' }, 'no-shrink': { type: 'boolean' }, control: { type: 'string' }, help: { type: 'boolean' } } }));
} catch (error) {
  console.error(`${error.message}\n${usage}`);
  process.exit(2);
}
const [runs, seed] = [Number(options.runs), Number(options.seed)];
if (options.help || !Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed) || seed < 0) {
  console.error(usage);
  process.exit(options.help ? 0 : 2);
}
await build();
if (options.control !== undefined) {
  const { runControl } = await import('../faults/controls.mjs');
  process.exit(await runControl(options.control, seed));
}
const { faults } = await import('../faults/index.mjs');
process.exit((await faults({ runs, seed, embedded: options.embedded === true, settle: options.quick !== true, shorten: options['no-shrink'] !== true })) ? 0 : 1);
