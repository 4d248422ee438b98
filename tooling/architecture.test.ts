import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** What every package may stand on; a closed list, in its own order from the ground up. */
const floor = ['@rodpo/errors', '@rodpo/random', '@rodpo/files', '@rodpo/ops'];

/** What stands on the siblings, from the ground up; a sibling imports none of the others. */
const above = ['@rodpo/recipe'];

/** What stands beside these, from the ground up, on the floor alone: it answers without what trains. */
const beside = ['@rodpo/serving', '@rodpo/service'];

/** Who may depend on whom. Adding an edge is a design decision: make it here, in review. */
const allowedDependencies: Record<string, string[]> = {
  '@rodpo/compile': ['@tensorflow/tfjs-core', 'onnxruntime-node', 'protobufjs'],
  '@rodpo/data': ['@duckdb/node-api'],
  '@rodpo/embeddings': [],
  '@rodpo/encoder': ['@tensorflow/tfjs-core'],
  '@rodpo/errors': [],
  '@rodpo/features': [
    '@huggingface/transformers',
    '@xenova/transformers',
    'entities',
    'hyparquet',
    'ipaddr.js',
    'sharp',
  ],
  '@rodpo/files': [],
  '@rodpo/metrics': [],
  '@rodpo/objectives': ['@tensorflow/tfjs-core'],
  '@rodpo/ops': ['@tensorflow/tfjs-core'],
  '@rodpo/queue': ['bullmq', 'ioredis'],
  '@rodpo/random': [],
  '@rodpo/recipe': [
    '@rodpo/compile',
    '@rodpo/data',
    '@rodpo/embeddings',
    '@rodpo/encoder',
    '@rodpo/metrics',
    '@rodpo/objectives',
    '@rodpo/samplers',
    '@rodpo/trainer',
    '@tensorflow/tfjs-core',
    'usearch',
  ],
  '@rodpo/samplers': ['@tensorflow/tfjs-core'],
  '@rodpo/service': [
    '@hono/node-server',
    '@hono/zod-openapi',
    '@rodpo/serving',
    'hono',
    'onnxruntime-node',
    'pino',
    'prom-client',
    'zod',
  ],
  '@rodpo/serving': ['onnxruntime-node', 'onnxruntime-web', 'usearch'],
  '@rodpo/simulator': ['sharp'],
  '@rodpo/trainer': ['@tensorflow/tfjs-core'],
};

const repository = new URL('../', import.meta.url);
const packages = new URL('packages/', repository);
const manifests = readdirSync(packages).map((directory) => ({
  directory,
  manifest: JSON.parse(readFileSync(new URL(`${directory}/package.json`, packages), 'utf8')),
}));

test('every package is listed here, and every one listed exists', () => {
  expect(manifests.map(({ manifest }) => manifest.name).sort()).toEqual(
    Object.keys(allowedDependencies).sort(),
  );
});

test.each(manifests)('$directory depends only on what the design allows', ({ manifest }) => {
  const runtime = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).sort();
  const isBelow = (name: string) => floorBelow(manifest.name).includes(name);

  expect(runtime.filter((name) => !isBelow(name))).toEqual(allowedDependencies[manifest.name]);
  // The caller chooses the tfjs backend and shares one tfjs-core, so tfjs is a peer.
  expect(Object.keys(manifest.dependencies ?? {}).join()).not.toMatch(/@tensorflow\//);
  // Optional natives (sharp, transformers) are peers as well: nothing native by import.
  expect(Object.keys(manifest.dependencies ?? {}).join()).not.toMatch(/sharp|transformers/);
});

/**
 * All that a package may import: the floor under it, for what stands above, every sibling, and for
 * what stands beside, what stands there before it.
 */
function packagesBelow(name: string): string[] {
  if (beside.includes(name)) return [...floor, ...beside.slice(0, beside.indexOf(name))];
  if (!above.includes(name)) return floorBelow(name);
  const higher = above.slice(above.indexOf(name));
  return Object.keys(allowedDependencies).filter(
    (other) => !higher.includes(other) && !beside.includes(other),
  );
}

