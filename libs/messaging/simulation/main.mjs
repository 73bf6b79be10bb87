// npm run simulate -- [--schedules 100000] [--seed 1] [--variant NAME]
import { parseArgs } from 'node:util';
import '../test-support/ts-loader.mjs';

const { values } = parseArgs({ options: { schedules: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' }, variant: { type: 'string' } } });
const [schedules, seed] = [Number(values.schedules), Number(values.seed)];
const { variants } = await import('./broken.ts');
const { search, shrink, storyOf } = await import('./search.ts');
const variant = values.variant === undefined ? {} : variants[values.variant];
if (!Number.isInteger(schedules) || schedules < 1 || !Number.isInteger(seed) || variant === undefined) {
  console.error(`Usage: npm run simulate -- [--schedules 100000] [--seed 1] [--variant ${Object.keys(variants).join('|')}]`);
  process.exit(2);
}
const before = process.cpuUsage();
const found = await search(seed, schedules, variant, (done) => done % 10_000 === 0 && console.log(`${done} schedules, nothing broken`));
const { user, system } = process.cpuUsage(before);
if (found === undefined) console.log(`${schedules} schedules from seed ${seed}: nothing broken, ${((user + system) / 1e3 / schedules).toFixed(2)} CPU ms each`);
else console.log(await storyOf(await shrink(found.schedule, variant), variant));
process.exit(found === undefined ? 0 : 1);
