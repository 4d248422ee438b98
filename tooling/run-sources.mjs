/**
 * Runs TypeScript sources as they are, on every Node that the packages support:
 *
 *   node --conditions=@rodpo/source --import ./tooling/run-sources.mjs apps/pipeline/src/main.ts run
 *
 * Types are taken out when a file is first imported, so nothing has to be built. What is published is
 * built by `pnpm build`.
 */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transform } from 'esbuild';

// Hooks run in a thread of their own, which imports this file again.
if (isMainThread) register(import.meta.url);

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const sourcefile = fileURLToPath(url);
  const text = await readFile(sourcefile, 'utf8');
  const { code } = await transform(text, {
    sourcefile,
    loader: 'ts',
    format: 'esm',
    target: 'es2023',
    sourcemap: 'inline',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return { format: 'module', source: code, shortCircuit: true };
}