/** The floor under a package: all of it, or for a part of the floor what stands before it. */
function floorBelow(name: string): string[] {
  return floor.includes(name) ? floor.slice(0, floor.indexOf(name)) : floor;
}

test.each(manifests)('$directory is packaged like the others', ({ directory, manifest }) => {
  expect(manifest).toMatchObject({
    name: `@rodpo/${directory}`,
    license: 'Apache-2.0',
    type: 'module',
    sideEffects: false,
    files: ['dist', 'src'],
    engines: { node: '>=20.19' },
  });
  expect(manifest.exports['.']).toMatchObject({ '@rodpo/source': './src/index.ts' });
  for (const file of ['README.md', 'src/index.ts', 'test/readme.test.ts', 'tsconfig.build.json']) {
    expect(existsSync(new URL(`${directory}/${file}`, packages)), file).toBe(true);
  }
});

const sources = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, repository)).flatMap((member) => {
    const parts = ['src', 'page'].map((part) => `${folder}/${member}/${part}`);
    return parts
      .filter((part) => existsSync(new URL(part, repository)))
      .flatMap((part) =>
        readdirSync(new URL(part, repository), { recursive: true, encoding: 'utf8' })
          .filter((path) => /\.tsx?$/.test(path))
          .map((path) => ({ file: `${part}/${path}`, folder })),
      );
  }),
);

test.each(sources)('$file stays short and imports only what it may', ({ file, folder }) => {
  const text = readFileSync(new URL(file, repository), 'utf8');

  expect(text.split('\n').length).toBeLessThanOrEqual(300);
  if (folder === 'packages') expect(importsAbove(file, text)).toEqual([]);
  expect(text).not.toMatch(/export \* from/); // the list of names is the API
  expect(functionsLongerThan(60, file, text)).toEqual([]);
});

/** Packages of ours that a source imports although they do not stand below it. */
function importsAbove(file: string, text: string): string[] {
  const below = packagesBelow(`@rodpo/${file.split('/')[1]}`);
  const imported = [...text.matchAll(/(?:from|import\() ?'(@rodpo\/[\w-]+)/g)].map(
    ([, name]) => name!,
  );
  return imported.filter((name) => !below.includes(name));
}

test('an import of a sibling is found, one of the floor is not', () => {
  const text = "import { a } from '@rodpo/data';\nexport { b } from '@rodpo/files';";

  expect(importsAbove('packages/trainer/src/a.ts', text)).toEqual(['@rodpo/data']);
  expect(importsAbove('packages/random/src/a.ts', text)).toEqual(['@rodpo/data', '@rodpo/files']);
  expect(importsAbove('packages/trainer/src/a.ts', "await import('@rodpo/encoder')")).toEqual([
    '@rodpo/encoder',
  ]);
  expect(importsAbove('packages/recipe/src/a.ts', text)).toEqual([]);
  expect(importsAbove('packages/recipe/src/a.ts', "from '@rodpo/serving'")).toEqual([
    '@rodpo/serving',
  ]);
  expect(importsAbove('packages/serving/src/a.ts', text)).toEqual(['@rodpo/data']);
  expect(importsAbove('packages/service/src/a.ts', text)).toEqual(['@rodpo/data']);
  expect(importsAbove('packages/service/src/a.ts', "from '@rodpo/serving'")).toEqual([]);
  expect(importsAbove('packages/serving/src/a.ts', "from '@rodpo/service'")).toEqual([
    '@rodpo/service',
  ]);
  expect(importsAbove('packages/data/src/a.ts', "from '@rodpo/recipe'")).toEqual(['@rodpo/recipe']);
});

test.each([...new Set(sources.map(({ file }) => file.split('/').slice(0, 2).join('/')))])(
  'no two folders of %s need each other',
  (member) => {
    const edges = sources
      .filter(({ file }) => file.startsWith(`${member}/`))
      .flatMap(({ file }) => folderEdges(file, readFileSync(new URL(file, repository), 'utf8')));

    expect(cyclesOf(edges)).toEqual([]);
  },
);

type Edge = readonly [from: string, to: string];

/** From the folder of a source to those that it imports from; files in `src` itself stand alone. */
function folderEdges(file: string, text: string): Edge[] {
  const folderOf = (path: string) => path.split('/').slice(3)[0]!;
  const own = folderOf(file);
  return [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)]
    .map(([, path]) => folderOf(new URL(path!, `file:///${file}`).pathname.slice(1)))
    .filter((other) => other !== own)
    .map((other) => [own, other] as const);
}

/** Folders from which one can come back to themselves. */
function cyclesOf(edges: readonly Edge[]): string[] {
  const reachable = (from: string) => {
    const seen = new Set<string>();
    const open = [from];
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      for (const [own, other] of edges) {
        if (own !== folder || seen.has(other)) continue;
        seen.add(other);
        open.push(other);
      }
    }
    return seen;
  };
  const folders = new Set(edges.map(([own]) => own));
  return [...folders].filter((folder) => reachable(folder).has(folder)).sort();
}

