// OR-tools beside us: a Python process that keeps the arrays and solves them when asked. Absent Python or ortools is said, never hidden.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('rival.py', import.meta.url));

/** The reason why there is no such arm here, or undefined where there is one. */
export function whyNoOrtools() {
  const { status, error, stderr } = spawnSync('python3', ['-c', 'import numpy; from ortools.graph.python import min_cost_flow'], { encoding: 'utf8' });
  if (error) return `no python3 (${error.message})`;
  return status === 0 ? undefined : `python3 has no ortools (pip install ortools): ${stderr.trim().split('\n').at(-1)}`;
}

/** Hands the market over in binary files; `solve()` answers milliseconds of building and of solving, processor time and the objective. */
export async function startOrtools(market) {
  const folder = mkdtempSync(join(tmpdir(), 'peyvand-bench-matching-'));
  for (const [name, array] of Object.entries(market)) writeFileSync(join(folder, `${name}.bin`), Buffer.from(array.buffer, array.byteOffset, array.byteLength));
  const python = spawn('python3', [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await answers.next();
    if (done) throw new Error('OR-tools ended before it answered');
    return JSON.parse(value);
  };
  const { version } = await answer();
  return {
    version,
    solve: () => {
      python.stdin.write('solve\n');
      return answer();
    },
    stop: () => {
      python.stdin.end();
      python.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
