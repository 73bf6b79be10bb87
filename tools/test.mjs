// npm test: everything, in the order in which a mistake is cheapest to learn of. Runs all steps even after a failure, and ends in one
// summary. CI=true (or PEYVAND_STRICT=true) makes a skip a failure: there everything must have run.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const strict = [process.env.CI, process.env.PEYVAND_STRICT].includes('true');
const scratch = mkdtempSync(join(tmpdir(), 'peyvand-npm-test-'));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(root, 'node_modules', 'jest', 'bin', 'jest.js')];

const steps = [
  { name: 'lint', run: () => plain(bin('eslint'), ['.', '--cache', '--cache-location', 'node_modules/.cache/eslint/']) },
  { name: 'types', run: () => plain(bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']) },
  { name: 'build', run: () => plain(process.execPath, ['tools/build.mjs']) },
  { name: 'generated files', needs: 'tools/generate.mjs', run: () => plain(process.execPath, ['tools/generate.mjs', '--check']) },
  { name: 'manifests', needs: 'tools/k8s-check.mjs', run: () => plain(process.execPath, ['tools/k8s-check.mjs']) },
  { name: 'unit and slice specs', run: () => specs('specs', ['--testPathIgnorePatterns', '/node_modules/', '/dist/', '\\.e2e\\.spec\\.']) },
  // One at a time: each starts whole platforms.
  { name: 'journeys', run: () => specs('journeys', ['--runInBand', '--testPathPatterns', '\\.e2e\\.spec\\.']) },
];

const began = Date.now();
const [first, second, ...rest] = steps;
// Each of these two needs one core.
const results = await Promise.all([first, second].map(carriedOut));
for (const step of rest) results.push(await carriedOut(step));
rmSync(scratch, { recursive: true, force: true });
process.exitCode = summarise(results);

async function carriedOut(step) {
  console.log(`\n── ${step.name}`);
  const from = Date.now();
  const missing = step.needs !== undefined && !existsSync(join(root, step.needs));
  const outcome = missing ? { passed: 0, failed: 0, skipped: [`${step.name}: ${step.needs} is missing`] } : await step.run();
  return { name: step.name, seconds: (Date.now() - from) / 1000, ...outcome };
}

function summarise(all) {
  const sum = (field) => all.reduce((total, result) => total + result[field], 0);
  const skipped = all.flatMap((result) => result.skipped);
  console.log('\n── summary');
  for (const { name, seconds, passed, failed, skipped: left } of all) {
    console.log(`${failed > 0 ? 'FAILED ' : left.length > 0 ? 'skipped' : 'ok     '} ${name.padEnd(22)} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed ${String(left.length).padStart(3)} skipped ${seconds.toFixed(1).padStart(7)} s`);
  }
  for (const failure of all.flatMap((result) => result.failures ?? [])) console.log(`  failed: ${failure}`);
  for (const name of skipped) console.log(`  skipped: ${name}`);
  if (skipped.length > 0) console.log(strict ? 'CI: nothing may be skipped here, so this run has failed.' : 'Something was skipped (see above). Java and Maven, or KAFKA_BROKERS, bring the Kafka specs in; CI=true makes a skip a failure.');
  console.log(`everything in ${Math.floor((Date.now() - began) / 60_000)} min ${Math.round(((Date.now() - began) % 60_000) / 1000)} s`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${skipped.length} skipped`);
  return sum('failed') > 0 || (strict && skipped.length > 0) ? 1 : 0;
}

/** A tool that is right or wrong as a whole counts as one test. */
async function plain(command, args) {
  const code = await exitOf(command, args);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] };
}

async function specs(name, args) {
  const report = join(scratch, `${name}.json`);
  const code = await exitOf(process.execPath, [...jest, '--json', `--outputFile=${report}`, '--passWithNoTests', ...args], 'ignore');
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: [], failures: [`${name}: jest ended (code ${code}) without a report`] };
  const { testResults, numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
  const tests = testResults.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: relative(root, file.name) })));
  const of = (...status) => tests.filter((test) => status.includes(test.status)).map((test) => `${test.file} › ${test.fullName}`);
  const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).map((file) => `${relative(root, file.name)} did not run`);
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  // Jest may also end badly with every test green (a coverage or teardown fault): never call that a pass.
  return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed, skipped: of('pending', 'todo', 'disabled', 'skipped'), failures: [...of('failed'), ...broken] };
}

function exitOf(command, args, stdout = 'inherit') {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', stdout, 'inherit'] });
    child.once('error', (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.once('close', resolve);
  });
}
