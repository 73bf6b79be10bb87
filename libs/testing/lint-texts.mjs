// Lints texts as if they stood in the files named: [{ file, text }] on stdin, the rules they break on stdout. In a process of its own,
// because the lint configuration reads the workspace's project graph.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text as whole } from 'node:stream/consumers';
import { ESLint } from 'eslint';

const cwd = join(dirname(fileURLToPath(import.meta.url)), '../..');
process.chdir(cwd);
const eslint = new ESLint({ cwd });
const results = [];
for (const { file, text } of JSON.parse(await whole(process.stdin))) {
  const [result] = await eslint.lintText(text, { filePath: join(cwd, file) });
  results.push((result?.messages ?? []).map((message) => message.ruleId ?? message.message));
}
process.stdout.write(`\n${JSON.stringify(results)}\n`);
