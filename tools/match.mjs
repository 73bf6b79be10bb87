// npm run match -- --in instance.json --out result.json: allocates a market from a file. Format: docs/matching.md.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';

const usage = 'Usage: npm run match -- --in instance.json --out result.json';

/** Answers the exit code: 0 solved, 1 the instance has faults, 2 the command or a file is wrong. */
export async function match(args, print = console.error) {
  const { in: from, out: to } = readArguments(args);
  if (!from || !to) return fail(print, usage);
  let text;
  try {
    text = await readFile(from, 'utf8');
  } catch (error) {
    return fail(print, `Cannot read ${from}: ${error.message}`);
  }
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    print(`${from} is not JSON: ${error.message}`);
    return 1;
  }
  await build();
  const { InstanceFaults, readInstance, solveMarket, verifyAllocation } = await import('@peyvand/matching');
  try {
    const instance = readInstance(value);
    const started = performance.now();
    const allocation = solveMarket(instance);
    const milliseconds = Math.round(performance.now() - started);
    const checked = verifyAllocation(instance, allocation);
    await writeFile(to, `${JSON.stringify({ ...allocation, checked, milliseconds }, undefined, 2)}\n`);
    print(summary(instance, allocation, checked, milliseconds));
    return checked.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof InstanceFaults) {
      for (const { path, code, message } of error.faults) print(`${path}: ${message} (${code})`);
      print(`${error.faults.length} fault(s) in ${from}; nothing was solved.`);
      return 1;
    }
    return fail(print, `Cannot write ${to}: ${error.message}`);
  }
}

function readArguments(args) {
  try {
    return parseArgs({ args, options: { in: { type: 'string' }, out: { type: 'string' } } }).values;
  } catch {
    return {};
  }
}

function fail(print, sentence) {
  print(sentence);
  return 2;
}

function summary({ lines, offers }, { matches, unmatched, quality, cost, work }, checked, milliseconds) {
  const quantity = (rows) => rows.reduce((sum, row) => sum + row.quantity, 0).toLocaleString('en');
  return [
    `${lines.length} lines × ${offers.length} offers, ${work.arcs} allowed pairs in ${work.components} parts: ${milliseconds} ms`,
    `${quantity(matches)} units in ${matches.length} matches, ${quantity(unmatched)} units of ${unmatched.length} lines unmatched`,
    `landed cost ${BigInt(cost.landed).toLocaleString('en')} rials at present value`,
    quality.optimal ? 'optimal' : `gap at most ${BigInt(quality.gap.rials).toLocaleString('en')} rials (${(quality.gap.ratio * 100).toFixed(3)} %)`,
    ...(checked.length === 0 ? ['checked: the result stands'] : checked.map((fault) => `CHECK FAILED: ${fault}`)),
  ].join('\n');
}

if (import.meta.main ?? process.argv[1]?.endsWith('match.mjs')) process.exitCode = await match(process.argv.slice(2));
