import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';

const [nx, imports, syntax, properties] = ['@nx/enforce-module-boundaries', 'no-restricted-imports', 'no-restricted-syntax', 'no-restricted-properties'];
const use = (from: string) => `import { x } from '${from}';\nx();\n`;
const inside = (statement: string) => `export const f = async (d: unknown) => {\n  ${statement}\n};\n`;

/** File, text, and the rule it must break; none where the text must pass. */
const planted: [file: string, text: string, rule?: string][] = [
  // who may import whom
  ['apps/orders/src/a.ts', use('@peyvand/financing'), nx],
  ['apps/orders/src/a.ts', use('../../financing/src/index.js'), nx],
  ['apps/orders/src/a.ts', use('@peyvand/testing'), nx],
  ['apps/orders/src/a.ts', use('@peyvand/platform')],
  ['apps/orders/src/a.ts', use('@peyvand/matching')],
  ['apps/orders/src/a.int.spec.ts', use('@peyvand/testing')],
  ['apps/orders/src/a.int.spec.ts', use('@peyvand/financing'), nx],
  ['apps/all-in-one/src/a.ts', use('@peyvand/financing')],
  // services are simulated together where they are put together, and nowhere else
  ['apps/all-in-one/test/simulation/a.ts', use('@peyvand/financing/simulation')],
  ['apps/orders/test/simulation/a.ts', use('@peyvand/financing/simulation'), nx],
  ['libs/kernel/src/a.ts', use('@peyvand/contracts'), nx],
  ['libs/contracts/src/a.ts', use('@peyvand/kernel'), nx],
  ['libs/matching/src/a.ts', use('@peyvand/kernel')],
  ['libs/matching/src/a.ts', use('@peyvand/contracts'), nx],
  ['libs/messaging/src/a.ts', use('@peyvand/platform'), nx],
  ['libs/platform/src/a.ts', use('@peyvand/orders'), nx],
  ['libs/platform/src/a.ts', use('@peyvand/testing'), nx],
  ['libs/platform/src/a.int.spec.ts', use('@peyvand/testing')],
  // one home for each tool
  ['apps/orders/src/submit-order/a.ts', use('typeorm'), imports],
  ['apps/orders/src/store/a.ts', use('typeorm')],
  ['apps/orders/src/store/a.ts', use('kafkajs'), imports],
  ['libs/platform/src/a.ts', use('kafkajs'), imports],
  ['libs/messaging/src/a.ts', use('kafkajs')],
  ['apps/orders/src/a.ts', 'export const port = process.env;\n', properties],
  ['apps/orders/src/orders.config.ts', 'export const port = process.env;\n'],
  // a pure domain
  ['apps/orders/src/domain/a.ts', use('@nestjs/common'), imports],
  ['apps/orders/src/domain/a.ts', use('typeorm'), imports],
  ['apps/orders/src/domain/a.ts', use('pg'), imports],
  ['apps/orders/src/domain/a.ts', use('node:fs'), imports],
  ['apps/orders/src/domain/a.ts', use('node:fs/promises'), imports],
  ['apps/orders/src/domain/a.ts', use('@peyvand/messaging'), imports],
  ['apps/orders/src/domain/a.ts', use('@peyvand/platform'), imports],
  ['apps/orders/src/domain/a.ts', use('../store/order.store.js'), imports],
  ['apps/orders/src/domain/a.ts', use('./b.http.js'), imports],
  ['apps/orders/src/domain/a.ts', use('@peyvand/kernel')],
  ['apps/orders/src/domain/a.ts', inside('await d;'), syntax],
  ['apps/orders/src/domain/a.ts', inside('return Date.now();'), syntax],
  ['apps/orders/src/domain/a.ts', inside('return new Date();'), syntax],
  ['apps/orders/src/domain/a.ts', inside('return new Date(0);')],
  ['apps/orders/src/domain/a.ts', inside('return Math.random();'), syntax],
  ['apps/orders/src/domain/a.ts', inside('return newId();'), syntax],
  ['apps/orders/src/domain/a.spec.ts', inside('return await d;')],
  ['libs/matching/src/a.ts', inside('return Date.now();'), syntax],
  // habits
  ['apps/orders/src/a.ts', 'export default 1;\n', syntax],
  ['apps/orders/src/a.ts', 'export enum A { x }\n', syntax],
  ['apps/orders/src/a.ts', 'export const a = (x: any) => x as string;\n', '@typescript-eslint/no-explicit-any'],
  ['apps/orders/src/a.ts', 'export const a = (x?: string) => x!;\n', '@typescript-eslint/no-non-null-assertion'],
  ['apps/orders/src/a.ts', 'export interface A { x: string }\n', '@typescript-eslint/consistent-type-definitions'],
];

describe('the boundaries', () => {
  let broken: string[][];
  beforeAll(() => {
    const { stdout, stderr } = spawnSync(process.execPath, [new URL('../lint-texts.mjs', import.meta.url).pathname], {
      input: JSON.stringify(planted.map(([file, text]) => ({ file, text }))), encoding: 'utf8', timeout: 50_000,
    });
    const line = stdout.trim().split('\n').at(-1) ?? '';
    if (!line.startsWith('[')) throw new Error(`The linter did not answer: ${stderr.slice(-2_000)}`);
    broken = JSON.parse(line) as string[][];
  });

  it.each(planted.map(([file, text, rule], index) => [rule === undefined ? 'pass' : 'catch', `${file}: ${text.trim().replaceAll('\n', ' ')}`, rule, index] as const))('%s %s', (_verb, _name, rule, index) => {
    expect(broken[index]).toEqual(rule === undefined ? [] : expect.arrayContaining([rule]));
  });
});
