import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const home = fileURLToPath(new URL('../../', import.meta.url));

const compilerOptions: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2022,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

/**
 * The sources and some test files as JavaScript, for processes of their own: every Node runs them,
 * and no build need come first. Lies where the package's dependencies are found.
 *
 * @returns a folder, for the caller to remove
 */
export async function compiledPackage(testFiles: readonly string[]): Promise<string> {
  const cache = join(home, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'compiled-'));
  const sources = (await readdir(join(home, 'src'), { recursive: true })).filter((file) =>
    file.endsWith('.ts'),
  );
  for (const file of [...sources.map((source) => join('src', source)), ...testFiles]) {
    const text = await readFile(join(home, file), 'utf8');
    const target = join(folder, file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, ts.transpileModule(text, { compilerOptions }).outputText);
  }
  const { name, type, exports } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
  const compiled = Object.entries<{ '@rodpo/source'?: string }>(exports).flatMap(
    ([path, { '@rodpo/source': source }]) =>
      source ? [[path, source.replace(/\.ts$/, '.js')]] : [],
  );
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name, type, exports: Object.fromEntries(compiled) }),
  );
  return folder;
}
