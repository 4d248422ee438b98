import { fileURLToPath } from 'node:url';
import { type BuildFailure, build } from 'esbuild';
import { expect, test } from 'vitest';

/** Every module that an entry point reaches, as a bundler for browsers finds them. */
async function modulesOf(entry: string) {
  const { metafile, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../src/${entry}`, import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@rodpo/source'],
    external: ['onnxruntime-web/*'],
    logLevel: 'silent',
  });
  return { modules: Object.keys(metafile.inputs), code: outputFiles[0]!.text };
}

test('what browsers load reaches nothing of Node', async () => {
  const { modules, code } = await modulesOf('web.ts');

  expect(modules.filter((path) => /\bnode_modules\b/.test(path))).toEqual([]);
  expect(modules.some((path) => path.endsWith('scan/exact-scan.ts'))).toBe(true); // shared, not copied
  expect(code).not.toMatch(/\b(Buffer|process|__dirname|require)\b\s*[.(]/);
  expect(code).toMatch(/import\("onnxruntime-web\/wasm"\)/);
});

test('an import of Node would be noticed', async () => {
  const failure: BuildFailure = await modulesOf('index.ts').then(
    () => expect.fail('it was bundled'),
    (error) => error,
  );

  expect(failure.errors.map(({ text }) => text)).toContain('Could not resolve "node:fs/promises"');
});
