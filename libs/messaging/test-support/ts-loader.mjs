// Lets a child process of a test run TypeScript sources as they are: node --conditions=source --import <this file> child.ts
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url, pathToFileURL('./'));

export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (specifier.startsWith('.') && specifier.endsWith('.js')) return next(specifier.replace(/\.js$/, '.ts'), context);
    throw error;
  }
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { transformSync } = await import('@swc/core');
  const swc = JSON.parse(readFileSync(new URL('../../../.swcrc', import.meta.url), 'utf8'));
  const { code } = transformSync(readFileSync(fileURLToPath(url), 'utf8'), { ...swc, swcrc: false, sourceMaps: 'inline', filename: fileURLToPath(url) });
  return { format: 'module', shortCircuit: true, source: code };
}
