import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const compilerOptions: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2022,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

interface Manifest {
  readonly name: string;
  readonly type: string;
  readonly exports: Readonly<Record<string, string | { readonly '@rodpo/source'?: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * A package, the packages of ours that it stands on, and some of its test files as JavaScript, for
 * processes of their own: every Node runs them, and no build need come first. Lies where the
 * package's other dependencies are found.
 *
 * @param home the package's folder
 * @param others packages of ours that the test files import beside, by name
 * @returns a folder, for the caller to remove
 */
export async function compiledPackage(
  home: URL,
  testFiles: readonly string[],
  others: readonly string[] = [],
): Promise<string> {
  const source = fileURLToPath(home);
  const cache = join(source, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'compiled-'));
  for (const file of testFiles) await compileFile(source, folder, file);
  const dependencies = join(folder, 'node_modules');
  await compileAll(source, folder, dependencies);
  for (const name of others) {
    await compileAll(join(source, 'node_modules', name), join(dependencies, name), dependencies);
  }
  return folder;
}

async function compileAll(source: string, target: string, dependencies: string): Promise<void> {
  for (const name of await compileSources(source, target)) {
    await compileAll(join(source, 'node_modules', name), join(dependencies, name), dependencies);
  }
}

/** @returns the names of the packages of ours that it stands on */
async function compileSources(source: string, target: string): Promise<string[]> {
  const files = await readdir(join(source, 'src'), { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    await compileFile(source, target, join('src', file));
  }
  const text = await readFile(join(source, 'package.json'), 'utf8');
  const { name, type, exports, dependencies = {} }: Manifest = JSON.parse(text);
  const compiled = Object.entries(exports).flatMap(([path, entry]) => {
    const main = typeof entry === 'string' ? undefined : entry['@rodpo/source'];
    return main ? [[path, main.replace(/\.ts$/, '.js')]] : [];
  });
  const manifest = { name, type, exports: Object.fromEntries(compiled) };
  await writeFile(join(target, 'package.json'), JSON.stringify(manifest));
  return Object.keys(dependencies).filter((dependency) => dependency.startsWith('@rodpo/'));
}

async function compileFile(source: string, target: string, file: string): Promise<void> {
  const text = await readFile(join(source, file), 'utf8');
  const to = join(target, file.replace(/\.ts$/, '.js'));
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, ts.transpileModule(text, { compilerOptions }).outputText);
}
