import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

/** What was translated before, by the digest of its source. */
const cache = new URL('../node_modules/.cache/load-typescript/', import.meta.url);

/**
 * Lets a process of its own run sources as they are, before any build:
 * `node --conditions=@rodpo/source --import @rodpo/testing/load-typescript main.ts`.
 */
export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const source = await translated(await readFile(new URL(url), 'utf8'));
  return { format: 'module', source, shortCircuit: true };
}

async function translated(text) {
  const name = createHash('sha256').update(text).digest('hex');
  const file = fileURLToPath(new URL(`${name}.js`, cache));
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return known;
  const { default: ts } = await import('typescript');
  const { ModuleKind, ScriptTarget } = ts;
  const compilerOptions = {
    module: ModuleKind.ESNext,
    target: ScriptTarget.ES2022,
    verbatimModuleSyntax: true,
  };
  const { outputText } = ts.transpileModule(text, { compilerOptions });
  await mkdir(cache, { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, outputText);
  await rename(partial, file);
  return outputText;
}

// Node runs these hooks in a thread of their own, which loads this file too.
if (isMainThread) register(import.meta.url);
