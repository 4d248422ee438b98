import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import * as huggingFace from '@huggingface/transformers';
import { loadTransformers } from '@rodpo/features';
import * as xenova from '@xenova/transformers';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';
import { writeModel } from './write-model.ts';

test('the successor is taken first, another one by name or as a module', async () => {
  expect((await loadTransformers()).env).toBe(huggingFace.env);
  expect((await loadTransformers('@xenova/transformers')).env).toBe(xenova.env);
  expect(await loadTransformers(xenova)).toBe(xenova);
});

describe('where not everything is installed', () => {
  const folder = temporaryFolder();
  const sources = ['load-transformers', 'transformers', 'transformers-not-found-error'];
  beforeAll(async () => {
    const files = sources.map(async (name) => {
      const source = new URL(`../../src/transformers/${name}.ts`, import.meta.url);
      return [`${name}.js`, javaScript(await readFile(source, 'utf8'))];
    });
    await writeModel(folder(), {
      'package.json': { type: 'module' },
      ...Object.fromEntries(await Promise.all(files)),
    });
    await writeModel(folder('node_modules/@rodpo/errors'), await compiledErrors());
  });

  const fake = (version: string) =>
    new TextEncoder().encode(
      `export const env = { version: '${version}' }, Tensor = {}, AutoTokenizer = {};
       export const AutoModel = { from_pretrained() {} };`,
    );
  const load = async (preferred = '') => {
    const script = `import { loadTransformers } from './load-transformers.js';
      try { console.log((await loadTransformers(${preferred})).env.version); }
      catch (error) { console.log(error.name + ': ' + error.message); }`;
    const options = ['--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: folder() });
    return stdout.trim();
  };

  test('neither: says what to install', async () => {
    expect(await load()).toBe(
      'TransformersNotFoundError: A neural model needs one of @huggingface/transformers, ' +
        '@xenova/transformers, and none is installed. They are optional peers: `npm install ' +
        '@huggingface/transformers`, or take a descriptor without weights.',
    );
    expect(await load("'@xenova/transformers'")).toMatch(
      /^Error: Could not load @xenova\/transformers\..*npm install @xenova\/transformers/,
    );
  });

  test('only the older: it is taken; a broken successor is not passed over', async () => {
    await writeModel(folder('node_modules/@xenova/transformers'), {
      'package.json': { name: '@xenova/transformers', type: 'module', exports: './index.js' },
      'index.js': fake('2.17.2'),
    });
    expect(await load()).toBe('2.17.2');

    await writeModel(folder('node_modules/@huggingface/transformers'), {
      'package.json': { name: '@huggingface/transformers', type: 'module', exports: './index.js' },
      'index.js': new TextEncoder().encode("throw new Error('no native code for this machine')"),
    });
    expect(await load()).toMatch(/^Error: .*It is installed but does not work here/);
  });
});

/** The floor that they stand on, which brings no optional peer. */
async function compiledErrors(): Promise<Record<string, object | Uint8Array>> {
  const sources = new URL('../../../errors/src/', import.meta.url);
  const files = await readdir(sources);
  const compiled = files.map(async (name) => {
    const text = await readFile(new URL(name, sources), 'utf8');
    return [name.replace(/\.ts$/, '.js'), javaScript(text)] as const;
  });
  return {
    'package.json': { name: '@rodpo/errors', type: 'module', exports: './index.js' },
    ...Object.fromEntries(await Promise.all(compiled)),
  };
}

function javaScript(source: string): Uint8Array {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      rewriteRelativeImportExtensions: true,
    },
  });
  return new TextEncoder().encode(outputText);
}
