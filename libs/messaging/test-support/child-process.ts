import { spawn } from 'node:child_process';
import { join } from 'node:path';

const here = join(process.cwd(), 'libs/messaging/test-support');

/** Starts child.ts and resolves once it consumes. Its errors go to our stderr. */
export const startChild = async (env: NodeJS.ProcessEnv): Promise<{ kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> }> => {
  const { NODE_OPTIONS: _jestOnly, ...rest } = env;
  const child = spawn(process.execPath, ['--conditions=source', '--import', join(here, 'ts-loader.mjs'), join(here, 'child.ts')], { env: rest, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text) => String(text).includes('ready') && resolve());
    child.once('exit', (code) => reject(new Error(`The child ended with ${code} before it was ready`)));
  });
  return {
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
};
