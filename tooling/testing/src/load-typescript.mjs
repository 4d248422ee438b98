import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transform } from 'esbuild';

/**
 * Lets a process run sources as they are, on every Node that the packages support, before any build:
 * `node --conditions=@rodpo/source --import @rodpo/testing/load-typescript main.ts`. Types are taken out
 * when a file is first imported.
 */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const sourcefile = fileURLToPath(url);
  const { code } = await transform(await readFile(sourcefile, 'utf8'), {
    sourcefile,
    loader: 'ts',
    format: 'esm',
    target: 'es2023',
    sourcemap: 'inline',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return { format: 'module', source: code, shortCircuit: true };
}

// Node runs these hooks in a thread of their own, which loads this file too.
if (isMainThread) register(import.meta.url);