test('folders that need each other are found, whatever is between', () => {
  const edges: Edge[] = [
    ...folderEdges('packages/x/src/a/b/c.ts', "import type { D } from '../../d/e.ts';"),
    ...folderEdges('packages/x/src/d/e.ts', "import { f } from '../f.ts';"),
  ];

  expect(edges).toEqual([
    ['a', 'd'],
    ['d', 'f.ts'],
  ]);
  expect(cyclesOf(edges)).toEqual([]);
  expect(cyclesOf([...edges, ['f.ts', 'a']])).toEqual(['a', 'd', 'f.ts']);
});

test('functions are measured with their nested ones, whatever their kind', () => {
  const lines = '\n'.repeat(3);
  const text = `function declared() {${lines}}
const arrow = () => {${lines}};
const expression = function () {${lines}};
class Thing { constructor() {${lines}} method() {${lines}} get value() {${lines}} }
function outer() { return () => {${lines}}; }`;

  expect(functionsLongerThan(3, 'a.ts', text)).toHaveLength(8);
  expect(functionsLongerThan(4, 'a.ts', text)).toEqual([]);
});

const files = listFiles();

test.skipIf(!files)('the top level holds what it should and nothing else', () => {
  expect([...new Set(files!.map((file) => file.split('/')[0]))].sort()).toEqual([
    '.changeset',
    '.ci',
    '.github',
    '.gitignore',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'apps',
    'bench',
    'docs',
    'package.json',
    'packages',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'tooling',
    'tsconfig.base.json',
    'turbo.json',
  ]);
});

test.skipIf(!files)('no file names a path of one machine, nor a registry', () => {
  const isLocal = /\/(work|root)\/|\/tmp\/peer|tarball: ?http/;
  const local = files!.flatMap((file) => {
    const text = readFileSync(new URL(file, repository), 'utf8');
    if (text.includes('\0')) return []; // not a text
    return text
      .split('\n')
      .flatMap((line, index) => (isLocal.test(line) ? `${file}:${index + 1}` : []));
  });

  expect(local).toEqual([]);
});

/** `file:line (length lines)` of every function whose body is longer than `limit` lines. */
function functionsLongerThan(limit: number, file: string, text: string): string[] {
  const kind = file.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, kind);
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const first = lineOf(node.body.getStart(source));
      const length = lineOf(node.body.end) - first + 1;
      if (length > limit) found.push(`${file}:${first} (${length} lines)`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Every file that git tracks or would add; undefined where there is no git to ask. */
function listFiles(): string[] | undefined {
  try {
    const options = ['--cached', '--others', '--exclude-standard', '-z'];
    const listed = execFileSync('git', ['ls-files', ...options], {
      cwd: repository,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    // A file deleted but not yet committed is listed still.
    return listed.split('\0').filter((file) => file && existsSync(new URL(file, repository)));
  } catch {
    return undefined;
  }
}
