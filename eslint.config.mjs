// Boundaries and habits that review should not have to look for. No rule here needs types, so a whole run takes seconds.
import nx from '@nx/eslint-plugin';
import { createProjectGraphAsync } from 'nx/src/devkit-exports.js';
import tseslint from 'typescript-eslint';

// Without the project graph the boundary rule warns and lets everything pass. The daemon would outlive the lint.
process.env.NX_DAEMON = 'false';
await createProjectGraphAsync({ exitOnError: false, resetDaemonClient: true });

const tag = (name) => `type:${name}`;
const may = (source, ...targets) => ({ sourceTag: tag(source), onlyDependOnLibsWithTags: targets.map(tag) });

/** Who may import whom, by the tags in each package.json. `extra` is added for specs. */
const boundaries = (...extra) => ['error', {
  enforceBuildableLibDependency: false,
  allow: [],
  // A library's specs run it as services do, with the testing library, which is built on it.
  ignoredCircularDependencies: [['@peyvand/testing', '@peyvand/platform'], ['@peyvand/testing', '@peyvand/messaging']],
  depConstraints: [
    may('kernel', ...extra),
    may('contracts', ...extra),
    may('matching', 'kernel', ...extra),
    may('scoring', 'kernel', ...extra),
    may('messaging', 'kernel', 'contracts', ...extra),
    may('platform', 'kernel', 'contracts', 'messaging', ...extra),
    may('testing', 'kernel', 'contracts', 'messaging', 'platform', ...extra),
    may('service', 'kernel', 'contracts', 'messaging', 'platform', 'matching', 'scoring', ...extra),
    { sourceTag: tag('composition'), onlyDependOnLibsWithTags: ['*'] },
  ],
}];

const typeorm = { group: ['typeorm', 'typeorm/*'], message: 'TypeORM lives in store/ and in libs/messaging and libs/platform: slices speak SQL through tx.' };
const kafka = { group: ['kafkajs', '@platformatic/kafka'], message: 'Only libs/messaging knows a Kafka client.' };
const impure = {
  // node:crypto stays for createHash, which is a function of its input; what is random in it is caught below.
  regex: '^(@nestjs/|typeorm|pg$|node:(?!crypto$)|fs$|undici|pino|fastify|@peyvand/(messaging|platform|testing)|\\.\\./(store|ports)/|.*\\.(http|consumer|module|config)\\.js$)',
  message: 'domain/ is pure: no framework, database, files or network. Pass values in.',
};
/** What stands beside the product to try it out. */
const trials = ['**/*.spec.ts', '**/*.fixture.ts', 'apps/*/test/**/*.ts', 'bench/**/*.ts'];
const imports = (...patterns) => ['error', { patterns }];

const noDefault = { selector: 'ExportDefaultDeclaration', message: 'Export by name, so that every use can be found.' };
const noEnum = { selector: 'TSEnumDeclaration', message: 'A union of strings says the same and needs no code.' };
const unrepeatable = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'domain/ is told the time.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'domain/ is told the time.' },
  { selector: "CallExpression[callee.name='Date']", message: 'domain/ is told the time.' },
  { selector: "MemberExpression[object.name='performance']", message: 'domain/ is told the time.' },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'domain/ is told what is random.' },
  { selector: "CallExpression[callee.name=/^(newId|randomUUID|randomBytes)$/]", message: 'domain/ is given its ids.' },
  { selector: 'AwaitExpression', message: 'domain/ waits for nothing.' },
];

export default tseslint.config(
  { ignores: ['**/node_modules/**', '**/dist/**', '.nx/**', '.peyvand/**', 'coverage/**', '**/*.generated.ts', '**/*.js'] },
  {
    files: ['apps/*/{src,test}/**/*.{ts,tsx}', 'libs/*/src/**/*.ts', 'libs/messaging/simulation/**/*.ts', 'bench/**/*.ts', 'examples/**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@typescript-eslint': tseslint.plugin, '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      'no-restricted-imports': imports(typeorm, kafka),
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'The environment is read in *.config.ts only.' }],
      'no-restricted-syntax': ['error', noDefault, noEnum],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['**/store/**/*.ts', 'libs/platform/src/**/*.ts', 'libs/testing/src/**/*.ts', ...trials], rules: { 'no-restricted-imports': imports(kafka) } },
  { files: ['libs/messaging/{src,simulation}/**/*.ts'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['**/*.config.ts', ...trials], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['apps/*/src/**/domain/**/*.ts', 'libs/matching/src/**/*.ts', 'libs/scoring/src/**/*.ts'],
    ignores: trials,
    rules: { 'no-restricted-imports': imports(impure, typeorm, kafka), 'no-restricted-syntax': ['error', noDefault, noEnum, ...unrepeatable] },
  },
  // The one place of the pure engine that knows of threads.
  { files: ['libs/matching/src/crew*.ts'], rules: { 'no-restricted-imports': imports(typeorm, kafka), 'no-restricted-syntax': ['error', noDefault, noEnum, ...unrepeatable.slice(0, -1)] } },
  { files: trials, rules: { '@nx/enforce-module-boundaries': boundaries('kernel', 'contracts', 'testing', 'messaging', 'platform') } },
);
